#include "services/query/subscriptions.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>

#include "services/query/steady_tick.h"
#include "services/query/subscription/cursor.h"
#include "services/query/subscription/lease.h"

namespace entente::query {
namespace {

using Type = bus::MessageType;

// A thousand that were opened together are due together: whoever has changes waiting comes in
// between.
constexpr std::size_t kTicksAtOnce = 32;

// Bounds of the request; what names its words is checked by FeedFilter.
Status CheckTerms(const v1::SubscribeRequest& request) {
  if (request.group().empty() && request.from_case() == v1::SubscribeRequest::kResume) {
    return Fail(Reason::kFieldRequired, "group", "", "to resume, name the durable subscription");
  }
  if (request.credit() > Credit::kMax) {
    return Fail(Reason::kFieldInvalid, "credit", std::to_string(request.credit()),
                fmt::format("at most {} changes", Credit::kMax));
  }
  if (request.lease_s() > kLeaseMaxS) {
    return Fail(Reason::kFieldInvalid, "lease_s", std::to_string(request.lease_s()),
                fmt::format("at most {} seconds", kLeaseMaxS));
  }
  return {};
}

Error TooMany() {
  return Fail(Reason::kOverloaded, "", "",
              fmt::format("{} subscriptions are open already", Subscriptions::kOpenMax))
      .value();
}

// Another one for each reader.
Tick AheadOf(const SubscriptionKey& key, Tick lease) {
  const std::uint64_t hash =
      XXH3_64bits_withSeed(key.caller.identity.data(), key.caller.identity.size(), key.correlation);
  return Tick(hash % static_cast<std::uint64_t>(Subscription::MostAhead(lease).count() + 1));
}

Result<Cursor> BeginningOf(const v1::SubscribeRequest& request, const views::Snapshot& snapshot) {
  switch (request.from_case()) {
    case v1::SubscribeRequest::kAfter:
      return FromWire(request.after());
    case v1::SubscribeRequest::kNow:
      return EndOf(snapshot.checkpoint().position);
    case v1::SubscribeRequest::kRecorded:
      return views::CursorAt(ContextOf(snapshot), request.recorded());
    default:
      return Cursor();
  }
}

}  // namespace

Subscriptions::Subscriptions(bus::Loop& loop, const Replica& replica, views::RecentChanges& recent,
                             bus::Router& router, Groups& groups)
    : loop_(loop), replica_(replica), recent_(recent), router_(router), groups_(groups) {}

Subscriptions::~Subscriptions() {
  if (turn_) loop_.Cancel(*turn_);
  if (tick_) loop_.Cancel(*tick_);
  if (rest_) loop_.Cancel(*rest_);
}

void Subscriptions::OnSubscribe(const bus::Caller& caller, const bus::Message& message) {
  const Key key{caller, message.header.correlation};
  v1::SubscribeRequest request;
  if (Status parsed = bus::ParseBody(message, &request); !parsed) {
    return Refuse(key, parsed.error());
  }
  if (replica_.store() == nullptr) {
    if (early_.size() >= kOpenMax) return Refuse(key, TooMany());
    early_.emplace_back(key, std::move(request));
    return;
  }
  OpenOne(key, request);
}

void Subscriptions::OpenOne(const Key& key, const v1::SubscribeRequest& request) {
  if (Status fits = CheckTerms(request); !fits) return Refuse(key, fits.error());
  if (!request.group().empty()) return groups_.OnSubscribe(key, request);
  const auto snapshot = replica_.store()->TakeSnapshot();
  auto opened = Read(key, request, *snapshot);
  if (!opened) return Refuse(key, opened.error());
  if (open_.size() >= kOpenMax) return Refuse(key, TooMany());
  const auto [one, is_new] = open_.try_emplace(key, *std::move(opened));
  if (!is_new) {
    return Refuse(key,
                  Fail(Reason::kFieldInvalid, "header.correlation", std::to_string(key.correlation),
                       "this connection has a subscription of this correlation id")
                      .value());
  }
  Perform(key, one->second.machine.Start(SteadyNow()));
}

Result<Subscriptions::Open> Subscriptions::Read(const Key& key, const v1::SubscribeRequest& request,
                                                const views::Snapshot& snapshot) const {
  auto filter = views::FeedFilter::Compile(request.filter(), domain::PartyRegistry::BuiltIn(),
                                           domain::Vocabulary::BuiltIn());
  if (!filter) return Fail(std::move(filter).error());
  filter->with_confirmations = request.with_confirmations();
  filter->with_backfill = request.with_backfill();
  auto after = BeginningOf(request, snapshot);
  if (!after) return Fail(std::move(after).error().At("recorded"));
  const Tick lease = LeaseOf(request);
  const Subscription::Terms terms{
      .after = *after, .credit = request.credit(), .lease = lease, .ahead = AheadOf(key, lease)};
  return Open{.machine = Subscription(terms, snapshot.checkpoint().position, SteadyNow()),
              .filter = *std::move(filter),
              .with_meeting = request.with_meeting()};
}

void Subscriptions::OnCredit(const bus::Caller& caller, const bus::Message& message) {
  v1::Credit credit;
  if (Status parsed = bus::ParseBody(message, &credit); !parsed) {
    return Refuse({caller, message.header.correlation}, parsed.error());
  }
  const Key key{caller, credit.subscription()};
  if (groups_.OnCredit(key, credit.more())) return;
  const auto one = open_.find(key);
  if (one == open_.end()) {
    return Refuse(key, Fail(Reason::kSubscriptionUnknown, "subscription",
                            std::to_string(credit.subscription()), "")
                           .value());
  }
  Perform(key, one->second.machine.OnCredit(credit.more(), SteadyNow()));
}

void Subscriptions::OnUnsubscribe(const bus::Caller& caller, const bus::Message& message) {
  v1::Unsubscribe goodbye;
  if (Status parsed = bus::ParseBody(message, &goodbye); !parsed) {
    return Refuse({caller, message.header.correlation}, parsed.error());
  }
  const Key key{caller, goodbye.subscription()};
  if (!groups_.OnUnsubscribe(key)) Remove(key);
}

void Subscriptions::OnMoved(const std::optional<std::vector<const v1::Change*>>& came) {
  for (const auto& [key, request] : std::exchange(early_, {})) OpenOne(key, request);
  if (!came) return TellHeadToAll();
  for (const Key& key : interests_.In(*came)) TellHead(key);
  if (rest_ || open_.empty()) return;
  rest_ = loop_.After(Subscription::kCheckpointAfter, [this] {
    rest_.reset();
    TellHeadToAll();
  });
}

void Subscriptions::TellHead(const Key& key) {
  const auto one = open_.find(key);
  if (one == open_.end() || one->second.machine.stalled()) return;
  Perform(key, one->second.machine.OnHead(std::max(replica_.head(), recent_.head()), SteadyNow()));
}

void Subscriptions::TellHeadToAll() {
  for (auto next = open_.begin(); next != open_.end();) {
    const auto one = next++;
    const Key key = one->first;  // Perform may remove it
    TellHead(key);
  }
}

void Subscriptions::OnRevised(const Revision::Notice& notice) {
  const Tick now = SteadyNow();
  recent_.Forget();
  for (auto next = open_.begin(); next != open_.end();) {
    const auto one = next++;
    const Key key = one->first;  // Perform may remove it
    Perform(key, one->second.machine.OnRevised(
                     notice(one->second.filter, one->second.machine.considered()), now));
  }
  groups_.OnRevised(notice);
}

void Subscriptions::Stop() {
  for (const auto& [key, request] : std::exchange(early_, {})) {
    Refuse(key, Fail(Reason::kStopping, "", "", "").value());
  }
  for (auto& [key, one] : open_) {
    auto last = one.machine.End("the service is stopping");
    (void)SendOne(key, last);
  }
  interests_ = {};
  open_.clear();
  agenda_.clear();
  turns_.clear();
}

void Subscriptions::Refuse(const Key& key, const Error& error) {
  router_.ReplyError(key.caller, key.correlation, {error});
}

void Subscriptions::Perform(const Key& key, Subscription::Actions actions) {
  Open& one = open_.at(key);
  while (true) {
    if (actions.end) {
      (void)SendOne(key, *actions.end);
      return Remove(key);
    }
    if (actions.read) {
      one.wanted = actions.read;
      turns_.push_back(key);
      ScheduleTurn();
    }
    if (actions.messages.empty()) {
      Listen(key, one);
      return SetDue(key, one);
    }
    const auto taken = Send(key, actions.messages);
    if (!taken) return Remove(key);
    actions = one.machine.OnSent(*taken, SteadyNow());
  }
}

std::optional<std::size_t> Subscriptions::Send(const Key& key,
                                               std::vector<v1::SubscriptionMessage>& messages) {
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const Status sent = SendOne(key, messages[i]);
    if (sent) continue;
    if (sent.error().reason == Reason::kOverloaded) return i;
    return std::nullopt;
  }
  return messages.size();
}

