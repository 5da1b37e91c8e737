#include <fmt/format.h>

#include "bench/peers.h"

#ifdef ENTENTE_BENCH_REDIS

#include <hiredis/hiredis.h>

#include <chrono>
#include <thread>

#include "bench/child.h"
#include "bench/give_up.h"

namespace entente::bench {
namespace {

std::vector<std::string> Command(const std::string& program, const std::string& directory,
                                 std::uint16_t port) {
  return {program,
          "--port",
          std::to_string(port),
          "--bind",
          "127.0.0.1",
          "--dir",
          directory,
          "--appendonly",
          "yes",
          "--save",
          "",
          "--daemonize",
          "no",
          "--appendfsync",
          "always",
          "--no-appendfsync-on-rewrite",
          "no"};
}

class Redis final : public Contender {
 public:
  Redis(const std::string& program, const std::filesystem::path& directory, std::size_t open)
      : port_(FreePort()),
        child_(Command(program, directory.string(), port_), (directory / "output").string()),
        open_(open) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (true) {
      redis_.reset(redisConnect("127.0.0.1", port_));
      if (redis_ && redis_->err == 0) return;
      if (!child_.running() || std::chrono::steady_clock::now() > deadline) {
        GiveUp("redis-server does not answer");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }

  void Append(const Chunk& chunk) override {
    for (const auto& bodies : chunk.bodies) {
      for (const std::string& body : bodies) {
        const std::array<const char*, 5> words = {"XADD", "log", "*", "e", body.data()};
        const std::array<std::size_t, 5> sizes = {4, 3, 1, 1, body.size()};
        // hiredis of Debian 12 takes the words as pointers to non-const.
        redisAppendCommandArgv(redis_.get(), 5, const_cast<const char**>(words.data()),
                               sizes.data());
        ++unanswered_;
      }
      // Sends what was appended; reads replies once enough are open.
      int done = 0;
      while (done == 0) {
        if (redisBufferWrite(redis_.get(), &done) != REDIS_OK) GiveUp("redis: cannot send");
      }
      AwaitFewerThan(open_);
    }
    AwaitFewerThan(1);
  }

 private:
  void AwaitFewerThan(std::size_t open) {
    while (unanswered_ >= open) {
      void* reply = nullptr;
      if (redisGetReply(redis_.get(), &reply) != REDIS_OK || reply == nullptr) {
        GiveUp("redis: no reply");
      }
      const bool failed = static_cast<redisReply*>(reply)->type == REDIS_REPLY_ERROR;
      freeReplyObject(reply);
      if (failed) GiveUp("redis refused an XADD");
      --unanswered_;
    }
  }

  struct Free {
    void operator()(redisContext* context) const { redisFree(context); }
  };
  std::uint16_t port_;
  Child child_;
  std::size_t open_;
  std::size_t unanswered_ = 0;
  std::unique_ptr<redisContext, Free> redis_;
};

}  // namespace

Result<std::unique_ptr<Contender>> StartRedis(const std::filesystem::path& directory,
                                              std::size_t open_events) {
  const std::string program = FindProgram("redis-server");
  if (program.empty()) return Fail(Reason::kNotFound, "", "", "redis-server is not installed");
  return std::unique_ptr<Contender>(new Redis(program, directory, open_events));
}

}  // namespace entente::bench

#else

namespace entente::bench {

Result<std::unique_ptr<Contender>> StartRedis(const std::filesystem::path&, std::size_t) {
  return Fail(Reason::kNotFound, "", "", "built without libhiredis-dev");
}

}  // namespace entente::bench

#endif
