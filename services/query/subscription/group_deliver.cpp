// What goes out, to whom, and when.
#include <algorithm>
#include <utility>

#include "services/query/subscription/cursor.h"
#include "services/query/subscription/group.h"

namespace entente::query {

v1::SubscriptionMessage& Group::Put(Actions* actions, ConsumerId id) {
  v1::SubscriptionMessage& message = actions->messages.emplace_back(ToConsumer{id, {}}).message;
  message.set_number(++consumers_.at(id).number);
  ToWire(durable_floor_, message.mutable_covered_to());
  return message;
}

bool Group::BehindHead() const { return considered_ < EndOf(head_); }

bool Group::AtRest() const {
  return items_.empty() && !BehindHead() && considered_.position <= head_;
}

bool Group::WantsDurable(Tick now) const {
  const Cursor floor = ack_floor();
  if (sync_asked_ || floor <= durable_floor_) return false;
  return std::any_of(consumers_.begin(), consumers_.end(), [&](const auto& one) {
    const Consumer& consumer = one.second;
    return (AtRest() && !consumer.live) ||
           (floor > consumer.told && now >= consumer.last_sent + Subscription::kCheckpointAfter);
  });
}

Group::Actions Group::Continue(Tick now, Actions actions) {
  // Not with each change that is settled and the next one read.
  if (2 * items_.size() <= definition_.max_in_flight()) {
    for (auto& [id, consumer] : consumers_) consumer.told_stalled = false;
  }
  Wake(now, &actions);
  Deliver(&actions, now);
  ReadOn(&actions, now);
  TellStanding(&actions, now);
  const bool starved = !consumers_.empty() && HoldsBack() && CreditOfAll(Tick::max()) == 0;
  if (!starved) {
    starved_since_.reset();
  } else if (!starved_since_) {
    starved_since_ = now;
  }
  // Never told further than what is kept, nor listed.
  if (considered_ != kept_) Keep(&actions);
  if (WantsDurable(now)) sync_asked_ = actions.sync = true;
  return actions;
}

void Group::Wake(Tick now, Actions* actions) {
  while (!waiting_.empty() && waiting_.begin()->first <= now) {
    const Cursor cursor = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    Item& item = items_.at(cursor);
    item.kept.later = false;
    lanes_.Set(cursor, Lanes::State::kReady);
    actions->rows.push_back(ChangeRow(Row::Kind::kInFlight, cursor, item.kept));
  }
}

Group::Consumers::iterator Group::Taker(Tick now) {
  auto taker = consumers_.end();
  for (auto one = consumers_.begin(); one != consumers_.end(); ++one) {
    if (one->second.credit.left() == 0 || now < one->second.blocked_until) continue;
    const bool better =
        taker == consumers_.end() || one->second.credit.left() > taker->second.credit.left();
    if (better) taker = one;
  }
  return taker;
}

std::uint64_t Group::CreditOfAll(Tick now) const {
  std::uint64_t all = 0;
  for (const auto& [id, consumer] : consumers_) {
    if (now >= consumer.blocked_until) all += consumer.credit.left();
  }
  return all;
}

void Group::Deliver(Actions* actions, Tick now) {
  while (const auto cursor = lanes_.FirstReady()) {
    const auto taker = Taker(now);
    if (taker == consumers_.end()) return;
    Item& item = items_.at(*cursor);
    ++item.kept.deliveries;
    item.out = ++deliveries_;
    lanes_.Set(*cursor, Lanes::State::kOut);
    taker->second.holds.emplace_back(item.out, *cursor);
    taker->second.credit.Spend();
    actions->rows.push_back(ChangeRow(Row::Kind::kInFlight, *cursor, item.kept));
    v1::Delivered* delivered = Put(actions, taker->first).mutable_delivered();
    *delivered->mutable_change() = item.kept.Change();
    const auto streams = item.kept.Streams(delivered->change());
    delivered->set_delivery(item.kept.deliveries);
    delivered->set_after_parked(AfterParked(*cursor, streams));
  }
}

void Group::ReadOn(Actions* actions, Tick now) {
  if (reading_ || !BehindHead() || Full() || now < read_again_at_ || lanes_.FirstReady()) return;
  const std::uint64_t credit = CreditOfAll(now);
  if (credit == 0) {
    if (!MayLook() || now < look_again_at_) return;
    look_again_at_ = now + Subscription::kCheckpointAfter;
  }
  const std::uint64_t room = definition_.max_in_flight() - items_.size();
  const std::uint64_t limit =
      std::min<std::uint64_t>({Subscription::kPageChangesMax, room, credit});
  reading_ = true;
  actions->read = Subscription::PageWanted{considered_, static_cast<std::uint32_t>(limit)};
}

void Group::TellStanding(Actions* actions, Tick now) {
  for (auto& [id, consumer] : consumers_) {
    if (!consumer.revised || now < consumer.blocked_until) continue;
    *Put(actions, id).mutable_revised() = *std::exchange(consumer.revised, std::nullopt);
  }
  for (auto& [id, consumer] : consumers_) {
    if (!Stalled() || consumer.told_stalled || now < consumer.blocked_until) continue;
    consumer.told_stalled = true;
    Put(actions, id).mutable_stalled()->set_in_flight(static_cast<std::uint32_t>(items_.size()));
  }
  if (!CaughtUp()) return;
  for (const auto& [id, consumer] : consumers_) {
    if (consumer.live || now < consumer.blocked_until) continue;
    Put(actions, id).mutable_caught_up()->set_rows_examined(rows_examined_ - consumer.rows_before);
  }
}

Group::Actions Group::OnTick(Tick now) {
  Actions actions;
  for (auto next = consumers_.begin(); next != consumers_.end();) {
    const auto consumer = next++;
    if (now < consumer->second.lease_end()) continue;
    const auto lease = std::chrono::duration_cast<std::chrono::seconds>(consumer->second.lease);
    End(consumer, "no sign of life for " + std::to_string(lease.count()) + " s", now, &actions);
  }
  const bool fell_behind =
      starved_since_ && now >= *starved_since_ + Subscription::kFellBehindAfter;
  for (const auto& [id, consumer] : consumers_) {
    if (now < consumer.blocked_until) continue;
    if (fell_behind && consumer.live) {
      Put(&actions, id).mutable_fell_behind();
    } else if (now >= consumer.heartbeat_at()) {
      Put(&actions, id).mutable_heartbeat();
    } else if (durable_floor_ > consumer.told &&
               now >= consumer.last_sent + Subscription::kCheckpointAfter) {
      Put(&actions, id)
          .mutable_checkpoint()
          ->set_rows_examined(rows_examined_ - consumer.rows_before);
    }
  }
  return Continue(now, std::move(actions));
}

Group::Actions Group::OnSent(const std::vector<ToConsumer>& messages,
                             const std::vector<bool>& taken, Tick now) {
  Actions actions;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    const auto& [id, message] = messages[i];
    const auto found = consumers_.find(id);
    if (found == consumers_.end()) continue;
    Consumer& consumer = found->second;
    if (taken[i]) {
      consumer.told = FromWire(message.covered_to());
      consumer.last_sent = now;
      consumer.pause.Reset();
      if (message.has_caught_up()) consumer.live = true;
      if (message.has_fell_behind()) consumer.live = false;
      if (message.has_revised() && revised_) {
        revised_.reset();
        Keep(&actions);
      }
      continue;
    }
    --consumer.number;
    const bool first_refused = consumer.blocked_until <= now;
    if (first_refused) consumer.blocked_until = now + consumer.pause.Take();
    if (message.has_revised() && !consumer.revised) consumer.revised = message.revised();
    if (message.has_stalled()) consumer.told_stalled = false;
    if (!message.has_delivered()) continue;
    const Cursor cursor = CursorOf(message.delivered().change().change());
    Item& item = items_.at(cursor);
    (void)consumer.LetGo(item.out, cursor);
    consumer.credit.Grant(1);
    --item.kept.deliveries;
    Return(cursor, &actions);
  }
  return Continue(now, std::move(actions));
}