Status Subscriptions::SendOne(const Key& key, v1::SubscriptionMessage& message) {
  const auto send = [&] {
    return router_.Send(key.caller,
                        bus::MakeMessage(Type::subscription_message, key.correlation, message));
  };
  Status sent = send();
  if (!sent && sent.error().reason == Reason::kMessageTooLarge && message.has_delivered()) {
    // A meeting of extraordinary length: its text and position say where to ask for the rest.
    message.mutable_delivered()->mutable_change()->clear_meeting();
    sent = send();
  }
  return sent;
}

void Subscriptions::Remove(const Key& key) {
  const auto one = open_.find(key);
  if (one == open_.end()) return;
  agenda_.erase({one->second.due, key});
  interests_.Remove(key);
  open_.erase(one);
}

void Subscriptions::ScheduleTurn() {
  if (turn_ || turns_.empty()) return;
  turn_ = loop_.After(Tick(0), [this] {
    turn_.reset();
    TakeTurn();
    ScheduleTurn();
  });
}

void Subscriptions::TakeTurn() {
  const Key key = std::move(turns_.front());
  turns_.pop_front();
  const auto found = open_.find(key);
  if (found == open_.end() || !found->second.wanted) return;  // gone meanwhile
  Open& one = found->second;
  const auto wanted = *std::exchange(one.wanted, std::nullopt);
  auto page = ReadPage(one, wanted);
  Perform(key, page ? one.machine.OnPage(*std::move(page), SteadyNow())
                    : one.machine.OnPageFailed(SteadyNow()));
}

