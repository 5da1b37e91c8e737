#include "services/query/subscription/group.h"

#include <algorithm>

#include "services/query/subscription/cursor.h"
#include "services/query/subscription/group_limits.h"

namespace entente::query {
namespace {

// The last place below a cursor.
Cursor Before(const Cursor& cursor) {
  if (cursor.ordinal == Ordinal()) return EndOf(Position(cursor.position.value() - 1));
  const auto below = static_cast<std::uint16_t>(cursor.ordinal.value() - 1);
  return {cursor.position, Ordinal(below)};
}

}  // namespace

Group::Group(v1::Group definition, const Cursor& after, Position head)
    : definition_(std::move(definition)), head_(head), considered_(after), durable_floor_(after) {}

Group::Group(const Stored& stored, Position head, Tick now)
    : definition_(stored.group.definition()),
      head_(head),
      considered_(FromWire(stored.group.considered())),
      kept_(considered_) {
  if (stored.group.has_revised()) revised_ = stored.group.revised();
  for (const auto& [cursor, change] : stored.in_flight) {
    std::optional<Tick> due;
    if (change.later()) due = DueAfter(now, definition_, change.failures());
    (void)Add(cursor, change, due);
  }
  for (const auto& [cursor, change] : stored.parked) {
    parked_[cursor] = KeptChange(change).Streams(change.change());
    for (const std::string& stream : parked_[cursor]) parked_of_[stream].insert(cursor);
  }
  durable_floor_ = ack_floor();
}

Group::Actions Group::Begin() {
  Actions actions;
  Keep(&actions);
  return actions;
}

void Group::Keep(Actions* actions) {
  actions->rows.push_back(GroupRow());
  kept_ = considered_;
}

Group::Row Group::Add(const Cursor& cursor, const v1::StoredChange& stored,
                      std::optional<Tick> due) {
  KeptChange kept(stored);
  lanes_.Add(cursor, kept.Streams(stored.change()),
             due ? Lanes::State::kWaiting : Lanes::State::kReady);
  if (due) waiting_.emplace(*due, cursor);
  Row row = ChangeRow(Row::Kind::kInFlight, cursor, kept);
  items_.emplace(cursor, Item{.kept = std::move(kept)});
  return row;
}

Group::Actions Group::Join(ConsumerId id, const Terms& terms, Tick now) {
  Actions actions;
  for (auto next = consumers_.begin(); next != consumers_.end();) {
    const auto other = next++;
    if (terms.name.empty() || other->second.name != terms.name) continue;
    End(other, "the consumer " + terms.name + " subscribed anew", now, &actions);
  }
  const auto consumer =
      consumers_.try_emplace(id, terms, now, durable_floor_, rows_examined_).first;
  consumer->second.revised = revised_;
  return Continue(now, std::move(actions));
}

Group::Actions Group::Leave(ConsumerId id, Tick now) {
  Actions actions;
  const auto consumer = consumers_.find(id);
  if (consumer != consumers_.end()) Release(consumer, Farewell::kPolite, now, &actions);
  return Continue(now, std::move(actions));
}

Group::Actions Group::Vanish(ConsumerId id, Tick now) {
  Actions actions;
  const auto consumer = consumers_.find(id);
  if (consumer != consumers_.end()) Release(consumer, Farewell::kSudden, now, &actions);
  return Continue(now, std::move(actions));
}

void Group::End(Consumers::iterator consumer, const std::string& why, Tick now, Actions* actions) {
  v1::SubscriptionMessage last;
  last.set_number(consumer->second.number + 1);
  ToWire(consumer->second.told, last.mutable_covered_to());
  last.mutable_ended()->set_why(why);
  actions->ended.push_back({consumer->first, std::move(last)});
  Release(consumer, Farewell::kSudden, now, actions);
}

void Group::Release(Consumers::iterator consumer, Farewell how, Tick now, Actions* actions) {
  const auto held = std::move(consumer->second.holds);
  const std::string name = consumer->second.name;
  consumers_.erase(consumer);
  bool to_blame = how == Farewell::kSudden;
  for (const auto& [order, cursor] : held) {
    Return(cursor, actions);
    if (to_blame) Failed(cursor, false, "its consumer " + name + " vanished", now, actions);
    to_blame = false;
  }
}

void Group::Return(const Cursor& cursor, Actions* actions) {
  Item& item = items_.at(cursor);
  item.out = kNotOut;
  lanes_.Set(cursor, Lanes::State::kReady);
  actions->rows.push_back(ChangeRow(Row::Kind::kInFlight, cursor, item.kept));
}

Group::Actions Group::OnCredit(ConsumerId id, std::uint32_t more, Tick now) {
  const auto consumer = consumers_.find(id);
  if (consumer != consumers_.end()) {
    consumer->second.last_sign = now;
    consumer->second.credit.Grant(more);
    consumer->second.blocked_until = now;  // it reads, so the socket has room again
    consumer->second.pause.Reset();
  }
  return Continue(now);
}

Group::Actions Group::OnHead(Position head, Tick now) {
  head_ = head;
  return Continue(now);
}

Group::Actions Group::OnPage(Page page, Tick now) {
  reading_ = false;
  head_ = std::max(head_, page.head);
  rows_examined_ += page.rows_examined;
  Actions actions;
  for (Incoming& incoming : page.changes) {
    const Cursor cursor = CursorOf(incoming.change.change());
    v1::StoredChange stored;
    *stored.mutable_change() = std::move(incoming.change);
    for (std::string& stream : incoming.kin) stored.add_kin(std::move(stream));
    actions.rows.push_back(Add(cursor, stored, std::nullopt));
  }
  considered_ = std::max(considered_, page.at_head ? EndOf(page.head) : page.covered_to);
  match_waits_ = page.match_waits;
  return Continue(now, std::move(actions));
}

Group::Actions Group::OnPageFailed(Tick now) {
  reading_ = false;
  read_again_at_ = now + Subscription::kRetryAfter;
  return Continue(now);
}

Group::Actions Group::OnRevised(const v1::Revised& revised, Tick now) {
  Actions actions;
  revised_ = revised;
  match_waits_ = false;
  for (auto& [id, consumer] : consumers_) consumer.revised = revised;
  Keep(&actions);
  return Continue(now, std::move(actions));
}

Group::Actions Group::OnDurable(const Cursor& floor, Tick now) {
  sync_asked_ = false;
  durable_floor_ = std::max(durable_floor_, floor);
  return Continue(now);
}

std::vector<Group::ToConsumer> Group::EndAll(const std::string& why) {
  Actions actions;
  while (!consumers_.empty()) {
    End(consumers_.begin(), why, Tick(), &actions);
  }
  return std::move(actions.ended);
}

Group::Standing Group::standing() const {
  std::size_t out = 0;
  for (const auto& [id, consumer] : consumers_) out += consumer.holds.size();
  return {.ack_floor = ack_floor(),
          .considered = considered_,
          .in_flight = items_.size(),
          .out = out,
          .waiting = waiting_.size(),
          .parked = parked_.size(),
          .consumers = consumers_.size(),
          .stalled = Stalled()};
}

Cursor Group::ack_floor() const {
  // It does not wait for what it passed when that was parked.
  const auto unsettled =
      std::ranges::find_if(items_, [](const auto& one) { return !one.second.kept.replayed; });
  return unsettled == items_.end() ? considered_ : Before(unsettled->first);
}

Group::Row Group::GroupRow() const {
  v1::StoredGroup stored;
  *stored.mutable_definition() = definition_;
  ToWire(considered_, stored.mutable_considered());
  if (revised_) *stored.mutable_revised() = *revised_;
  return {.kind = Row::Kind::kGroup, .cursor = {}, .value = stored.SerializeAsString()};
}

Group::Row Group::ChangeRow(Row::Kind kind, const Cursor& cursor, const KeptChange& kept) {
  return {.kind = kind, .cursor = cursor, .value = kept.Row()};
}

}  // namespace entente::query
