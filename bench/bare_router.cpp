#include "bench/bare_router.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <zmq.hpp>

#include "bench/give_up.h"

namespace entente::bench {
namespace {

[[noreturn]] void Answer(int endpoint_to) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets, 8'192);
  zmq::socket_t router(context, ZMQ_ROUTER);
  router.bind("tcp://127.0.0.1:*");
  const std::string endpoint = router.get(zmq::sockopt::last_endpoint);
  if (::write(endpoint_to, endpoint.data(), endpoint.size()) < 0) ::_exit(1);
  ::close(endpoint_to);
  zmq::message_t identity;
  zmq::message_t message;
  while (true) {
    (void)router.recv(identity);
    (void)router.recv(message);
    router.send(identity, zmq::send_flags::sndmore);
    router.send(zmq::message_t(), zmq::send_flags::none);
  }
}

}  // namespace

BareRouter::BareRouter() {
  std::array<int, 2> ends{};
  if (::pipe(ends.data()) != 0) GiveUp("no pipe");
  pid_ = ::fork();
  if (pid_ < 0) GiveUp("no process");
  if (pid_ == 0) {
    ::close(ends[0]);
    Answer(ends[1]);
  }
  ::close(ends[1]);
  std::array<char, 128> text{};
  const ssize_t size = ::read(ends[0], text.data(), text.size());
  ::close(ends[0]);
  if (size <= 0) GiveUp("the bare router did not start");
  endpoint_.assign(text.data(), static_cast<std::size_t>(size));
  while (!endpoint_.empty() && endpoint_.back() == '\0') endpoint_.pop_back();
}

BareRouter::~BareRouter() {
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

}  // namespace entente::bench
