// What is promised, held against each message of a simulated group and its standing.
#include <fmt/format.h>

#include <algorithm>

#include "tests/services/query/group_world.h"
#include "tests/services/query/promises.h"
#include "tests/services/query/told.h"

namespace entente::query {

bool GroupWorld::Take(Session* session, const v1::SubscriptionMessage& message) {
  --session->room;
  trace_.push_back(fmt::format("  {} takes {}", session->id, Show(message)));
  if (message.number() != ++session->number) {
    Break(promise::kNumbered,
          fmt::format("{} came after {}", message.number(), session->number - 1));
  }
  const Cursor covered = FromWire(message.covered_to());
  if (covered < session->covered) Break(promise::kCovered, "it went back to " + In(covered));
  session->covered = covered;
  told_ = std::max(told_, covered);
  CheckCovered(covered);
  if (const auto told = RowsToldIn(message); told && *told != rows_ - session->rows_before) {
    Break(promise::kStanding,
          fmt::format("it cost {} rows, and {} are told", rows_ - session->rows_before, *told));
  }
  if (message.has_delivered()) TakeChange(session, message.delivered());
  if (message.has_stalled()) {
    ++counts_.stalls;
    if (std::exchange(session->stalled, true)) Break(promise::kStanding, "stalled is told twice");
    if (message.stalled().in_flight() < definition_.max_in_flight()) {
      Break(promise::kStanding, "stalled below max_in_flight");
    }
  }
  if (message.has_caught_up()) {
    if (covered != EndOf(known_head_)) Break(promise::kStanding, "caught up, and not at the head");
    if (MatchWaits()) Break(promise::kStanding, "caught up, and a change waits");
    session->live = true;
  }
  if (message.has_fell_behind()) {
    ++counts_.fell_behind;
    CheckFellBehind(*session);
    session->live = false;
  }
  if (message.has_revised()) {
    ++counts_.revised;
    revision_untold_ = false;
    if (message.revised().version() <= session->revised) Break(promise::kRevised, "told again");
    session->revised = message.revised().version();
    session->owed = false;
  }
  return true;
}

void GroupWorld::TakeChange(Session* session, const v1::Delivered& delivered) {
  const Cursor cursor = CursorOf(delivered.change().change());
  trace_.push_back(fmt::format("    {} {}, delivery {}", In(cursor),
                               delivered.change().change().subject(), delivered.delivery()));
  ++counts_.delivered;
  if (delivered.delivery() > 1) ++counts_.redelivered;
  const auto found = taken_in_.find(cursor);
  if (found == taken_in_.end()) {
    return Break(promise::kFiltered, "given what was not read for it, " + In(cursor));
  }
  Entry& entry = found->second;
  if (!asked_.Matches(entry.change) || cursor <= begins_after_) {
    Break(promise::kFiltered, "given what does not match, " + In(cursor));
  }
  if (delivered.change().change().SerializeAsString() != entry.change.SerializeAsString()) {
    Break(promise::kFiltered, "given otherwise than it was read, " + In(cursor));
  }
  entry.delivered = true;
  if (session->credit-- == 0)
    Break(promise::kWithinCredit, In(cursor) + " is more than was granted");
  if (entry.fate != Fate::kOpen) {
    Break(promise::kUnique, "delivered again after it was settled, " + In(cursor));
  }
  bool after_parked = false;
  for (const auto& [id, other] : sessions_) {
    for (const Cursor& held : other.holds) {
      if (held == cursor) Break(promise::kUnique, "two consumers hold " + In(cursor));
      if (taken_in_.at(held).subject() == entry.subject()) {
        Break(promise::kSharedByMeeting,
              "two changes of one meeting are out, " + In(cursor) + " and " + In(held));
      }
    }
  }
  for (const auto& [earlier, other] : taken_in_) {
    if (earlier >= cursor) break;
    if (!Related(other, entry)) continue;
    if (other.fate == Fate::kOpen) {
      Break(promise::kOrdered, fmt::format("{} before {}", In(cursor), In(earlier)));
    }
    if (other.fate == Fate::kParked) after_parked = true;
  }
  if (after_parked != delivered.after_parked()) {
    Break(promise::kRetried,
          "after_parked does not say whether an earlier change is parked, " + In(cursor));
  }
  if (entry.not_before && now_ < *entry.not_before) {
    Break(promise::kRetried, "it did not wait for its back-off, " + In(cursor));
  }
  session->holds.push_back(cursor);
}

// When the later change was read, its meeting hung together with the earlier one's.
bool GroupWorld::Related(const Entry& earlier, const Entry& later) const {
  return earlier.subject() == later.subject() || later.kin.contains(earlier.subject());
}

void GroupWorld::CheckCovered(const Cursor& covered) {
  if (covered > considered_) Break(promise::kCovered, "beyond what was read, " + In(covered));
  for (const auto& [cursor, entry] : taken_in_) {
    if (cursor > covered) return;
    if (entry.fate == Fate::kOpen && !entry.replayed) {
      Break(promise::kCovered, In(covered) + " passes what is not settled, " + In(cursor));
    }
  }
}

// Nobody of the group has credit, and a change waits for nothing else.
void GroupWorld::CheckFellBehind(const Session& session) {
  if (!session.live) Break(promise::kStanding, "it fell behind, and had not caught up");
  for (const auto& [id, other] : sessions_) {
    if (other.credit > 0) Break(promise::kStanding, "it fell behind, and there is credit");
  }
  if (group_->standing().in_flight < definition_.max_in_flight() && MatchWaits()) return;
  for (const auto& [cursor, entry] : taken_in_) {
    if (WaitsForCreditOnly(cursor, entry)) return;
  }
  Break(promise::kStanding, "it fell behind, and nothing waits for credit");
}

// What matched was not passed over.
void GroupWorld::CheckTakenIn() {
  for (const auto& [cursor, change] : feed_) {
    if (cursor <= begins_after_ || !asked_.Matches(change)) continue;
    if (cursor > considered_) return;
    if (taken_in_.contains(cursor) || excused_.contains(cursor)) continue;
    Break(promise::kGapFree, "never read, " + In(cursor));
  }
}

// A change that is to be delivered and was not read yet.
bool GroupWorld::MatchWaits() const {
  return std::any_of(feed_.upper_bound(considered_), feed_.end(),
                     [this](const auto& one) { return asked_.Matches(one.second); });
}

bool GroupWorld::WaitsForCreditOnly(const Cursor& cursor, const Entry& entry) const {
  if (entry.fate != Fate::kOpen || (entry.not_before && now_ < *entry.not_before)) return false;
  for (const auto& [id, session] : sessions_) {
    if (std::ranges::find(session.holds, cursor) != session.holds.end()) return false;
  }
  for (const auto& [earlier, other] : taken_in_) {
    if (earlier >= cursor) break;
    if (other.fate == Fate::kOpen && Related(other, entry)) return false;
  }
  return true;
}

void GroupWorld::CheckStanding() {
  if (!group_ || !broken_.empty()) return;
  const auto standing = group_->standing();
  CheckCovered(standing.ack_floor);
  std::size_t out = 0;
  for (const auto& [id, session] : sessions_) out += session.holds.size();
  if (standing.out != out)
    Break(promise::kStanding, "others are counted as out than consumers hold");
  std::size_t open = 0;
  std::size_t replayed = 0;  // come back whatever is in flight
  std::size_t parked = 0;
  if (standing.considered != considered_) {
    Break(promise::kCovered, "considered is not what was read, " + In(standing.considered));
  }
  for (const auto& [cursor, entry] : taken_in_) {
    if (entry.fate == Fate::kOpen) {
      ++open;
      if (entry.replayed) ++replayed;
    }
    if (entry.fate == Fate::kParked) ++parked;
  }
  if (standing.in_flight != open)
    Break(promise::kStanding, "in flight is not what was read and is not settled");
  if (standing.in_flight > definition_.max_in_flight() + replayed)
    Break(promise::kStanding, "more is in flight than max_in_flight");
  const bool full = standing.in_flight >= definition_.max_in_flight();
  if (standing.stalled != (full && standing.considered < EndOf(known_head_)))
    Break(promise::kStanding, "stalled is not whether max_in_flight holds it up");
  if (2 * standing.in_flight <= definition_.max_in_flight()) {
    for (auto& [id, session] : sessions_) session.stalled = false;
  }
  if (standing.consumers != sessions_.size())
    Break(promise::kStanding, "others are counted as consumers than there are");
  if (standing.parked != parked) Break(promise::kStanding, "parked is not what was set aside");
}

}  // namespace entente::query