std::optional<Tick> Group::next_tick() const {
  Tick due = Tick::max();
  if (MayLook() && CreditOfAll(Tick::max()) == 0) due = std::max(look_again_at_, read_again_at_);
  if (consumers_.empty()) return due == Tick::max() ? std::nullopt : std::optional(due);
  const Cursor floor = ack_floor();
  const bool work = HasWork() && !reading_;
  for (const auto& [id, consumer] : consumers_) {
    Tick tell = consumer.heartbeat_at();
    // Where it is not on disk and that was asked for, OnDurable comes first.
    if (durable_floor_ > consumer.told || (floor > consumer.told && !sync_asked_)) {
      tell = std::min(tell, consumer.last_sent + Subscription::kCheckpointAfter);
    }
    due = std::min({due, consumer.lease_end(), std::max(tell, consumer.blocked_until)});
    const bool waits = (work && consumer.credit.left() > 0) || (CaughtUp() && !consumer.live) ||
                       (Stalled() && !consumer.told_stalled) || consumer.revised.has_value();
    if (waits) due = std::min(due, std::max(consumer.blocked_until, read_again_at_));
    if (starved_since_ && consumer.live) {
      due = std::min(
          due, std::max(*starved_since_ + Subscription::kFellBehindAfter, consumer.blocked_until));
    }
  }
  if (!waiting_.empty()) due = std::min(due, waiting_.begin()->first);
  return due;
}

}  // namespace entente::query
