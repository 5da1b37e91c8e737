// A bare ZeroMQ ROUTER in a process of its own: what connections cost whoever answers on them.
#pragma once

#include <sys/types.h>

#include <string>

namespace entente::bench {

// Answers each message with an empty one. Dies with us.
class BareRouter {
 public:
  // By fork(2): before this process has threads.
  BareRouter();
  ~BareRouter();
  BareRouter(const BareRouter&) = delete;
  BareRouter& operator=(const BareRouter&) = delete;

  const std::string& endpoint() const { return endpoint_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  std::string endpoint_;
};

}  // namespace entente::bench
