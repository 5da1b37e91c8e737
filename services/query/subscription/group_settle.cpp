// What becomes of a change that was delivered.
#include <algorithm>

#include "services/query/subscription/cursor.h"
#include "services/query/subscription/group.h"
#include "services/query/subscription/group_limits.h"

namespace entente::query {

bool Group::Consumer::LetGo(std::uint64_t order, const Cursor& cursor) {
  const auto held = std::ranges::lower_bound(holds, order, {}, &decltype(holds)::value_type::first);
  if (held == holds.end() || *held != std::pair(order, cursor)) return false;
  holds.erase(held);
  return true;
}

Group::Actions Group::Settle(ConsumerId id, const v1::SettleRequest& request, Tick now,
                             v1::SettleReply* reply) {
  Actions actions;
  const auto consumer = consumers_.find(id);
  if (consumer != consumers_.end()) {
    consumer->second.last_sign = now;
    for (const v1::SettleRequest::One& one : request.settled()) {
      if (SettleOne(&consumer->second, one, now, &actions)) continue;
      *reply->add_not_held() = one.cursor();
    }
  }
  ToWire(ack_floor(), reply->mutable_ack_floor());
  reply->set_in_flight(static_cast<std::uint32_t>(items_.size()));
  return Continue(now, std::move(actions));
}

bool Group::SettleOne(Consumer* consumer, const v1::SettleRequest::One& one, Tick now,
                      Actions* actions) {
  const Cursor cursor = FromWire(one.cursor());
  const auto item = items_.find(cursor);
  if (item == items_.end() || item->second.out == kNotOut) return false;
  if (!consumer->LetGo(item->second.out, cursor)) return false;
  item->second.out = kNotOut;
  lanes_.Set(cursor, Lanes::State::kReady);
  const std::string why = one.why().substr(0, kWhyBytesMax);
  switch (one.how()) {
    case v1::SettleRequest::retry_now:
      Failed(cursor, false, why, now, actions);
      break;
    case v1::SettleRequest::retry_later:
      Failed(cursor, true, why, now, actions);
      break;
    case v1::SettleRequest::park:
      Park(cursor, why, actions);
      break;
    default:
      Forget(cursor, actions);
  }
  return true;
}

void Group::Failed(const Cursor& cursor, bool later, const std::string& why, Tick now,
                   Actions* actions) {
  Item& item = items_.at(cursor);
  KeptChange& kept = item.kept;
  ++kept.failures;
  if (kept.failures >= definition_.max_deliveries()) {
    return Park(cursor, "failed " + std::to_string(kept.failures) + " times: " + why, actions);
  }
  kept.set_why(why);
  kept.later = later;
  if (later) {
    waiting_.emplace(DueAfter(now, definition_, kept.failures), cursor);
    lanes_.Set(cursor, Lanes::State::kWaiting);
  }
  actions->rows.push_back(ChangeRow(Row::Kind::kInFlight, cursor, item.kept));
}

void Group::Park(const Cursor& cursor, const std::string& why, Actions* actions) {
  KeptChange& kept = items_.at(cursor).kept;
  kept.set_why(why);
  kept.later = false;
  const auto& streams = parked_[cursor] = kept.Streams(kept.Change());
  for (const std::string& stream : streams) parked_of_[stream].insert(cursor);
  actions->rows.push_back(ChangeRow(Row::Kind::kParked, cursor, kept));
  Forget(cursor, actions);
}

void Group::Forget(const Cursor& cursor, Actions* actions) {
  actions->rows.push_back({.kind = Row::Kind::kInFlight, .cursor = cursor, .value = {}});
  lanes_.Remove(cursor);
  items_.erase(cursor);
}

Group::Actions Group::Replay(std::vector<std::pair<Cursor, v1::StoredChange>> parked, Tick now) {
  Actions actions;
  for (auto& [cursor, stored] : parked) {
    const auto known = parked_.find(cursor);
    if (known == parked_.end()) continue;
    for (const std::string& stream : known->second) {
      auto& of_stream = parked_of_.at(stream);
      of_stream.erase(cursor);
      if (of_stream.empty()) parked_of_.erase(stream);
    }
    parked_.erase(known);
    stored.set_failures(0);
    stored.clear_why();
    stored.set_replayed(true);
    actions.rows.push_back({.kind = Row::Kind::kParked, .cursor = cursor, .value = {}});
    actions.rows.push_back(Add(cursor, stored, std::nullopt));
  }
  return Continue(now, std::move(actions));
}

bool Group::AfterParked(const Cursor& cursor, const std::vector<std::string>& streams) const {
  const auto earlier = [&](const std::string& stream) {
    const auto parked = parked_of_.find(stream);
    return parked != parked_of_.end() && *parked->second.begin() < cursor;
  };
  return std::ranges::any_of(streams, earlier);
}

}  // namespace entente::query
