#include "services/ingest/service.h"

#include <fmt/format.h>
#include <google/protobuf/arena.h>

#include <atomic>
#include <map>
#include <optional>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "bus/loop.h"
#include "bus/router.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/log.pb.h"
#include "log/log.h"
#include "services/ingest/admit.h"
#include "services/ingest/read_log.h"
#include "services/ingest/status.h"
#include "services/ingest/waiting_readers.h"
#include "services/settings/data_directory.h"
#include "services/settings/journal.h"

namespace entente::ingest {
namespace {

using bus::Caller;
using bus::Message;
using bus::MessageType;
using std::chrono::milliseconds;

// Appends waiting for their outcome; the log bounds their bytes.
constexpr std::size_t kAppendsMax = 4'096;
constexpr std::size_t kAppendsOfOneCallerMax = 1'024;
// A reader without a deadline, or with a far one, is answered empty after this.
constexpr milliseconds kReadWaitMax(30'000);
constexpr milliseconds kDrainMax(30'000);

// Where requests are parsed; larger ones take more for a while.
constexpr std::size_t kArenaBlockBytes = 4U << 20;

google::protobuf::ArenaOptions ArenaOver(std::vector<char>& block) {
  google::protobuf::ArenaOptions options;
  options.initial_block = block.data();
  options.initial_block_size = block.size();
  return options;
}

Errors OneError(Reason reason, std::string message) {
  Error error;
  error.reason = reason;
  error.message = std::move(message);
  return {std::move(error)};
}

class IngestService final : public Service {
 public:
  IngestService(Config config, std::unique_ptr<log::Log> log)
      : config_(std::move(config)), log_(std::move(log)) {}
  ~IngestService() override { IngestService::Stop(); }

  // By the thread that starts; the loop takes over with Run.
  Status Bind(zmq::context_t& context) {
    auto router = bus::Router::Bind(
        loop_, context, {config_.listen, config_.allow_plaintext, "ingest"},
        [this](const Caller& caller, const Message& message) { Take(caller, message); });
    if (!router) return Fail(std::move(router.error()));
    router_ = std::move(*router);
    endpoint_ = router_->endpoint();
    loop_.Add(wakeup_, [this] { OnLog(); });
    log_->OnOutcome([this] { wakeup_.Notify(); });
    log_->OnDurable([this](Position) { wakeup_.Notify(); });
    return {};
  }

  void Run() {
    journal_.Info("taking requests",
                  {{"endpoint", endpoint_}, {"position", log_->durable().position.value()}});
    for (const std::string& note : log_->status().notes) journal_.Warn("log", {{"note", note}});
    thread_ = std::thread([this] { loop_.Run(); });
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    stop_asked_ = true;
    wakeup_.Notify();
    thread_.join();
    // Nothing of the log may wake a loop that has gone; the socket flushes what it was given.
    log_.reset();
    loop_.Remove(wakeup_);
    router_.reset();
    journal_.Info("stopped");
  }

  const std::string& endpoint() const override { return endpoint_; }

 private:
  void Take(const Caller& caller, const Message& message) {
    switch (message.header.type) {
      case MessageType::append_request:
        return TakeAppend(caller, message);
      case MessageType::read_log_request:
        return TakeRead(caller, message);
      case MessageType::status_request:
        return TakeStatus(caller, message);
      default:
        return router_->ReplyUnknownType(caller, message.header);
    }
  }

  // ---- append: form here, ids and revisions in the log, the reply once it is durable ----

  void TakeAppend(const Caller& caller, const Message& message) {
    const std::uint64_t correlation = message.header.correlation;
    if (draining_) return Refuse(caller, correlation, Reason::kStopping);
    const auto of_caller = appends_of_.find(caller.identity);
    if (appends_.size() >= kAppendsMax ||
        (of_caller != appends_of_.end() && of_caller->second >= kAppendsOfOneCallerMax)) {
      return Refuse(caller, correlation, Reason::kOverloaded);
    }
    arena_.Reset();
    auto* const request = google::protobuf::Arena::CreateMessage<v1::AppendRequest>(&arena_);
    if (Status parsed = bus::ParseBody(message, request); !parsed) {
      return router_->ReplyError(caller, correlation, {std::move(parsed.error())});
    }
    if (Errors faults = CheckAppend(*request, parties_, vocabulary_); !faults.empty()) {
      journal_.Debug("append refused", {{"correlation", correlation},
                                        {"faults", faults.size()},
                                        {"first", faults.front().ToString()}});
      return router_->ReplyError(caller, correlation, faults);
    }
    const std::uint64_t token = ++last_token_;
    appends_.emplace(token, Appending{caller, correlation});
    ++appends_of_[caller.identity];
    log_->Append(token, *request);
  }

  void ReplyOutcomes() {
    for (log::AppendOutcome& outcome : log_->TakeOutcomes()) {
      const auto it = appends_.find(outcome.token);
      if (it == appends_.end()) continue;
      const Appending append = std::move(it->second);
      appends_.erase(it);
      const auto of_caller = appends_of_.find(append.caller.identity);
      if (--of_caller->second == 0) appends_of_.erase(of_caller);
      if (!outcome.errors.empty()) {
        NoteFailure(append.correlation, outcome.errors.front());
        router_->ReplyError(append.caller, append.correlation, outcome.errors);
        continue;
      }
      journal_.Debug("appended", {{"correlation", append.correlation},
                                  {"events", outcome.events.size()},
                                  {"durable", outcome.durable.value()}});
      log::ToReply(outcome, &reply_);
      router_->Reply(append.caller, MessageType::append_reply, append.correlation, reply_);
    }
  }

  // What the sender can mend is the sender's; the rest is for whoever runs this.
  void NoteFailure(std::uint64_t correlation, const Error& error) const {
    const Code code = Describe(error.reason).code;
    const bool ours = code == Code::kInternal || code == Code::kDataLoss ||
                      error.reason == Reason::kLogReadOnly || error.reason == Reason::kStoreIo;
    if (ours) {
      journal_.Failed("append failed", error);
    } else {
      journal_.Debug("append refused", {{"correlation", correlation}, {"first", error.ToString()}});
    }
  }

  // ---- read ----

  void TakeRead(const Caller& caller, const Message& message) {
    const std::uint64_t correlation = message.header.correlation;
    WaitingReader reader{caller, correlation, {}, {}, {}};
    if (Status parsed = bus::ParseBody(message, &reader.request); !parsed) {
      return router_->ReplyError(caller, correlation, {std::move(parsed.error())});
    }
    if (Status sound = CheckRead(reader.request, *log_); !sound) {
      return router_->ReplyError(caller, correlation, {std::move(sound.error())});
    }
    const milliseconds asked(message.header.time_left_ms);
    const milliseconds wait = asked.count() == 0 ? kReadWaitMax : std::min(asked, kReadWaitMax);
    reader.deadline = Clock::now() + wait;
    AnswerOrWait(std::move(reader));
  }

  void AnswerOrWait(WaitingReader reader) {
    // Taken before the log is read, so that what becomes durable meanwhile wakes the reader.
    const Position durable = log_->durable().position;
    auto reply = ReadLog(reader.request, reader.correlation, *log_);
    if (!reply) {
      journal_.Failed("read failed", reply.error());
      return router_->ReplyError(reader.caller, reader.correlation, {std::move(reply.error())});
    }
    if (*reply) return router_->Reply(reader.caller, std::move(**reply));
    if (draining_) return Refuse(reader.caller, reader.correlation, Reason::kStopping);
    reader.until = std::max(durable.Next(), Position(reader.request.from_position()));
    const Caller caller = reader.caller;
    const std::uint64_t correlation = reader.correlation;
    if (!readers_.Add(std::move(reader))) return Refuse(caller, correlation, Reason::kOverloaded);
    SetReadersTimer();
  }

  void ReplyReached() {
    for (WaitingReader& reader : readers_.TakeReached(log_->durable().position)) {
      AnswerOrWait(std::move(reader));
    }
  }

  void ReplyExpired() {
    readers_timer_.reset();
    const Position durable = log_->durable().position;
    for (const WaitingReader& reader : readers_.TakeExpired(Clock::now())) {
      router_->Reply(reader.caller, EmptyReadReply(reader.request, reader.correlation, durable));
    }
    SetReadersTimer();
  }

  void SetReadersTimer() {
    if (readers_timer_) loop_.Cancel(*std::exchange(readers_timer_, std::nullopt));
    if (const auto next = readers_.next_deadline()) {
      const auto left = std::chrono::ceil<milliseconds>(*next - Clock::now());
      readers_timer_ = loop_.After(std::max(left, milliseconds(0)), [this] { ReplyExpired(); });
    }
  }

  // ---- status, and the end ----

  void TakeStatus(const Caller& caller, const Message& message) {
    router_->Reply(caller, MessageType::status_reply, message.header.correlation,
                   MakeStatus(log_->status(), config_.data.string(), config_.marker));
  }

  void Refuse(const Caller& caller, std::uint64_t correlation, Reason reason) {
    router_->ReplyError(caller, correlation, OneError(reason, std::string(Describe(reason).text)));
  }

  // Something became durable, outcomes are there, or Stop was called.
  void OnLog() {
    ReplyOutcomes();
    ReplyReached();
    if (stop_asked_ && !draining_) Drain();
    if (draining_ && appends_.empty()) loop_.Stop();
  }

  void Drain() {
    draining_ = true;
    journal_.Info("draining", {{"appends", appends_.size()}, {"readers", readers_.size()}});
    for (const WaitingReader& reader : readers_.TakeAll()) {
      Refuse(reader.caller, reader.correlation, Reason::kStopping);
    }
    loop_.After(kDrainMax, [this] {
      journal_.Warn("gave up draining", {{"appends", appends_.size()}});
      loop_.Stop();
    });
  }

  struct Appending {
    Caller caller;
    std::uint64_t correlation = 0;
  };

  const Config config_;
  const settings::Journal journal_{"ingest"};
  const domain::PartyRegistry& parties_ = domain::PartyRegistry::BuiltIn();
  const domain::Vocabulary& vocabulary_ = domain::Vocabulary::BuiltIn();
  bus::Loop loop_;
  bus::Wakeup wakeup_;
  std::unique_ptr<log::Log> log_;
  std::unique_ptr<bus::Router> router_;
  std::string endpoint_;
  std::thread thread_;
  std::atomic<bool> stop_asked_{false};

  // Of the loop's thread.
  bool draining_ = false;
  std::uint64_t last_token_ = 0;
  std::unordered_map<std::uint64_t, Appending> appends_;     // by token
  std::unordered_map<std::string, std::size_t> appends_of_;  // by identity
  // One for all, for their memory.
  v1::AppendReply reply_;
  std::vector<char> arena_block_ = std::vector<char>(kArenaBlockBytes);
  google::protobuf::Arena arena_{ArenaOver(arena_block_)};
  WaitingReaders readers_;
  std::optional<bus::Loop::TimerId> readers_timer_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::Start(const Config& given, zmq::context_t& context) {
  Config config = given;
  auto marker = settings::PrepareDataDirectory(config.data, config.marker);
  if (!marker) return Fail(std::move(marker).error());
  config.marker = *std::move(marker);
  auto log = log::Log::Open(config.data / "log", {});
  if (!log) return Fail(std::move(log.error()));
  auto service = std::make_unique<IngestService>(std::move(config), std::move(*log));
  if (Status bound = service->Bind(context); !bound) return Fail(std::move(bound.error()));
  service->Run();
  return service;
}

}  // namespace entente::ingest
