#include "tests/services/query/group_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "services/query/subscription/group_limits.h"
#include "tests/services/query/promises.h"
#include "tests/services/query/told.h"

namespace entente::query {
namespace {

using Kind = Group::Row::Kind;

}  // namespace

GroupWorld::GroupWorld(std::uint64_t seed) : random_(seed) {
  meetings_ = 1 + static_cast<int>(Upto(7));
  matching_percent_ = 20 + static_cast<int>(Upto(80));
  definition_.set_name("world");
  definition_.set_max_in_flight(1 + Upto(Chance(50) ? 5 : 40));
  definition_.set_max_deliveries(1 + Upto(4));
  definition_.set_retry_first_ms(100 + 100 * Upto(10));
  definition_.set_retry_longest_ms(definition_.retry_first_ms() * (1 + Upto(6)));
  for (int i = 0; i < meetings_; ++i) components_.push_back({fmt::format("meeting/m{}", i)});
  for (std::uint32_t i = Upto(20); i > 0; --i) Append();
  begins_after_ = EndOf(Position(Upto(8)));
  group_.emplace(definition_, begins_after_, head_);
  Perform(group_->Begin());
  Sync();  // a group that was made is there
}

std::string GroupWorld::Run(int steps) {
  for (int i = 0; i < steps && broken_.empty(); ++i) {
    const std::uint32_t what = Upto(99);
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
      Restart(Chance(50));
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
  for (std::uint32_t i = Upto(3); i > 0; --i) {
    subjects.insert(fmt::format("meeting/m{}", Upto(static_cast<std::uint32_t>(meetings_ - 1))));
  }
  std::uint16_t ordinal = 0;
  for (const std::string& subject : subjects) {
    Entry entry{.subject = subject, .matches = Chance(matching_percent_)};
    trace_.push_back(fmt::format("append ({},{}) {}{}", head_.value(), ordinal, subject,
                                 entry.matches ? "" : ", no match"));
    feed_.emplace(Cursor{head_, Ordinal(ordinal++)}, std::move(entry));
  }
  if (group_) Perform(group_->OnHead(head_, now_));
}

// One event joins two meetings; which of the two it is a change for, the filter decides.
void GroupWorld::Merge() {
  if (components_.size() < 2) return;
  const std::size_t one = Upto(static_cast<std::uint32_t>(components_.size() - 1));
  std::size_t other = Upto(static_cast<std::uint32_t>(components_.size() - 2));
  if (other >= one) ++other;
  head_ = head_.Next();
  ++counts_.merges;
  std::uint16_t ordinal = 0;
  for (const std::string& subject : {*components_[one].begin(), *components_[other].begin()}) {
    Entry entry{.subject = subject, .matches = Chance(matching_percent_)};
    trace_.push_back(fmt::format("merge ({},{}) {}{}", head_.value(), ordinal, subject,
                                 entry.matches ? "" : ", no match"));
    feed_.emplace(Cursor{head_, Ordinal(ordinal++)}, std::move(entry));
  }
  components_[one].merge(components_[other]);
  components_.erase(components_.begin() + static_cast<std::ptrdiff_t>(other));
  Perform(group_->OnHead(head_, now_));
}

void GroupWorld::Join() {
  if (sessions_.size() >= 4) return;
  const ConsumerId id = ++last_id_;
  Group::Terms terms{.credit = 1 + Upto(6), .lease = Tick(2'000 + 1'000 * Upto(20)), .name = ""};
  if (Chance(60)) terms.name = fmt::format("c{}", Upto(3));
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
  End(id);
  Perform(group_->Vanish(id, now_));
}

void GroupWorld::End(ConsumerId id) {
  const auto session = sessions_.find(id);
  if (session == sessions_.end()) return;
  if (!session->second.holds.empty()) ++feed_.at(session->second.holds.front()).failures;
  sessions_.erase(session);
}

void GroupWorld::Grant() {
  Session* session = RandomSession();
  if (session == nullptr) return;
  const std::uint32_t more = Upto(6);
  if (faults_ && Chance(20)) return late_.push_back({.from = session->id, .more = more});
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
  const auto next = late_.begin() + Upto(static_cast<std::uint32_t>(late_.size() - 1));
  const Late late = std::move(*next);
  late_.erase(next);
  ++counts_.late;
  if (late.settle) return ArriveSettle(late.from, *late.settle);
  ArriveCredit(late.from, late.more);
}

void GroupWorld::Revise() {
  v1::Revised revised;
  revised.set_version(++version_);
  trace_.push_back(fmt::format("revised to {}", version_));
  revision_untold_ = true;
  for (auto& [id, session] : sessions_) session.owed = true;
  Perform(group_->OnRevised(revised, now_));
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
    if (faults_ && Chance(30)) continue;
    add(cursor, faults_ ? kHows[Upto(9)] : v1::SettleRequest::ack);
  }
  if (faults_ && Chance(20) && !feed_.empty()) {  // something that it may not hold
    add(std::next(feed_.begin(), Upto(static_cast<std::uint32_t>(feed_.size() - 1)))->first,
        v1::SettleRequest::ack);
  }
  if (faults_ && Chance(20)) {
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
    Entry& entry = feed_.at(cursor);
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
    for (const Cursor& cursor : one.settled) feed_.at(cursor).confirmed = true;
  }
  unanswered_.clear();
  if (const auto floor = std::exchange(to_be_durable_, std::nullopt); floor && group_) {
    Perform(group_->OnDurable(*floor, now_));
  }
}

void GroupWorld::Read() {
  if (!wanted_) return;
  const auto wanted = *std::exchange(wanted_, std::nullopt);
  if (faults_ && Chance(10)) return Perform(group_->OnPageFailed(now_));
  std::uint32_t scan = faults_ ? 1 + Upto(12) : 1'000;
  Group::Page page{.changes = {}, .covered_to = wanted.after, .at_head = true, .head = head_};
  if (wanted.limit == 0) ++counts_.looked;
  for (auto next = feed_.upper_bound(wanted.after); next != feed_.end(); ++next) {
    ++page.rows_examined;
    const bool full = wanted.limit > 0 && page.changes.size() == wanted.limit;
    page.match_waits = wanted.limit == 0 && next->second.matches;
    if (full || page.match_waits || scan-- == 0) {
      page.at_head = false;
      break;
    }
    page.covered_to = next->first;
    Entry& entry = next->second;
    if (!entry.matches) continue;
    entry.kin.clear();
    for (const auto& component : components_) {
      if (component.contains(entry.subject)) entry.kin = component;
    }
    entry.kin.erase(entry.subject);
    auto& incoming = page.changes.emplace_back();
    incoming.kin.assign(entry.kin.begin(), entry.kin.end());
    v1::Change* change = incoming.change.mutable_change();
    change->set_position(next->first.position.value());
    change->set_ordinal(next->first.ordinal.value());
    change->set_subject(entry.subject);
  }
  trace_.push_back(fmt::format("read {} up to {}", page.changes.size(), In(page.covered_to)));
  rows_ += page.rows_examined;
  Perform(group_->OnPage(std::move(page), now_));
}

void GroupWorld::Advance() {
  const auto due = group_->next_tick();
  if (due && Chance(70)) {
    now_ = std::max(now_, std::min(*due, now_ + Tick(1'500)));
  } else {
    now_ += Tick(Upto(faults_ ? 1'500 : 100));
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
    if (place.first != Kind::kParked || Chance(50)) continue;
    v1::StoredChange stored;
    stored.ParseFromString(value);
    Entry& entry = feed_.at(place.second);
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
  late_.clear();
  rows_ = 0;
  if (power_cut) unsynced_.resize(Upto(static_cast<std::uint32_t>(unsynced_.size())));
  const auto unanswered = std::exchange(unanswered_, {});
  Sync();  // what is on disk now is what will ever have been there
  Group::Stored stored;
  std::map<Cursor, v1::StoredChange> in_flight;
  std::map<Cursor, v1::StoredChange> parked;
  for (const auto& [place, value] : disk_) {
    if (place.first == Kind::kGroup) {
      stored.group.ParseFromString(value);
    } else {
      auto& rows = place.first == Kind::kInFlight ? in_flight : parked;
      rows[place.second].ParseFromString(value);
    }
  }
  const Cursor considered = FromWire(stored.group.considered());
  for (auto& [cursor, entry] : feed_) {
    if (!entry.matches || cursor <= begins_after_) continue;
    const auto row = in_flight.find(cursor);
    const auto aside = parked.find(cursor);
    const Fate before = entry.fate;
    if (row != in_flight.end() || cursor > considered) {
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
  group_.emplace(std::move(stored), head_, now_);
  if (group_->ack_floor() < told_) {
    Break(promise::kCovered, "what was told, " + In(told_) + ", went back");
  }
  if (power_cut) return;
  if (group_->ack_floor() < listed) {
    Break(promise::kCovered, "the floor that was listed, " + In(listed) + ", went back");
  }
  if (revision_told && revision_untold_) Break(promise::kRevised, "to be told again");
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
  for (const auto& [cursor, entry] : feed_) {
    if (!entry.matches || cursor <= begins_after_) continue;
    if (!entry.delivered) Break(promise::kGapFree, "never delivered, " + In(cursor));
    if (entry.fate == Fate::kOpen) Break(promise::kGapFree, "never settled, " + In(cursor));
  }
  return broken_.empty() && !sessions_.empty() && sessions_.begin()->second.live;
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

void GroupWorld::Perform(Group::Actions actions) {
  while (broken_.empty()) {
    Write(actions.rows);
    if (actions.read) wanted_ = actions.read;
    if (actions.sync) to_be_durable_ = group_->ack_floor();
    for (const auto& [id, message] : actions.ended) {
      trace_.push_back(fmt::format("ended {}: {}", id, message.ended().why()));
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
    if (row.kind != Kind::kParked || !row.value) continue;
    Entry& entry = feed_.at(row.cursor);
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
    if (covered != EndOf(head_)) Break(promise::kStanding, "caught up, and not at the head");
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
  const auto found = feed_.find(cursor);
  if (found == feed_.end() || !found->second.matches || cursor <= begins_after_ ||
      found->second.subject != delivered.change().change().subject()) {
    return Break(promise::kFiltered, "given what does not match, " + In(cursor));
  }
  Entry& entry = found->second;
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
      if (feed_.at(held).subject == entry.subject) {
        Break(promise::kSharedByMeeting,
              "two changes of one meeting are out, " + In(cursor) + " and " + In(held));
      }
    }
  }
  for (const auto& [earlier, other] : feed_) {
    if (earlier >= cursor) break;
    if (!other.matches || earlier <= begins_after_ || !Related(other, entry)) continue;
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
  return earlier.subject == later.subject || later.kin.contains(earlier.subject);
}

void GroupWorld::CheckCovered(const Cursor& covered) {
  if (covered > std::max(EndOf(head_), begins_after_)) Break(promise::kCovered, "beyond the head");
  for (const auto& [cursor, entry] : feed_) {
    if (cursor > covered) return;
    if (cursor <= begins_after_ || !entry.matches) continue;
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
  for (const auto& [cursor, entry] : feed_) {
    if (WaitsForCreditOnly(cursor, entry)) return;
  }
  Break(promise::kStanding, "it fell behind, and nothing waits for credit");
}

bool GroupWorld::WaitsForCreditOnly(const Cursor& cursor, const Entry& entry) const {
  if (!entry.matches || cursor <= begins_after_ || entry.fate != Fate::kOpen) return false;
  const auto standing = group_->standing();
  if (cursor > standing.considered) return standing.in_flight < definition_.max_in_flight();
  if (entry.not_before && now_ < *entry.not_before) return false;
  for (const auto& [id, session] : sessions_) {
    if (std::ranges::find(session.holds, cursor) != session.holds.end()) return false;
  }
  for (const auto& [earlier, other] : feed_) {
    if (earlier >= cursor) break;
    const bool open = other.matches && earlier > begins_after_ && other.fate == Fate::kOpen;
    if (open && Related(other, entry)) return false;
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
  for (const auto& [cursor, entry] : feed_) {
    if (cursor <= begins_after_ || !entry.matches) continue;
    if (cursor <= standing.considered && entry.fate == Fate::kOpen) {
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
  if (standing.stalled != (full && standing.considered < EndOf(head_)))
    Break(promise::kStanding, "stalled is not whether max_in_flight holds it up");
  if (2 * standing.in_flight <= definition_.max_in_flight()) {
    for (auto& [id, session] : sessions_) session.stalled = false;
  }
  if (standing.consumers != sessions_.size())
    Break(promise::kStanding, "others are counted as consumers than there are");
  if (standing.parked != parked) Break(promise::kStanding, "parked is not what was set aside");
}

std::size_t GroupWorld::fingerprint() const {
  std::string all;
  for (const std::string& line : trace_) all += line + "\n";
  return std::hash<std::string>()(all);
}

void GroupWorld::Break(std::string_view promise, const std::string& how) {
  if (broken_.empty()) broken_ = promise::Broken(promise, how);
}

GroupWorld::Session* GroupWorld::RandomSession() {
  if (sessions_.empty()) return nullptr;
  const auto nth = Upto(static_cast<std::uint32_t>(sessions_.size() - 1));
  return &std::next(sessions_.begin(), nth)->second;
}

// Not std::uniform_int_distribution, whose results are the library's choice.
std::uint32_t GroupWorld::Upto(std::uint32_t most) {
  return static_cast<std::uint32_t>(random_() % (std::uint64_t{most} + 1));
}

bool GroupWorld::Chance(int percent) { return Upto(99) < static_cast<std::uint32_t>(percent); }

}  // namespace entente::query
