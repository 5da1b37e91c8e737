#include <fmt/format.h>

#include "bench/peers.h"
#include "bench/replays.h"

#ifdef ENTENTE_BENCH_NATS

#include <nats/nats.h>

#include <chrono>
#include <thread>

#include "bench/child.h"
#include "bench/give_up.h"
#include "bench/race.h"

namespace entente::bench {
namespace {

void Check(natsStatus status, const char* what) {
  if (status != NATS_OK) GiveUp(fmt::format("nats: {}: {}", what, natsStatus_GetText(status)));
}

class Nats final : public Contender {
 public:
  Nats(const std::string& program, const std::filesystem::path& directory, std::size_t open)
      : port_(FreePort()),
        child_({program, "--jetstream", "--store_dir", (directory / "js").string(), "--addr",
                "127.0.0.1", "--port", std::to_string(port_)},
               (directory / "output").string()) {
    const std::string url = fmt::format("nats://127.0.0.1:{}", port_);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (natsConnection_ConnectTo(&connection_, url.c_str()) != NATS_OK) {
      if (!child_.running() || std::chrono::steady_clock::now() > deadline) {
        GiveUp("nats-server does not answer");
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    jsOptions options;
    Check(jsOptions_Init(&options), "options");
    // Publishing waits while so many are not acknowledged.
    options.PublishAsync.MaxPending = static_cast<std::int64_t>(open);
    Check(natsConnection_JetStream(&stream_, connection_, &options), "JetStream");
    jsStreamConfig config;
    Check(jsStreamConfig_Init(&config), "stream");
    const char* subject = "log";
    config.Name = "log";
    config.Subjects = &subject;
    config.SubjectsLen = 1;
    config.Storage = js_FileStorage;
    jsErrCode fault{};
    Check(js_AddStream(nullptr, stream_, &config, nullptr, &fault), "add stream");
  }
  ~Nats() override {
    jsCtx_Destroy(stream_);
    natsConnection_Destroy(connection_);
  }

  void Append(const Chunk& chunk) override {
    for (const auto& bodies : chunk.bodies) {
      for (const std::string& body : bodies) Publish(body);
    }
    AwaitAll();
  }

  void Publish(std::string_view body) {
    Check(js_PublishAsync(stream_, "log", body.data(), static_cast<int>(body.size()), nullptr),
          "publish");
  }

  void AwaitAll() {
    Check(js_PublishAsyncComplete(stream_, nullptr), "complete");
    natsMsgList failed{};
    if (js_PublishAsyncGetPendingList(&failed, stream_) == NATS_OK && failed.Count > 0) {
      GiveUp("nats did not acknowledge all");
    }
  }

  // Reads so many events from the first on.
  void Replay(std::uint64_t events) {
    jsSubOptions options;
    Check(jsSubOptions_Init(&options), "options");
    options.Ordered = true;
    natsSubscription* subscription = nullptr;
    Check(js_SubscribeSync(&subscription, stream_, "log", nullptr, &options, nullptr), "subscribe");
    Check(natsSubscription_SetPendingLimits(subscription, -1, -1), "limits");
    for (std::uint64_t i = 0; i < events; ++i) {
      natsMsg* message = nullptr;
      Check(natsSubscription_NextMsg(&message, subscription, 10'000), "next");
      natsMsg_Destroy(message);
    }
    natsSubscription_Destroy(subscription);
  }

 private:
  std::uint16_t port_;
  Child child_;
  natsConnection* connection_ = nullptr;
  jsCtx* stream_ = nullptr;
};

}  // namespace

Result<std::unique_ptr<Contender>> StartNats(const std::filesystem::path& directory,
                                             std::size_t open_events) {
  const std::string program = FindProgram("nats-server");
  if (program.empty()) return Fail(Reason::kNotFound, "", "", "nats-server is not installed");
  return std::unique_ptr<Contender>(new Nats(program, directory, open_events));
}

Result<double> NatsReplayRate(const std::filesystem::path& directory, const EachBody& bodies) {
  constexpr std::size_t kOpenEvents = 8'000;
  const std::string program = FindProgram("nats-server");
  if (program.empty()) return Fail(Reason::kNotFound, "", "", "nats-server is not installed");
  std::filesystem::create_directories(directory);
  Nats nats(program, directory, kOpenEvents);
  std::uint64_t events = 0;
  bodies([&](std::string_view body) {
    nats.Publish(body);
    ++events;
  });
  nats.AwaitAll();
  const auto begin = std::chrono::steady_clock::now();
  nats.Replay(events);
  return static_cast<double>(events) / SecondsSince(begin);
}

}  // namespace entente::bench

#else

namespace entente::bench {

Result<std::unique_ptr<Contender>> StartNats(const std::filesystem::path&, std::size_t) {
  return Fail(Reason::kNotFound, "", "", "built without libnats-dev");
}

Result<double> NatsReplayRate(const std::filesystem::path&, const EachBody&) {
  return Fail(Reason::kNotFound, "", "", "built without libnats-dev");
}

}  // namespace entente::bench

#endif
