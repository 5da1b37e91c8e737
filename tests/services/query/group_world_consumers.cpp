// What the consumers of a simulated group do.
#include <fmt/format.h>

#include "services/query/subscription/group_limits.h"
#include "tests/services/query/group_world.h"
#include "tests/services/query/promises.h"
#include "tests/services/query/told.h"

namespace entente::query {

void GroupWorld::Join() {
  if (sessions_.size() >= 4) return;
  TellHead();
  const ConsumerId id = ++last_id_;
  Group::Terms terms{
      .credit = 1 + dice_.Upto(6), .lease = Tick(2'000 + 1'000 * dice_.Upto(20)), .name = ""};
  if (dice_.Chance(60)) terms.name = fmt::format("c{}", dice_.Upto(3));
  trace_.push_back(fmt::format("join {} {} credit {}", id, terms.name, terms.credit));
  for (const auto& [other, session] : sessions_) {
    if (!terms.name.empty() && session.name == terms.name) ++counts_.taken_over;
  }
  sessions_.emplace(id, Session{.id = id,
                                .name = terms.name,
                                .rows_before = rows_,
                                .credit = terms.credit,
                                .covered = group_->durable_floor(),
                                .room = 10,
                                .holds = {}});
  Perform(group_->Join(id, terms, now_));
}

void GroupWorld::Leave() {
  const Session* session = RandomSession();
  if (session == nullptr) return;
  const ConsumerId id = session->id;
  trace_.push_back(fmt::format("leave {}", id));
  sessions_.erase(id);
  Perform(group_->Leave(id, now_));
}

// What a sudden end counts as a failure is the first that was delivered of what is held.
void GroupWorld::Vanish() {
  const Session* session = RandomSession();
  if (session == nullptr) return;
  const ConsumerId id = session->id;
  trace_.push_back(fmt::format("vanish {}", id));
  ++counts_.vanished;
  End(id);
  Perform(group_->Vanish(id, now_));
}

void GroupWorld::End(ConsumerId id) {
  const auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  if (!session->second.holds.empty()) ++taken_in_.at(session->second.holds.front()).failures;
  sessions_.erase(session);
}

void GroupWorld::Grant() {
  Session* session = RandomSession();
  if (session == nullptr) return;
  const std::uint32_t more = dice_.Upto(6);
  if (faults_ && dice_.Chance(20)) return late_.push_back({.from = session->id, .more = more});
  ArriveCredit(session->id, more);
}

void GroupWorld::ArriveCredit(ConsumerId id, std::uint32_t more) {
  const auto session = sessions_.find(id);
  if (session == sessions_.end()) return;  // SUBSCRIPTION_UNKNOWN
  session->second.credit += more;
  session->second.room = 10;
  trace_.push_back(fmt::format("grant {} {}", id, more));
  Perform(group_->OnCredit(id, more, now_));
}

// One of those that are on their way comes, not in the order in which they were sent: each may be
// of another connection.
void GroupWorld::Carry() {
  if (late_.empty()) return;
  const auto next = late_.begin() + dice_.Upto(static_cast<std::uint32_t>(late_.size() - 1));
  const Late late = std::move(*next);
  late_.erase(next);
  ++counts_.late;
  if (late.settle) return ArriveSettle(late.from, *late.settle);
  ArriveCredit(late.from, late.more);
}

void GroupWorld::Settle() {
  const Session* session = RandomSession();
  if (session == nullptr) return;
  constexpr v1::SettleRequest::How kHows[] = {
      v1::SettleRequest::skip,      v1::SettleRequest::ack,         v1::SettleRequest::ack,
      v1::SettleRequest::ack,       v1::SettleRequest::ack,         v1::SettleRequest::retry_now,
      v1::SettleRequest::retry_now, v1::SettleRequest::retry_later, v1::SettleRequest::retry_later,
      v1::SettleRequest::park};
  v1::SettleRequest request;
  const auto add = [&request](const Cursor& cursor, v1::SettleRequest::How how) {
    auto* one = request.add_settled();
    ToWire(cursor, one->mutable_cursor());
    one->set_how(how);
  };
  for (const Cursor& cursor : session->holds) {
    if (faults_ && dice_.Chance(30)) continue;
    add(cursor, faults_ ? kHows[dice_.Upto(9)] : v1::SettleRequest::ack);
  }
  if (faults_ && dice_.Chance(20) && !feed_.empty()) {  // something that it may not hold
    const auto nth = dice_.Upto(static_cast<std::uint32_t>(feed_.size() - 1));
    add(std::next(feed_.begin(), nth)->first, v1::SettleRequest::ack);
  }
  if (faults_ && dice_.Chance(20)) {
    return late_.push_back({.from = session->id, .settle = std::move(request)});
  }
  ArriveSettle(session->id, request);
}

void GroupWorld::ArriveSettle(ConsumerId id, const v1::SettleRequest& request) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) return;  // SUBSCRIPTION_UNKNOWN
  Session& session = found->second;
  Unanswered unanswered;
  int unknown = 0;
  for (const v1::SettleRequest::One& one : request.settled()) {
    const Cursor cursor = FromWire(one.cursor());
    if (std::erase(session.holds, cursor) == 0) {
      ++unknown;
      continue;
    }
    Entry& entry = taken_in_.at(cursor);
    switch (one.how()) {
      case v1::SettleRequest::retry_now:
        ++entry.failures;
        break;
      case v1::SettleRequest::retry_later:
        ++entry.failures;
        entry.not_before = now_ + BackOff(definition_, entry.failures);
        break;
      case v1::SettleRequest::park:
        entry.fate = Fate::kParked;
        break;
      default:
        entry.fate = Fate::kSettled;
    }
    if (entry.fate == Fate::kOpen && entry.failures >= definition_.max_deliveries()) {
      entry.fate = Fate::kParked;
      entry.not_before.reset();
    }
    if (entry.fate == Fate::kSettled) ++counts_.settled;
    if (entry.fate == Fate::kParked) ++counts_.parked;
    if (entry.fate != Fate::kOpen) unanswered.settled.push_back(cursor);
    trace_.push_back(
        fmt::format("settle {} {} {}", id, In(cursor), v1::SettleRequest::How_Name(one.how())));
  }
  v1::SettleReply reply;
  auto actions = group_->Settle(id, request, now_, &reply);
  if (reply.not_held_size() != unknown) {
    Break(promise::kUnique, "a change was settled for a consumer that does not hold it");
  }
  Perform(std::move(actions));
  unanswered_.push_back(std::move(unanswered));
  if (!faults_) Sync();
}

