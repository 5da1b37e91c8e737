#include "tests/services/query/subscription_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <sstream>

#include "tests/services/query/promises.h"
#include "tests/services/query/told.h"

namespace entente::query {
namespace {

Cursor Below(const Cursor& cursor) {
  if (cursor.ordinal == Ordinal()) return EndOf(Position(cursor.position.value() - 1));
  return {cursor.position, Ordinal(static_cast<std::uint16_t>(cursor.ordinal.value() - 1))};
}

}  // namespace

SubscriptionWorld::SubscriptionWorld(std::uint64_t seed) : dice_(seed), asked_(dice_) {
  interests_.Add(0, asked_.compiled());
  for (std::uint32_t i = dice_.Upto(20); i > 0; --i) Append();
  begins_after_ = EndOf(Position(dice_.Upto(10)));  // perhaps above the head
  saved_ = begins_after_;
  told_ = begins_after_;
  Connect();
}

std::string SubscriptionWorld::Run(int steps) {
  for (int i = 0; i < steps && broken_.empty(); ++i) {
    const std::uint32_t what = dice_.Upto(99);
    if (!machine_ && dice_.Chance(50)) {
      Connect();
    } else if (what < 18) {
      Append();
    } else if (what < 28) {
      Grant(dice_.Upto(5));
    } else if (what < 50) {
      Read();
    } else if (what < 68) {
      Arrive();
    } else if (what < 74) {
      Carry();
    } else if (what < 88) {
      Advance(Tick(2'000));
    } else if (what < 91) {
      room_ = dice_.Upto(6);
    } else if (what < 93) {
      Revise();
    } else if (what < 95) {
      saved_ = told_;  // it keeps its place
    } else if (what < 97) {
      Restart();
    } else if (what < 99) {
      Die();
    } else {
      Advance(lease_);
    }
  }
  faults_ = false;
  while (broken_.empty() && head_ <= begins_after_.position) Append();
  if (broken_.empty() && !FlowWithoutCredit()) {
    Break(promise::kCovered, "without credit it does not go on to the next change that matches");
  }
  if (broken_.empty() && !Flow()) Break(promise::kGapFree, "it does not come to rest at the head");
  if (broken_.empty()) return {};
  std::ostringstream story;
  story << broken_ << "\n";
  const std::size_t last = 80;
  for (std::size_t i = trace_.size() > last ? trace_.size() - last : 0; i < trace_.size(); ++i) {
    story << "  " << trace_[i] << "\n";
  }
  return story.str();
}

void SubscriptionWorld::Append() {
  head_ = head_.Next();
  std::uint16_t ordinal = 0;
  for (std::uint32_t i = dice_.Upto(2); i > 0; --i) {
    AddChange({head_, Ordinal(ordinal++)});
  }
  if (!interests_.In(ChangesFrom(feed_, head_)).empty()) TellHead();
  if (!rest_) rest_ = now_ + Subscription::kCheckpointAfter;
}

// At once of a change that may concern it, a moment later of others. A stalled one is not told, and
// misses nothing.
void SubscriptionWorld::TellHead() {
  if (!machine_ || machine_->stalled()) return;
  known_head_ = head_;
  Perform(machine_->OnHead(head_, now_));
}

// There, or in the place of another.
void SubscriptionWorld::AddChange(const Cursor& at) {
  v1::Change change = asked_.DrawChange(dice_, at, "meeting/m");
  const bool matches = asked_.Matches(change);
  if (!matches) ++counts_.passed;
  trace_.push_back(fmt::format("change {}{}", In(at), matches ? "" : ", no match"));
  feed_.insert_or_assign(at, std::move(change));
}

void SubscriptionWorld::Connect() {
  HangUp();
  excused_.erase(excused_.upper_bound(told_), excused_.end());  // what it was sent is lost
  const std::uint32_t credit = 1 + dice_.Upto(7);
  lease_ = Tick(2'000 + 1'000 * dice_.Upto(20));
  heard_ = now_;
  granted_ = credit;
  given_ = 0;
  number_ = 0;
  told_live_ = false;
  rows_ = 0;
  room_ = 10;
  if (told_ > begins_after_) ++counts_.resumed;
  trace_.push_back(fmt::format("subscribe after {}, credit {}", In(told_), credit));
  known_head_ = head_;
  machine_.emplace(
      Subscription::Terms{
          .after = told_, .credit = credit, .lease = lease_, .ahead = Tick(500 * dice_.Upto(4))},
      head_, now_);
  Perform(machine_->Start(now_));
}

void SubscriptionWorld::HangUp() {
  machine_.reset();
  wanted_.reset();
  messages_.clear();
  credits_.clear();
}

// The server ends and begins again; what was on its way is lost, and the reader notices.
void SubscriptionWorld::Restart() {
  ++counts_.restarts;
  trace_.emplace_back("restart of the server");
  HangUp();
}

// The reader forgets what it did not keep.
void SubscriptionWorld::Die() {
  ++counts_.deaths;
  trace_.push_back("death of the reader, which kept " + In(saved_));
  HangUp();
  told_ = saved_;
  std::erase_if(taken_, [this](const Cursor& cursor) { return cursor > saved_; });
}

void SubscriptionWorld::Grant(std::uint32_t more) {
  granted_ += more;
  credits_.push_back(more);
}

// What the reader sent comes to the server.
void SubscriptionWorld::Carry() {
  if (credits_.empty()) return;
  const std::uint32_t more = credits_.front();
  credits_.pop_front();
  if (!machine_) return;  // SUBSCRIPTION_UNKNOWN
  heard_ = now_;
  room_ = 10;
  trace_.push_back(fmt::format("grant {}", more));
  Perform(machine_->OnCredit(more, now_));
}

void SubscriptionWorld::Arrive() {
  for (std::uint32_t i = 1 + dice_.Upto(5); i > 0 && !messages_.empty() && broken_.empty(); --i) {
    const v1::SubscriptionMessage message = std::move(messages_.front());
    messages_.pop_front();
    Take(message);
  }
}

void SubscriptionWorld::Read() {
  if (!wanted_) return;
  const auto wanted = *std::exchange(wanted_, std::nullopt);
  if (faults_ && dice_.Chance(10)) return Perform(machine_->OnPageFailed(now_));
  std::uint32_t scan = faults_ ? 1 + dice_.Upto(12) : 1'000;
  FeedSlice slice{.changes = {}, .covered_to = wanted.after, .at_head = true, .head = head_};
  if (wanted.limit == 0) ++counts_.looked;
  for (auto next = feed_.upper_bound(wanted.after); next != feed_.end(); ++next) {
    ++slice.rows_examined;
    const bool full = wanted.limit > 0 && slice.changes.size() == wanted.limit;
    const bool matches = views::TermsMatch(asked_.compiled(), next->second);
    slice.match_waits = wanted.limit == 0 && matches;
    if (full || slice.match_waits || scan-- == 0) {
      slice.at_head = false;
      if (slice.match_waits) slice.covered_to = std::max(wanted.after, Below(next->first));
      break;
    }
    slice.covered_to = next->first;
    if (!matches) continue;
    *slice.changes.emplace_back().mutable_change() = next->second;
  }
  trace_.push_back(fmt::format("read {} of at most {} up to {}", slice.changes.size(), wanted.limit,
                               In(slice.covered_to)));
  rows_ += slice.rows_examined;
  known_head_ = head_;
  Perform(machine_->OnPage(std::move(slice), now_));
}

void SubscriptionWorld::Advance(Tick most) {
  now_ += Tick(dice_.Upto(static_cast<std::uint32_t>(most.count())));
  if (!machine_) return;
  if (dice_.Chance(50)) now_ = std::max(now_, std::min(machine_->next_tick(), now_ + most));
  if (rest_ && now_ >= *rest_) {
    rest_.reset();
    TellHead();
  }
  if (machine_) Perform(machine_->OnTick(now_));
}

// The views that take over have other changes, up to the head: what the reader was told stays told,
// and what it was not told yet is read from them.
void SubscriptionWorld::Alter() {
  counts_.altered += AlterFeed(dice_, &feed_, &trace_, [this](const Cursor& at) { AddChange(at); });
  const Cursor sent = machine_ ? std::max(machine_->considered(), told_) : told_;
  for (const auto& [cursor, change] : feed_) {
    if (cursor <= sent && asked_.Matches(change) && !taken_.contains(cursor))
      excused_.insert(cursor);
  }
}

void SubscriptionWorld::Revise() {
  Alter();
  TellHead();
  if (!machine_) return;
  v1::Revised revised;
  revised.set_version(++version_);
  trace_.push_back(fmt::format("revised to {}", version_));
  Perform(machine_->OnRevised(revised, now_));
}

void SubscriptionWorld::Perform(Subscription::Actions actions) {
  while (broken_.empty()) {
    if (actions.end) {
      if (now_ < heard_ + lease_) Break(promise::kResumable, "it ended before its lease did");
      ++counts_.leases;
      trace_.push_back("ended: " + actions.end->ended().why());
      return HangUp();
    }
    if (actions.read) {
      if (wanted_) Break(promise::kWithinCredit, "two pages are asked for at once");
      wanted_ = actions.read;
    }
    if (actions.messages.empty()) return;
    const std::size_t accepted = std::min<std::size_t>(actions.messages.size(), room_);
    if (accepted < actions.messages.size()) ++counts_.refused;
    for (std::size_t i = 0; i < accepted; ++i) Send(actions.messages[i]);
    room_ -= static_cast<std::uint32_t>(accepted);
    actions = machine_->OnSent(accepted, now_);
  }
}

// What is known when it is sent and may be otherwise when it arrives.
void SubscriptionWorld::Send(const v1::SubscriptionMessage& message) {
  const Cursor covered = FromWire(message.covered_to());
  if (const auto told = RowsToldIn(message); told && *told != rows_) {
    Break(promise::kStanding, fmt::format("it cost {} rows, and {} are told", rows_, *told));
  }
  if (message.has_caught_up()) {
    if (covered != EndOf(known_head_)) Break(promise::kStanding, "caught up, and not at the head");
    if (NextMatch(covered)) Break(promise::kStanding, "caught up, and a change waits");
    if (told_live_) Break(promise::kStanding, "caught up twice, and nothing in between");
    told_live_ = true;
  }
  if (message.has_fell_behind()) {
    ++counts_.fell_behind;
    if (!told_live_) Break(promise::kStanding, "it fell behind, and had not caught up");
    if (!NextMatch(covered)) Break(promise::kStanding, "it fell behind, and nothing waits");
    told_live_ = false;
  }
  if (message.has_delivered()) {
    const v1::Change& change = message.delivered().change().change();
    const auto found = feed_.find(CursorOf(change));
    if (found == feed_.end() || !asked_.Matches(found->second) ||
        CursorOf(change) <= begins_after_) {
      Break(promise::kFiltered, "given what does not match, " + In(CursorOf(change)));
    }
  }
  messages_.push_back(message);
}

void SubscriptionWorld::Take(const v1::SubscriptionMessage& message) {
  if (message.number() != ++number_) {
    Break(promise::kNumbered, fmt::format("{} came after {}", message.number(), number_ - 1));
  }
  const Cursor covered = FromWire(message.covered_to());
  trace_.push_back("  takes " + Show(message));
  if (covered < told_) Break(promise::kCovered, "it went back to " + In(covered));
  if (message.has_delivered()) TakeChange(message.delivered().change().change());
  if (const auto next = NextMatch(begins_after_); next && *next <= covered) {
    Break(promise::kCovered, In(covered) + " passes what was not given, " + In(*next));
  }
  told_ = covered;
  if (message.has_heartbeat()) Grant(0);
  if (message.has_revised()) {
    ++counts_.revised;
    if (message.revised().version() <= revised_) Break(promise::kRevised, "told again");
    revised_ = message.revised().version();
  }
}

void SubscriptionWorld::TakeChange(const v1::Change& change) {
  const Cursor cursor = CursorOf(change);
  ++counts_.delivered;
  if (cursor <= told_) Break(promise::kOrdered, In(cursor) + " came after " + In(told_));
  if (!taken_.insert(cursor).second) Break(promise::kUnique, In(cursor) + " came twice");
  if (++given_ > granted_) Break(promise::kWithinCredit, In(cursor) + " is more than was granted");
}

std::optional<Cursor> SubscriptionWorld::NextMatch(const Cursor& after) const {
  for (auto next = feed_.upper_bound(std::max(after, begins_after_)); next != feed_.end(); ++next) {
    const bool settled = taken_.contains(next->first) || excused_.contains(next->first);
    if (!settled && asked_.Matches(next->second)) return next->first;
  }
  return std::nullopt;
}

// A reader that takes everything and grants nothing: it is told how far nothing matches.
bool SubscriptionWorld::FlowWithoutCredit() {
  Connect();
  for (int i = 0; i < 2'000 && broken_.empty(); ++i) {
    room_ = 1'000;
    while (!messages_.empty() && broken_.empty()) Arrive();
    while (!credits_.empty()) Carry();
    const auto next = NextMatch(told_);
    if (told_ >= (next ? Below(*next) : EndOf(head_)) && given_ == (next ? granted_ : given_)) {
      return true;
    }
    if (wanted_) {
      Read();
    } else {
      Advance(Tick(100));
    }
    if (!machine_) return false;
  }
  return !broken_.empty();
}

bool SubscriptionWorld::Flow() {
  for (int i = 0; i < 20'000 && broken_.empty(); ++i) {
    if (!machine_) Connect();
    room_ = 1'000;
    while (!messages_.empty() && broken_.empty()) Arrive();
    Grant(1);
    while (!credits_.empty() && machine_) Carry();
    if (told_ == EndOf(head_) && told_live_ && messages_.empty()) break;
    if (wanted_) {
      Read();
    } else {
      Advance(Tick(100));
    }
  }
  if (const auto missing = NextMatch({})) {
    Break(promise::kGapFree, "never given, " + In(*missing));
  }
  return broken_.empty() && told_ == EndOf(head_);
}

std::size_t SubscriptionWorld::fingerprint() const {
  std::string all;
  for (const std::string& line : trace_) all += line + "\n";
  return std::hash<std::string>()(all);
}

void SubscriptionWorld::Break(std::string_view promise, const std::string& how) {
  if (broken_.empty()) broken_ = promise::Broken(promise, how);
}

}  // namespace entente::query
