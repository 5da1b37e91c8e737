#include "tests/services/query/group_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "services/query/subscription/group_limits.h"
#include "tests/services/query/promises.h"
#include "tests/services/query/told.h"

namespace entente::query {

GroupWorld::GroupWorld(std::uint64_t seed) : dice_(seed), asked_(dice_) {
  interests_.Add(0, asked_.compiled());
  meetings_ = 1 + static_cast<int>(dice_.Upto(7));
  definition_.set_name("world");
  definition_.set_max_in_flight(1 + dice_.Upto(dice_.Chance(50) ? 5 : 40));
  definition_.set_max_deliveries(1 + dice_.Upto(4));
  definition_.set_retry_first_ms(100 + 100 * dice_.Upto(10));
  definition_.set_retry_longest_ms(definition_.retry_first_ms() * (1 + dice_.Upto(6)));
  for (int i = 0; i < meetings_; ++i) components_.push_back({fmt::format("meeting/m{}", i)});
  for (std::uint32_t i = dice_.Upto(20); i > 0; --i) Append();
  begins_after_ = EndOf(Position(dice_.Upto(8)));
  considered_ = begins_after_;
  known_head_ = head_;
  group_.emplace(definition_, begins_after_, head_);
  Perform(group_->Begin());
  Sync();  // a group that was made is there
}

std::string GroupWorld::Run(int steps) {
  for (int i = 0; i < steps && broken_.empty(); ++i) {
    const std::uint32_t what = dice_.Upto(99);
    if (what < 14) {
      Append();
    } else if (what < 16) {
      Merge();
    } else if (what < 22) {
      Join();
    } else if (what < 24) {
      Leave();
    } else if (what < 26) {
      Vanish();
    } else if (what < 38) {
      Grant();
    } else if (what < 60) {
      Settle();
    } else if (what < 70) {
      Sync();
    } else if (what < 84) {
      Read();
    } else if (what < 86) {
      Carry();
    } else if (what < 94) {
      Advance();
    } else if (what < 95) {
      Revise();
    } else if (what < 97) {
      Restart(dice_.Chance(50));
    } else if (what < 99) {
      ReplayParked();
    } else {
      Doze();
    }
    CheckStanding();
  }
  faults_ = false;
  if (broken_.empty() && !Flow()) Break(promise::kResumable, "the group does not come to rest");
  if (broken_.empty()) return {};
  std::ostringstream story;
  story << broken_ << "\n";
  const std::size_t last = 80;
  for (std::size_t i = trace_.size() > last ? trace_.size() - last : 0; i < trace_.size(); ++i) {
    story << "  " << trace_[i] << "\n";
  }
  return story.str();
}

// One event: none, one or several changes, of different meetings.
void GroupWorld::Append() {
  head_ = head_.Next();
  std::set<std::string> subjects;
  for (std::uint32_t i = dice_.Upto(3); i > 0; --i) subjects.insert(SomeMeeting());
  std::uint16_t ordinal = 0;
  for (const std::string& subject : subjects) AddChange({head_, Ordinal(ordinal++)}, subject);
  if (group_) TellOfNew();
}

// One event joins two meetings; which of the two it is a change for, the filter decides.
void GroupWorld::Merge() {
  if (components_.size() < 2) return;
  const std::size_t one = dice_.Upto(static_cast<std::uint32_t>(components_.size() - 1));
  std::size_t other = dice_.Upto(static_cast<std::uint32_t>(components_.size() - 2));
  if (other >= one) ++other;
  head_ = head_.Next();
  ++counts_.merges;
  trace_.emplace_back("merge");
  std::uint16_t ordinal = 0;
  for (const std::string& subject : {*components_[one].begin(), *components_[other].begin()}) {
    AddChange({head_, Ordinal(ordinal++)}, subject);
  }
  components_[one].merge(components_[other]);
  components_.erase(components_.begin() + static_cast<std::ptrdiff_t>(other));
  TellOfNew();
}

std::string GroupWorld::SomeMeeting() {
  return fmt::format("meeting/m{}", dice_.Upto(static_cast<std::uint32_t>(meetings_ - 1)));
}

// There, or in the place of another.
void GroupWorld::AddChange(const Cursor& at, const std::string& subject) {
  v1::Change change = asked_.DrawChange(dice_, at, subject);
  trace_.push_back(
      fmt::format("change {} {}{}", In(at), subject, asked_.Matches(change) ? "" : ", no match"));
  feed_.insert_or_assign(at, std::move(change));
}

// At once of what may concern it, of the rest a moment later.
void GroupWorld::TellOfNew() {
  if (!interests_.In(ChangesFrom(feed_, head_)).empty()) TellHead();
  if (!rest_) rest_ = now_ + Subscription::kCheckpointAfter;
}

void GroupWorld::TellHead() {
  known_head_ = head_;
  Perform(group_->OnHead(head_, now_));
}

void GroupWorld::Revise() {
  Alter();
  TellHead();
  v1::Revised revised;
  revised.set_version(++version_);
  trace_.push_back(fmt::format("revised to {}", version_));
  revision_untold_ = true;
  for (auto& [id, session] : sessions_) session.owed = true;
  Perform(group_->OnRevised(revised, now_));
}

// The views that take over have other changes, up to the head. What the group has considered stays
// as it was read.
void GroupWorld::Alter() {
  CheckTakenIn();
  counts_.altered +=
      AlterFeed(dice_, &feed_, &trace_, [this](const Cursor& at) { AddChange(at, SomeMeeting()); });
  for (const auto& [cursor, change] : feed_) {
    if (cursor > considered_) break;
    if (asked_.Matches(change) && !taken_in_.contains(cursor)) excused_.insert(cursor);
  }
}

void GroupWorld::Sync() {
  for (const auto& batch : unsynced_) {
    for (const Group::Row& row : batch) {
      if (row.value) {
        disk_[{row.kind, row.cursor}] = *row.value;
      } else {
        disk_.erase({row.kind, row.cursor});
      }
    }
  }
  unsynced_.clear();
  for (const Unanswered& one : unanswered_) {
    for (const Cursor& cursor : one.settled) taken_in_.at(cursor).confirmed = true;
  }
  unanswered_.clear();
  if (const auto floor = std::exchange(to_be_durable_, std::nullopt); floor && group_) {
    Perform(group_->OnDurable(*floor, now_));
  }
}

void GroupWorld::Read() {
  if (!wanted_) return;
  const auto wanted = *std::exchange(wanted_, std::nullopt);
  if (wanted.after != considered_) Break(promise::kGapFree, "read from " + In(wanted.after));
  if (faults_ && dice_.Chance(10)) return Perform(group_->OnPageFailed(now_));
  std::uint32_t scan = faults_ ? 1 + dice_.Upto(12) : 1'000;
  Group::Page page{.changes = {}, .covered_to = wanted.after, .at_head = true, .head = head_};
  if (wanted.limit == 0) ++counts_.looked;
  for (auto next = feed_.upper_bound(wanted.after); next != feed_.end(); ++next) {
    ++page.rows_examined;
    const auto& [cursor, change] = *next;
    const bool full = wanted.limit > 0 && page.changes.size() == wanted.limit;
    const bool matches = views::TermsMatch(asked_.compiled(), change);
    page.match_waits = wanted.limit == 0 && matches;
    if (full || page.match_waits || scan-- == 0) {
      page.at_head = false;
      break;
    }
    page.covered_to = cursor;
    if (matches) TakeIn(cursor, change, &page.changes.emplace_back());
  }
  considered_ = std::max(considered_, page.at_head ? EndOf(head_) : page.covered_to);
  known_head_ = head_;
  trace_.push_back(fmt::format("read {} up to {}", page.changes.size(), In(page.covered_to)));
  rows_ += page.rows_examined;
  Perform(group_->OnPage(std::move(page), now_));
}

void GroupWorld::TakeIn(const Cursor& cursor, const v1::Change& change, Group::Incoming* incoming) {
  *incoming->change.mutable_change() = change;
  Entry entry{.change = change};
  for (const auto& component : components_) {
    if (component.contains(change.subject())) entry.kin = component;
  }
  entry.kin.erase(change.subject());
  incoming->kin.assign(entry.kin.begin(), entry.kin.end());
  if (!taken_in_.emplace(cursor, std::move(entry)).second) {
    Break(promise::kUnique, "read twice, " + In(cursor));
  }
}

void GroupWorld::Advance() {
  const auto due = group_->next_tick();
  if (due && dice_.Chance(70)) {
    now_ = std::max(now_, std::min(*due, now_ + Tick(1'500)));
  } else {
    now_ += Tick(dice_.Upto(faults_ ? 1'500 : 100));
  }
  if (rest_ && now_ >= *rest_) {
    rest_.reset();
    TellHead();
  }
  Perform(group_->OnTick(now_));
}

void GroupWorld::ReplayParked() {
  std::vector<std::pair<Cursor, v1::StoredChange>> parked;
  auto rows = disk_;
  for (const auto& batch : unsynced_) {
    for (const Group::Row& row : batch) {
      if (row.value) {
        rows[{row.kind, row.cursor}] = *row.value;
      } else {
        rows.erase({row.kind, row.cursor});
      }
    }
  }
  for (const auto& [place, value] : rows) {
    if (place.first != Group::Row::Kind::kParked || dice_.Chance(50)) continue;
    v1::StoredChange stored;
    stored.ParseFromString(value);
    Entry& entry = taken_in_.at(place.second);
    entry.fate = Fate::kOpen;
    entry.replayed = true;
    entry.confirmed = false;
    entry.failures = 0;
    entry.not_before.reset();
    for (Unanswered& one : unanswered_) std::erase(one.settled, place.second);
    parked.emplace_back(place.second, std::move(stored));
    trace_.push_back("replay " + In(place.second));
  }
  Perform(group_->Replay(std::move(parked), now_));
}

// The process ends and begins again. A power cut takes the last batches that were not synced.
void GroupWorld::Restart(bool power_cut) {
  ++counts_.restarts;
  trace_.push_back(power_cut ? "power cut" : "kill");
  const Cursor listed = group_->ack_floor();
  to_be_durable_.reset();
  const bool revision_told = !revision_untold_;
  group_.reset();
  sessions_.clear();
  wanted_.reset();
  rest_.reset();
  late_.clear();
  rows_ = 0;
  if (power_cut) unsynced_.resize(dice_.Upto(static_cast<std::uint32_t>(unsynced_.size())));
  const auto unanswered = std::exchange(unanswered_, {});
  Sync();  // what is on disk now is what will ever have been there
  Group::Stored stored;
  std::map<Cursor, v1::StoredChange> in_flight;
  std::map<Cursor, v1::StoredChange> parked;
  for (const auto& [place, value] : disk_) {
    if (place.first == Group::Row::Kind::kGroup) {
      stored.group.ParseFromString(value);
    } else {
      auto& rows = place.first == Group::Row::Kind::kInFlight ? in_flight : parked;
      rows[place.second].ParseFromString(value);
    }
  }
  considered_ = FromWire(stored.group.considered());
  excused_.erase(excused_.upper_bound(considered_), excused_.end());
  for (auto next = taken_in_.upper_bound(considered_); next != taken_in_.end();) {
    if (next->second.confirmed) {
      Break(promise::kDurable, "a settlement that was answered is gone, of " + In(next->first));
    }
    next = taken_in_.erase(next);  // it is read again
  }
  for (auto& [cursor, entry] : taken_in_) {
    const auto row = in_flight.find(cursor);
    const auto aside = parked.find(cursor);
    const Fate before = entry.fate;
    if (row != in_flight.end()) {
      entry.fate = Fate::kOpen;
    } else {
      entry.fate = aside != parked.end() ? Fate::kParked : Fate::kSettled;
    }
    entry.replayed = row != in_flight.end() && row->second.replayed();
    if (entry.confirmed && before != entry.fate) {
      Break(promise::kDurable, "a settlement that was answered is gone, of " + In(cursor));
    }
    if (entry.fate == Fate::kSettled && before != Fate::kSettled) {
      Break(promise::kGapFree, "a change that nobody settled is gone, " + In(cursor));
    }
    if (row != in_flight.end() && aside != parked.end()) {
      Break(promise::kUnique, "both in flight and parked, " + In(cursor));
    }
    entry.not_before.reset();
    entry.failures = row != in_flight.end() ? row->second.failures() : 0;
    if (row != in_flight.end() && row->second.later()) {
      entry.not_before = now_ + BackOff(definition_, entry.failures);
    }
  }
  for (auto& [cursor, change] : in_flight) stored.in_flight.emplace_back(cursor, change);
  for (auto& [cursor, change] : parked) stored.parked.emplace_back(cursor, change);
  revision_untold_ = stored.group.has_revised();  // a power cut may have taken it
  group_.emplace(stored, head_, now_);
  known_head_ = head_;
  if (group_->ack_floor() < told_) {
    Break(promise::kCovered, "what was told, " + In(told_) + ", went back");
  }
  if (power_cut) return;
  if (group_->ack_floor() < listed) {
    Break(promise::kCovered, "the floor that was listed, " + In(listed) + ", went back");
  }
  if (revision_told && revision_untold_) Break(promise::kRevised, "to be told again");
}

// No more faults; one consumer settles all it gets. True once it is told that it caught up.
bool GroupWorld::Flow() {
  while (head_ <= begins_after_.position) Append();
  while (!late_.empty()) Carry();
  TellWhatIsOwed();
  while (!sessions_.empty()) Leave();
  Join();
  for (int i = 0; i < 20'000 && broken_.empty(); ++i) {
    if (sessions_.empty()) Join();
    Session& session = sessions_.begin()->second;
    session.room = 1'000;
    if (wanted_) {
      Read();
    } else if (!session.holds.empty()) {
      Settle();
    } else if (session.live && session.covered == EndOf(head_) && !revision_untold_) {
      break;
    } else {
      Grant();
      Advance();
    }
    CheckStanding();
  }
  for (const auto& [cursor, entry] : taken_in_) {
    if (!entry.delivered) Break(promise::kGapFree, "never delivered, " + In(cursor));
    if (entry.fate == Fate::kOpen) Break(promise::kGapFree, "never settled, " + In(cursor));
  }
  CheckTakenIn();
  return broken_.empty() && !sessions_.empty() && sessions_.begin()->second.live;
}

void GroupWorld::Perform(Group::Actions actions) {
  while (broken_.empty()) {
    Write(actions.rows);
    if (actions.read) wanted_ = actions.read;
    if (actions.sync) to_be_durable_ = group_->ack_floor();
    for (const auto& [id, message] : actions.ended) {
      trace_.push_back(fmt::format("ended {}: {}", id, message.ended().why()));
      if (message.ended().why().starts_with("no sign of life")) ++counts_.leases;
      End(id);
    }
    if (actions.messages.empty()) {
      if (!faults_ && to_be_durable_) Sync();
      return;
    }
    std::vector<bool> taken;
    std::set<ConsumerId> full;
    for (const auto& [id, message] : actions.messages) {
      Session& session = sessions_.at(id);
      if (session.room == 0) full.insert(id);
      taken.push_back(!full.contains(id) && Take(&session, message));
    }
    actions = group_->OnSent(actions.messages, taken, now_);
  }
}

void GroupWorld::Write(const std::vector<Group::Row>& rows) {
  if (rows.empty()) return;
  for (const Group::Row& row : rows) {
    if (row.kind != Group::Row::Kind::kParked || !row.value) continue;
    Entry& entry = taken_in_.at(row.cursor);
    if (entry.fate == Fate::kParked) continue;
    // Parked because its consumer vanished: only after as many failures as it may have.
    v1::StoredChange stored;
    stored.ParseFromString(*row.value);
    if (stored.failures() < definition_.max_deliveries()) {
      Break(promise::kRetried,
            "parked before max_deliveries, and nobody said so, " + In(row.cursor));
    }
    entry.fate = Fate::kParked;
    ++counts_.parked;
  }
  unsynced_.push_back(rows);
}

std::size_t GroupWorld::fingerprint() const {
  std::string all;
  for (const std::string& line : trace_) all += line + "\n";
  return std::hash<std::string>()(all);
}

void GroupWorld::Break(std::string_view promise, const std::string& how) {
  if (broken_.empty()) broken_ = promise::Broken(promise, how);
}

}  // namespace entente::query