Result<FeedSlice> Subscriptions::ReadPage(const Open& one,
                                          const Subscription::PageWanted& wanted) const {
  auto page = recent_.Read(*replica_.store(), replica_.head(), one.filter, wanted.after,
                           wanted.limit, one.with_meeting);
  if (!page) return Fail(std::move(page).error());
  return FeedSlice{.changes = std::move(page->changes),
                   .covered_to = page->covered_to,
                   .at_head = page->at_head,
                   .head = page->head,
                   .match_waits = page->match_waits,
                   .rows_examined = page->rows_examined};
}

void Subscriptions::Listen(const Key& key, Open& one) {
  const bool listens = !one.machine.stalled();
  if (listens == std::exchange(one.listens, listens)) return;
  if (listens) {
    interests_.Add(key, one.filter);
  } else {
    interests_.Remove(key);
  }
}

void Subscriptions::SetDue(const Key& key, Open& one) {
  const Tick due = one.machine.next_tick();
  if (due == one.due) return;
  agenda_.erase({one.due, key});
  agenda_.insert({due, key});
  one.due = due;
  ScheduleTick();
}

void Subscriptions::ScheduleTick() {
  if (agenda_.empty()) return;
  const Tick at = agenda_.begin()->first;
  if (tick_ && tick_at_ <= at) return;  // comes soon enough
  if (tick_) loop_.Cancel(*tick_);
  tick_at_ = at;
  tick_ = loop_.After(std::max(at - SteadyNow(), Tick(1)), [this] {
    tick_.reset();
    OnTick();
    ScheduleTick();
  });
}

void Subscriptions::OnTick() {
  const Tick now = SteadyNow();
  std::vector<Key> due;
  for (const auto& [at, key] : agenda_) {
    if (at > now || due.size() == kTicksAtOnce) break;
    due.push_back(key);
  }
  for (const Key& key : due) {
    const auto one = open_.find(key);
    if (one != open_.end()) Perform(key, one->second.machine.OnTick(now));
  }
}

}  // namespace entente::query
