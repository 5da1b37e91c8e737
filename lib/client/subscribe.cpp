#include <algorithm>
#include <deque>
#include <optional>
#include <random>
#include <utility>

#include <fmt/format.h>

#include "client/client_state.h"
#include "client/resumption.h"
#include "client/settling.h"

namespace entente::client {
namespace {

using bus::MessageType;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLookAtStop(100);
// A sign of life this often finds out soon that the server was restarted and knows us no more.
constexpr milliseconds kSignEvery(2'000);
constexpr milliseconds kPauseFirst(100);
constexpr milliseconds kPauseMax(2'000);
constexpr std::size_t kSettledAtOnce = 100;

Cursor CursorOf(const v1::Change& change) {
  return {Position(change.position()), Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
}

// One subscription until its end. The loop only collects what comes; it is looked at outside of
// it, so that the reader's callback may take its time and call the client.
class Subscribing {
 public:
  Subscribing(Client::State& state, std::unique_ptr<bus::Dealer> connection,
              const v1::SubscribeRequest& request, Settling* settling)
      : state_(state),
        connection_(std::move(connection)),
        resumption_(request),
        settling_(settling) {}

  tl::expected<void, Errors> Run(
      const std::function<bool(const v1::SubscriptionMessage&)>& on_message,
      const std::function<bool()>& stop) {
    const Clock::time_point first_answer_by = Clock::now() + state_.timeout;
    Open();
    while (!stop()) {
      Collect();
      while (!came_.empty()) {
        auto one = std::move(came_.front());
        came_.pop_front();
        if (!one) {
          if (!MayResume(one.error())) return tl::unexpected<Errors>(std::move(one.error()));
          why_lost_ = std::move(one.error());
          OpenAfterPause();
          break;
        }
        if (!PassOn(*one, on_message)) return Close();
        // The reader may have taken long over it: what waits here is no reason to fall silent, nor
        // to go on when no more is wanted.
        Grant();
        if (settling_ != nullptr && settling_->to_send() >= kSettledAtOnce) SendSettled();
        if (stop()) return Close();
      }
      SendSettled();
      Grant();
      if (!resumption_.met() && Clock::now() > first_answer_by) return Unreachable();
      if (Clock::now() > silence_ends_) OpenAnew();
    }
    return Close();
  }

 private:
  milliseconds lease() const { return std::chrono::seconds(resumption_.lease_s()); }

  Clock::time_point NextSign() const {
    return Clock::now() + std::min<milliseconds>(lease() / 3, kSignEvery);
  }

  // Runs the loop until something came, or it is time to look at the clock.
  void Collect() {
    const auto timer = state_.loop.After(kLookAtStop, [this] { state_.loop.Stop(); });
    if (came_.empty()) state_.loop.Run();
    state_.loop.Cancel(timer);
  }

  void Open() {
    silence_ends_ = Clock::now() + lease();
    sign_due_ = NextSign();
    if (settling_ != nullptr) settling_->OnNewSession();
    session_ = connection_->Stream(MessageType::subscribe_request, resumption_.OpenSession(),
                                   [this](tl::expected<bus::Message, Errors> message) {
                                     came_.push_back(Read(std::move(message)));
                                     state_.loop.Stop();
                                   });
  }

  // On a new connection: nothing of the session before can come any more.
  void OpenAnew() {
    connection_->Forget(session_);
    connection_->Reconnect();
    came_.clear();
    Open();
  }

  void OpenAfterPause() {
    const auto timer = state_.loop.After(pause_, [this] { state_.loop.Stop(); });
    state_.loop.Run();
    state_.loop.Cancel(timer);
    pause_ = std::min(2 * pause_, kPauseMax);
    OpenAnew();
  }

  // False: the reader has had enough.
  bool PassOn(const v1::SubscriptionMessage& message,
              const std::function<bool(const v1::SubscriptionMessage&)>& on_message) {
    silence_ends_ = Clock::now() + lease();
    pause_ = kPauseFirst;
    switch (resumption_.Take(message)) {
      case Resumption::Next::kPassOn:
        return on_message(message);
      case Resumption::Next::kSkip:
        if (message.has_heartbeat()) sign_due_ = Clock::now();
        return true;
      case Resumption::Next::kPassOnEnd:
        if (!on_message(message)) return false;
        OpenAfterPause();
        return true;
      case Resumption::Next::kReopen:
        OpenAnew();
        return true;
    }
    return true;
  }

  // Credit for what was passed on; also the sign of life the server asks for, and due before its
  // lease ends when it does not ask because it has so much to say.
  void Grant() {
    const std::uint32_t more = resumption_.TakeGrant();
    if (more == 0 && Clock::now() < sign_due_) return;
    v1::Credit credit;
    credit.set_subscription(session_);
    credit.set_more(more);
    connection_->Tell(MessageType::credit, credit);
    sign_due_ = NextSign();
  }

  // What was handled since, in one request. Its reply says that it is on disk.
  void SendSettled() {
    if (settling_ == nullptr) return;
    const auto batch = settling_->TakeBatch(session_);
    if (!batch) return;
    connection_->Request(
        MessageType::settle_request, batch->request, state_.timeout,
        [this, session = session_,
         number = batch->number](const tl::expected<bus::Message, Errors>& reply) {
          state_.loop.Stop();
          if (session != session_) return;  // it was given up meanwhile
          if (!reply) {
            came_.emplace_back(tl::unexpected<Errors>(reply.error()));
            return;
          }
          v1::SettleReply settled;
          if (Status parsed = bus::ParseBody(*reply, &settled); !parsed) {
            came_.emplace_back(tl::unexpected<Errors>(Errors{std::move(parsed.error())}));
            return;
          }
          settling_->Confirm(number, settled);
        });
  }

  // Waits until what was settled is on disk, or the connection proves lost.
  void AwaitSettled() {
    SendSettled();
    const Clock::time_point deadline = Clock::now() + state_.timeout;
    while (!settling_->settled() && Clock::now() < deadline) {
      Collect();
      const bool lost =
          std::any_of(came_.begin(), came_.end(), [](const Came& one) { return !one.has_value(); });
      if (lost) return;
      came_.clear();
    }
  }

  tl::expected<void, Errors> Close() {
    if (settling_ != nullptr) AwaitSettled();
    v1::Unsubscribe end;
    end.set_subscription(session_);
    connection_->Tell(MessageType::unsubscribe, end);
    return {};
  }

  tl::expected<void, Errors> Unreachable() {
    if (!why_lost_.empty()) return tl::unexpected<Errors>(std::move(why_lost_));
    return tl::unexpected<Errors>(
        Errors{Fail(Reason::kUnreachable, "endpoint", state_.endpoints.query,
                    state_.endpoints.query + " did not answer the subscription.")
                   .value()});
  }

  using Came = tl::expected<v1::SubscriptionMessage, Errors>;

  static Came Read(tl::expected<bus::Message, Errors> message) {
    if (!message) return tl::unexpected<Errors>(std::move(message.error()));
    v1::SubscriptionMessage read;
    if (Status parsed = bus::ParseBody(*message, &read); !parsed) {
      return tl::unexpected<Errors>(Errors{std::move(parsed.error())});
    }
    return read;
  }

  Client::State& state_;
  std::unique_ptr<bus::Dealer> connection_;
  Resumption resumption_;
  Settling* const settling_;  // of a durable subscription; else null
  std::deque<Came> came_;
  std::uint64_t session_ = 0;
  Clock::time_point silence_ends_;
  Clock::time_point sign_due_;
  milliseconds pause_ = kPauseFirst;
  Errors why_lost_;
};

}  // namespace

tl::expected<void, Errors> Client::Subscribe(
    const v1::SubscribeRequest& request,
    const std::function<bool(const v1::SubscriptionMessage&)>& on_message,
    const std::function<bool()>& stop) {
  auto connection = state_->Connect(state_->endpoints.query, "query");
  if (!connection) return tl::unexpected<Errors>(Errors{std::move(connection.error())});
  return Subscribing(*state_, std::move(*connection), request, nullptr).Run(on_message, stop);
}

tl::expected<void, Errors> Client::Consume(v1::SubscribeRequest request, const Consumer& consumer) {
  auto connection = state_->Connect(state_->endpoints.query, "query");
  if (!connection) return tl::unexpected<Errors>(Errors{std::move(connection.error())});
  request.set_resume(true);
  if (request.consumer().empty()) {
    std::random_device random;
    request.set_consumer(fmt::format("{:08x}{:08x}", random(), random()));
  }
  Settling settling(request.group());
  const auto take = [&](const v1::SubscriptionMessage& message) {
    settling.OnCovered({Position(message.covered_to().position()),
                        Ordinal(static_cast<std::uint16_t>(message.covered_to().ordinal()))});
    if (message.has_delivered()) {
      const Cursor cursor = CursorOf(message.delivered().change().change());
      if (!settling.Again(cursor)) settling.Handle(cursor, consumer.on_change(message.delivered()));
    } else if (consumer.on_message) {
      consumer.on_message(message);
    }
    return true;
  };
  return Subscribing(*state_, std::move(*connection), request, &settling).Run(take, consumer.stop);
}

}  // namespace entente::client
