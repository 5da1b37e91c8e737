#include "services/query/groups.h"

#include <fmt/format.h>

#include <algorithm>

#include "services/query/steady_tick.h"
#include "services/query/subscription/cursor.h"
#include "services/query/subscription/group_limits.h"
#include "services/query/subscription/lease.h"
#include "views/components/components.h"

namespace entente::query {

using Type = bus::MessageType;

Groups::Groups(bus::Loop& loop, const Replica& replica, views::RecentChanges& recent,
               bus::Router& router, Config config)
    : loop_(loop), replica_(replica), recent_(recent), router_(router), config_(std::move(config)) {
  loop_.Add(synced_, [this] { OnSynced(); });
}

Groups::~Groups() {
  loop_.Remove(synced_);
  if (turn_) loop_.Cancel(*turn_);
  if (tick_) loop_.Cancel(*tick_);
  if (rest_) loop_.Cancel(*rest_);
}

Result<std::unique_ptr<Groups>> Groups::Open(bus::Loop& loop, const Replica& replica,
                                             views::RecentChanges& recent, bus::Router& router,
                                             Config config) {
  auto groups =
      std::unique_ptr<Groups>(new Groups(loop, replica, recent, router, std::move(config)));
  if (Status loaded = groups->Load(); !loaded) return Fail(std::move(loaded).error());
  return groups;
}

Status Groups::Load() {
  if (config_.directory.empty()) return {};
  auto store = GroupStore::Open(config_.directory, [this] { synced_.Notify(); }, {});
  if (!store) return Fail(std::move(store).error());
  store_ = *std::move(store);
  auto all = store_->ReadAll();
  if (!all) return Fail(std::move(all).error());
  for (const auto& [name, stored] : *all) {
    AddHost(name, Group(stored, replica_.head(), SteadyNow()));
  }
  return {};
}

void Groups::AddHost(const std::string& name, Group machine) {
  const v1::Group& definition = machine.definition();
  auto filter = views::FeedFilter::Compile(definition.filter(), domain::PartyRegistry::BuiltIn(),
                                           domain::Vocabulary::BuiltIn());
  if (filter) {
    filter->with_confirmations = definition.with_confirmations();
    filter->with_backfill = definition.with_backfill();
  }
  const auto host = hosts_.emplace(name, Host{.name = name,
                                              .serial = ++last_serial_,
                                              .machine = std::move(machine),
                                              .filter = std::move(filter),
                                              .keys = {}});
  if (host.first->second.filter) interests_.Add(name, *host.first->second.filter);
}

void Groups::OnSubscribe(const SubscriptionKey& key, const v1::SubscribeRequest& request) {
  if (!store_) return Refuse(key, Elsewhere());
  if (const auto broken = store_->broken()) return Refuse(key, *broken);
  Host* host = Find(key, request.group(), "group");
  if (host == nullptr) return;
  const v1::Group& definition = host->machine.definition();
  const bool from_elsewhere = request.from_case() != v1::SubscribeRequest::FROM_NOT_SET &&
                              request.from_case() != v1::SubscribeRequest::kResume;
  const bool other_filter =
      request.has_filter() && request.filter().ByteSizeLong() > 0 &&
      request.filter().SerializeAsString() != definition.filter().SerializeAsString();
  const char* odd = from_elsewhere ? "from" : other_filter ? "filter" : nullptr;
  if (request.with_confirmations() && !definition.with_confirmations()) odd = "with_confirmations";
  if (request.with_backfill() && !definition.with_backfill()) odd = "with_backfill";
  if (request.with_meeting() && !definition.with_meeting()) odd = "with_meeting";
  if (odd != nullptr) {
    return Refuse(key, Fail(Reason::kFieldInvalid, odd, "",
                            "the group has its own, given when it was made; leave this empty")
                           .value());
  }
  if (request.consumer().size() > kConsumerBytesMax) {
    return Refuse(key, Fail(Reason::kFieldInvalid, "consumer", request.consumer(),
                            fmt::format("at most {} bytes", kConsumerBytesMax))
                           .value());
  }
  if (!host->filter) return Refuse(key, host->filter.error());
  if (host->keys.size() >= kConsumersMax) {
    return Refuse(key, Fail(Reason::kOverloaded, "group", request.group(),
                            fmt::format("it has {} consumers already", kConsumersMax))
                           .value());
  }
  const ConsumerId id = ++last_id_;
  if (!consumers_.emplace(key, Consumer{host->name, id}).second) {
    return Refuse(key,
                  Fail(Reason::kFieldInvalid, "header.correlation", std::to_string(key.correlation),
                       "this connection has a subscription of this correlation id")
                      .value());
  }
  host->keys.emplace(id, key);
  const Group::Terms terms{
      .credit = request.credit(), .lease = LeaseOf(request), .name = request.consumer()};
  Perform(host, host->machine.OnHead(std::max(replica_.head(), recent_.head()), SteadyNow()));
  Perform(host, host->machine.Join(id, terms, SteadyNow()));
}

bool Groups::OnCredit(const SubscriptionKey& key, std::uint32_t more) {
  const auto consumer = consumers_.find(key);
  if (consumer == consumers_.end()) return false;
  const auto [name, id] = consumer->second;
  Host& host = hosts_.at(name);
  Perform(&host, host.machine.OnCredit(id, more, SteadyNow()));
  return true;
}

bool Groups::OnUnsubscribe(const SubscriptionKey& key) {
  const auto consumer = consumers_.find(key);
  if (consumer == consumers_.end()) return false;
  const auto [name, id] = consumer->second;
  Host& host = hosts_.at(name);
  Drop(&host, id);
  Perform(&host, host.machine.Leave(id, SteadyNow()));
  return true;
}

void Groups::OnMoved(const std::optional<std::vector<const v1::Change*>>& came) {
  for (auto& [key, message] : std::exchange(early_, {})) Create(key, message);
  if (!came) return TellHeadToAll();
  for (const std::string& name : interests_.In(*came)) {
    Host& host = hosts_.at(name);
    Perform(&host, host.machine.OnHead(std::max(replica_.head(), recent_.head()), SteadyNow()));
  }
  if (rest_ || hosts_.empty()) return;
  rest_ = loop_.After(Subscription::kCheckpointAfter, [this] {
    rest_.reset();
    TellHeadToAll();
  });
}

void Groups::TellHeadToAll() {
  for (auto& [name, host] : hosts_) {
    Perform(&host, host.machine.OnHead(std::max(replica_.head(), recent_.head()), SteadyNow()));
  }
}

void Groups::OnRevised(const Revision::Notice& notice) {
  for (auto& [name, host] : hosts_) {
    if (!host.filter) continue;
    const Cursor considered = host.machine.standing().considered;
    Perform(&host, host.machine.OnRevised(notice(*host.filter, considered), SteadyNow()));
  }
}

void Groups::Stop() {
  stopped_ = true;
  for (const auto& [key, message] : std::exchange(early_, {})) {
    Refuse(key, Fail(Reason::kStopping, "", "", "").value());
  }
  for (auto& [name, host] : hosts_) {
    for (auto& [id, message] : host.machine.EndAll("the service is stopping")) {
      (void)Send(host.keys.at(id), std::move(message));
    }
    host.keys.clear();
  }
  consumers_.clear();
  agenda_.clear();
  turns_.clear();
  if (!waiting_.empty()) store_->SyncNow();
  for (const auto& [ticket, reply] : std::exchange(waiting_, {})) reply();
}

void Groups::Refuse(const SubscriptionKey& key, const Error& error) {
  router_.ReplyError(key.caller, key.correlation, {error});
}

Error Groups::Elsewhere() const {
  Error error;
  error.reason = Reason::kSubscriptionsElsewhere;
  error.value = config_.elsewhere;
  error.message = config_.elsewhere.empty()
                      ? "this query holds none; one started with --subscriptions DIR does"
                      : "they are held by the query at " + config_.elsewhere;
  return error;
}

void Groups::ReplyWhenDurable(std::function<void()> reply) {
  if (waiting_.empty() && (store_->broken() || store_->synced() >= store_->written())) {
    return reply();
  }
  waiting_.emplace_back(store_->written(), std::move(reply));
  store_->Sync();
}

void Groups::OnSynced() {
  const GroupStore::Ticket synced = store_->synced();
  const bool broken = store_->broken().has_value();
  while (!waiting_.empty() && (broken || waiting_.front().first <= synced)) {
    const auto reply = std::move(waiting_.front().second);
    waiting_.pop_front();
    reply();
  }
}

void Groups::TellDurable(const Host& host) {
  ReplyWhenDurable(
      [this, name = host.name, serial = host.serial, floor = host.machine.ack_floor()] {
        const auto found = hosts_.find(name);
        const bool gone = found == hosts_.end() || found->second.serial != serial;
        if (stopped_ || gone || store_->broken()) return;
        Perform(&found->second, found->second.machine.OnDurable(floor, SteadyNow()));
      });
}

void Groups::Perform(Host* host, Group::Actions actions) {
  std::vector<ConsumerId> gone;
  bool sync = false;
  while (true) {
    sync = sync || actions.sync;
    if (!Write(*host, actions.rows)) {
      for (auto& [id, message] : host->machine.EndAll("the disk refused to write")) {
        actions.ended.push_back({id, std::move(message)});
      }
      actions.messages.clear();
      actions.read.reset();
    }
    for (auto& [id, message] : actions.ended) {
      const auto key = host->keys.find(id);
      if (key == host->keys.end()) continue;
      (void)Send(key->second, std::move(message));
      Drop(host, id);
    }
    if (actions.read) {
      host->wanted = actions.read;
      turns_.push_back(host->name);
      ScheduleTurn();
    }
    if (actions.messages.empty()) {
      if (gone.empty()) {
        SetDue(host);
        if (sync) TellDurable(*host);  // last, since it may perform more at once
        return;
      }
      const ConsumerId id = gone.back();
      gone.pop_back();
      if (!host->machine.has(id)) continue;
      Drop(host, id);
      actions = host->machine.Vanish(id, SteadyNow());
      continue;
    }
    std::vector<bool> taken;
    std::set<ConsumerId> refused;
    for (const auto& [id, message] : actions.messages) {
      const Sent sent = refused.contains(id) ? Sent::kFull : Send(host->keys.at(id), message);
      if (sent != Sent::kTaken) refused.insert(id);
      if (sent == Sent::kGone) gone.push_back(id);
      taken.push_back(sent == Sent::kTaken);
    }
    actions = host->machine.OnSent(actions.messages, taken, SteadyNow());
  }
}

bool Groups::Write(const Host& host, const std::vector<Group::Row>& rows) {
  if (rows.empty()) return true;
  const log::ChainPoint known =
      replica_.store() != nullptr ? replica_.store()->checkpoint() : store_->known();
  return store_->Write(host.name, rows, known).has_value();
}

Groups::Sent Groups::Send(const SubscriptionKey& key, v1::SubscriptionMessage message) {
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
  if (sent) return Sent::kTaken;
  return sent.error().reason == Reason::kOverloaded ? Sent::kFull : Sent::kGone;
}

void Groups::Drop(Host* host, ConsumerId id) {
  const auto key = host->keys.find(id);
  if (key == host->keys.end()) return;
  consumers_.erase(key->second);
  host->keys.erase(key);
}

void Groups::ScheduleTurn() {
  if (turn_ || turns_.empty()) return;
  turn_ = loop_.After(Tick(0), [this] {
    turn_.reset();
    if (!turns_.empty()) TakeTurn();
    ScheduleTurn();
  });
}

void Groups::TakeTurn() {
  const std::string name = std::move(turns_.front());
  turns_.pop_front();
  const auto found = hosts_.find(name);
  if (found == hosts_.end() || !found->second.wanted) return;  // gone meanwhile
  Host& host = found->second;
  const auto wanted = *std::exchange(host.wanted, std::nullopt);
  auto page = ReadPage(host, wanted);
  Perform(&host, page ? host.machine.OnPage(*std::move(page), SteadyNow())
                      : host.machine.OnPageFailed(SteadyNow()));
}

Result<Group::Page> Groups::ReadPage(const Host& host,
                                     const Subscription::PageWanted& wanted) const {
  if (!host.filter) return Fail(host.filter.error());
  auto read = recent_.Read(*replica_.store(), replica_.head(), *host.filter, wanted.after,
                           wanted.limit, host.machine.definition().with_meeting());
  if (!read) return Fail(std::move(read).error());
  Group::Page page{.changes = {},
                   .covered_to = read->covered_to,
                   .at_head = read->at_head,
                   .head = read->head,
                   .match_waits = read->match_waits,
                   .rows_examined = read->rows_examined};
  if (read->changes.empty()) return page;
  const auto snapshot = replica_.store()->TakeSnapshot();
  for (v1::DescribedChange& change : read->changes) {
    const std::string& subject = change.change().subject();
    auto kin = views::ComponentOf(*snapshot, subject);
    std::erase(kin, subject);
    page.changes.push_back({.change = std::move(change), .kin = std::move(kin)});
  }
  return page;
}

void Groups::SetDue(Host* host) {
  const auto due = host->machine.next_tick();
  if (due == host->due) return;
  if (host->due) agenda_.erase({*host->due, host->name});
  if (due) agenda_.insert({*due, host->name});
  host->due = due;
  ScheduleTick();
}

void Groups::ScheduleTick() {
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

void Groups::OnTick() {
  const Tick now = SteadyNow();
  std::vector<std::string> due;
  for (const auto& [at, name] : agenda_) {
    if (at > now) break;
    due.push_back(name);
  }
  for (const std::string& name : due) {
    Host& host = hosts_.at(name);
    Perform(&host, host.machine.OnTick(now));
  }
}

}  // namespace entente::query