// One consumer is left, takes and settles everything until it has caught up, and then grants
// nothing more: what comes now is behind its credit.
void GroupWorld::Doze() {
  while (sessions_.size() > 1) Leave();
  if (sessions_.empty()) Join();
  trace_.emplace_back("the consumer will doze");
  const bool faults = std::exchange(faults_, false);
  const std::uint64_t fell_behind = counts_.fell_behind;
  bool caught_up = false;
  for (int i = 0; i < 400 && broken_.empty() && !sessions_.empty(); ++i) {
    Session& session = sessions_.begin()->second;
    session.room = 1'000;
    caught_up = caught_up || session.live;
    if (counts_.fell_behind > fell_behind) break;
    if (wanted_) {
      Read();
    } else if (!session.holds.empty()) {
      Settle();
    } else if (caught_up) {
      Append();
      if (sessions_.begin()->second.credit == 0) Advance();
    } else {
      if (session.credit == 0) Grant();
      Advance();
    }
    CheckStanding();
  }
  faults_ = faults;
}

// Whoever has room now has been told of the last revision.
void GroupWorld::TellWhatIsOwed() {
  std::vector<ConsumerId> there;
  for (auto& [id, session] : sessions_) {
    session.room = 1'000;
    there.push_back(id);
  }
  for (const ConsumerId id : there) {
    if (sessions_.contains(id)) Perform(group_->OnCredit(id, 0, now_));
  }
  for (const auto& [id, session] : sessions_) {
    if (session.owed) Break(promise::kRevised, fmt::format("{} was there, and not told", id));
    if (group_->standing().stalled && !session.stalled) {
      Break(promise::kStanding, fmt::format("it stalls, and {} was not told", id));
    }
  }
}

GroupWorld::Session* GroupWorld::RandomSession() {
  if (sessions_.empty()) return nullptr;
  const auto nth = dice_.Upto(static_cast<std::uint32_t>(sessions_.size() - 1));
  return &std::next(sessions_.begin(), nth)->second;
}

}  // namespace entente::query
