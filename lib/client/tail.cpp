#include <optional>
#include <utility>

#include "client/client_state.h"
#include "client/tail_order.h"
#include "client/tail_queue.h"

namespace entente::client {
namespace {

using std::chrono::milliseconds;
using Result = tl::expected<void, Errors>;

constexpr milliseconds kLookAtStop(100);

Cursor ToCursor(const v1::Cursor& cursor) {
  return {Position(cursor.position()), Ordinal(static_cast<std::uint16_t>(cursor.ordinal()))};
}

Cursor CursorOf(const v1::Change& change) {
  return {Position(change.position()), Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
}

void SetAfter(const Cursor& cursor, v1::SubscribeRequest* request) {
  request->mutable_after()->set_position(cursor.position.value());
  request->mutable_after()->set_ordinal(cursor.ordinal.value());
}

class Listening {
 public:
  Listening(Client& client, Client::State& state, const std::vector<std::string>& countries,
            const Client::Listener& listener)
      : client_(client), state_(state), countries_(countries), listener_(listener) {}

  Result Run(const std::optional<Cursor>& after) {
    if (Result connected = Connect(); !connected) return connected;
    // The socket hears already: what is published meanwhile waits there, and is seen to be known.
    if (Result joined = Join(after); !joined) return joined;
    while (!Over()) {
      const auto heard = queue_->Next(kLookAtStop);
      if (!heard) continue;
      v1::Tail tail;
      // What cannot be read is passed over, and the next one shows the gap.
      const bool ours = heard->message.header.type == bus::MessageType::tail;
      if (!ours || !bus::ParseBody(heard->message, &tail)) continue;
      if (Result taken = Take(heard->topic, tail); !taken) return taken;
    }
    return {};
  }

 private:
  bool Over() const { return enough_ || listener_.stop(); }

  Result Connect() {
    std::vector<std::string> prefixes;
    prefixes.reserve(countries_.size());
    for (const std::string& country : countries_) prefixes.push_back(TailOrder::PrefixOf(country));
    auto subscriber = bus::Subscriber::Connect(state_.context, state_.endpoints.tail, prefixes);
    if (!subscriber) return tl::unexpected<Errors>(Errors{std::move(subscriber.error())});
    queue_.emplace(*std::move(subscriber), listener_.queue > 0
                                               ? static_cast<std::size_t>(listener_.queue)
                                               : TailQueue::kRoom);
    return {};
  }

  // Reads what is known so far, from `after` or only to learn where that is.
  Result Join(const std::optional<Cursor>& after) {
    v1::SubscribeRequest request;
    for (const std::string& country : countries_) request.mutable_filter()->add_countries(country);
    request.set_now(true);
    if (after) SetAfter(*after, &request);
    Cursor head;
    Result read = client_.Subscribe(
        request,
        [&](const v1::SubscriptionMessage& message) {
          head = ToCursor(message.covered_to());
          if (message.has_delivered()) Pass(message.delivered().change());
          return !message.has_caught_up() && !enough_;
        },
        listener_.stop);
    order_.emplace(countries_, head);
    return read;
  }

  Result Take(const std::string& prefix, const v1::Tail& tail) {
    const Cursor previous = ToCursor(tail.previous());
    if (const auto last = order_->GapBefore(prefix, previous)) {
      if (Result healed = Heal(prefix, *last, previous); !healed) return healed;
    }
    const v1::Change& change = tail.change().change();
    if (!enough_ && order_->IsNew(change)) Pass(tail.change());
    order_->Seen(prefix, CursorOf(change));
    return {};
  }

  // The truth about what is missing, from the feed itself.
  Result Heal(const std::string& prefix, const Cursor& after, const Cursor& up_to) {
    if (listener_.on_gap) listener_.on_gap(prefix, after, up_to);
    constexpr std::size_t kBefore = std::string_view("country/").size();
    v1::SubscribeRequest request;
    request.mutable_filter()->add_countries(prefix.substr(kBefore, prefix.size() - kBefore - 1));
    SetAfter(after, &request);
    Result read = client_.Subscribe(
        request,
        [&](const v1::SubscriptionMessage& message) {
          if (message.has_delivered()) {
            const v1::DescribedChange& change = message.delivered().change();
            if (CursorOf(change.change()) > up_to) return false;
            if (order_->IsNew(change.change())) Pass(change);
          }
          return !enough_ && ToCursor(message.covered_to()) < up_to;
        },
        listener_.stop);
    order_->Seen(prefix, up_to);
    return read;
  }

  void Pass(const v1::DescribedChange& change) { enough_ = !listener_.on_change(change); }

  Client& client_;
  Client::State& state_;
  const std::vector<std::string>& countries_;
  const Client::Listener& listener_;
  std::optional<TailQueue> queue_;
  std::optional<TailOrder> order_;
  bool enough_ = false;
};

}  // namespace

tl::expected<void, Errors> Client::Listen(const std::vector<std::string>& countries,
                                          const std::optional<Cursor>& after,
                                          const Listener& listener) {
  if (state_->endpoints.tail.empty()) {
    return tl::unexpected<Errors>(
        Errors{Fail(Reason::kEndpointRefused, "endpoint", "", "No endpoint of the tail is known.")
                   .value()});
  }
  return Listening(*this, *state_, countries, listener).Run(after);
}

}  // namespace entente::client
