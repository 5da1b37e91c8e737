// Goal: a catch-up subscription keeps its promises whatever happens around it.
//
// Strategy: a feed that grows, a reader that grants credit when it likes, a socket that takes as
// many messages as it has room for, a store that is read late, partly, or not at all, and a clock,
// all driven by a random list out of a closed set of steps. Every message taken is checked against
// the promises; at the end everything is let flow, and the reader must hold exactly what the feed
// holds.
//
// The promises: numbered without gaps; ordered; unique; covered (whatever matches and lies at or
// below covered_to has been delivered); never backwards; within credit; caught up only at a head.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "services/query/subscription/cursor.h"
#include "services/query/subscription/subscription.h"

namespace entente::query {
namespace {

enum class Kind { kAppend, kGrant, kRead, kReadFails, kAdvance, kTick, kDrain, kRevise };

struct Step {
  Kind kind;
  std::uint32_t size;
};

std::ostream& operator<<(std::ostream& out, const Step& step) {
  const char* const names[] = {"Append",  "Grant", "Read",  "ReadFails",
                               "Advance", "Tick",  "Drain", "Revise"};
  return out << names[static_cast<int>(step.kind)] << "(" << step.size << ")";
}

class World {
 public:
  World(Cursor after, std::uint32_t credit, std::uint32_t history)
      : after_(after), granted_(Credit(credit).left()), told_(after) {
    Append(history);
    subscription_.emplace(
        Subscription::Terms{.after = after, .credit = credit, .lease = Tick(1'000'000'000)}, head_,
        now_);
    Perform(subscription_->Start(now_));
  }

  void Do(const Step& step) {
    switch (step.kind) {
      case Kind::kAppend:
        Append(step.size);
        Perform(subscription_->OnHead(head_, now_));
        break;
      case Kind::kGrant:
        Grant(step.size);
        break;
      case Kind::kRead:
        Read(1 + step.size);
        break;
      case Kind::kReadFails:
        if (wanted_) {
          wanted_.reset();
          Perform(subscription_->OnPageFailed(now_));
        }
        break;
      case Kind::kAdvance:
        now_ += Tick(step.size * 100);
        break;
      case Kind::kTick:
        // To the next moment that matters, but not to the lease's end: these readers live.
        now_ = std::max(now_, std::min(subscription_->next_tick(), now_ + Tick(10'000)));
        Perform(subscription_->OnTick(now_));
        break;
      case Kind::kDrain:
        room_ = step.size;
        break;
      case Kind::kRevise: {
        v1::Revised revised;
        revised.set_version(++version_);
        Perform(subscription_->OnRevised(revised, now_));
        break;
      }
    }
  }

  // Lets everything flow; false if it does not come to rest.
  bool Settle() {
    for (int i = 0; i < 10'000; ++i) {
      room_ = 1'000;
      if (wanted_) {
        Read(1'000);
      } else if (told_ == EndOf(head_) && live_) {
        return told_version_ == version_;  // nor is the last one forgotten
      } else {
        Grant(1);
        Do({Kind::kTick, 0});
      }
    }
    return false;
  }

  std::vector<Cursor> Expected(const Cursor& up_to) const {
    std::vector<Cursor> expected;
    for (const Cursor& cursor : feed_) {
      if (cursor > after_ && cursor <= up_to) expected.push_back(cursor);
    }
    return expected;
  }
  const std::vector<Cursor>& delivered() const { return delivered_; }
  Position head() const { return head_; }

 private:
  // Position p has p % 3 matching changes: some have none, some several.
  void Append(std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
      head_ = head_.Next();
      for (std::uint16_t ordinal = 0; ordinal < head_.value() % 3; ++ordinal) {
        feed_.push_back({head_, Ordinal(ordinal)});
      }
    }
  }

  void Grant(std::uint32_t more) {
    granted_ += more;
    Perform(subscription_->OnCredit(more, now_));
  }

  // Reads what is wanted, looking at most at `scan` changes above the cursor.
  void Read(std::uint32_t scan) {
    if (!wanted_) return;
    const auto wanted = *std::exchange(wanted_, std::nullopt);
    RC_ASSERT(wanted.limit > 0U);
    FeedSlice slice{.changes = {}, .covered_to = wanted.after, .at_head = true, .head = head_};
    auto next = std::upper_bound(feed_.begin(), feed_.end(), wanted.after);
    for (; next != feed_.end(); ++next) {
      if (slice.changes.size() == wanted.limit || scan-- == 0) {
        slice.at_head = false;
        break;
      }
      slice.covered_to = *next;
      auto* change = slice.changes.emplace_back().mutable_change();
      change->set_position(next->position.value());
      change->set_ordinal(next->ordinal.value());
    }
    Perform(subscription_->OnPage(std::move(slice), now_));
  }

  void Perform(Subscription::Actions actions) {
    while (true) {
      RC_ASSERT(!actions.end.has_value());
      if (actions.read) {
        RC_ASSERT(!wanted_.has_value());
        wanted_ = actions.read;
      }
      if (actions.messages.empty()) return;
      const std::size_t taken = std::min<std::size_t>(actions.messages.size(), room_);
      for (std::size_t i = 0; i < taken; ++i) Take(actions.messages[i]);
      room_ -= static_cast<std::uint32_t>(taken);
      actions = subscription_->OnSent(taken, now_);
    }
  }

  void Take(const v1::SubscriptionMessage& message) {
    const Cursor covered = FromWire(message.covered_to());
    RC_ASSERT(message.number() == ++number_);  // numbered without gaps
    RC_ASSERT(covered >= told_);               // never backwards
    if (message.has_delivered()) {
      const Cursor cursor = CursorOf(message.delivered().change().change());
      RC_ASSERT(cursor == covered);
      const bool ordered = delivered_.empty() || cursor > delivered_.back();
      RC_ASSERT(ordered);  // and so unique
      delivered_.push_back(cursor);
      RC_ASSERT(delivered_.size() <= granted_);  // within credit
    }
    RC_ASSERT(delivered_ == Expected(covered));  // covered
    told_ = covered;
    if (message.has_caught_up()) {
      RC_ASSERT(!live_);
      RC_ASSERT(covered == EndOf(head_));  // caught up only at a head
      live_ = true;
    }
    if (message.has_revised()) {
      RC_ASSERT(message.revised().version() > told_version_);  // told once
      told_version_ = message.revised().version();
    }
    if (message.has_fell_behind()) {
      RC_ASSERT(live_);
      live_ = false;
    }
  }

  const Cursor after_;
  std::uint64_t granted_;
  std::vector<Cursor> feed_;
  Position head_;
  Tick now_{5};
  std::uint32_t room_ = 4;

  std::optional<Subscription> subscription_;
  std::optional<Subscription::PageWanted> wanted_;

  std::vector<Cursor> delivered_;
  Cursor told_;
  std::uint64_t number_ = 0;
  bool live_ = false;
  std::uint32_t version_ = 0;
  std::uint32_t told_version_ = 0;
};

TEST(SubscriptionSimulation, KeepsItsPromises) {
  // Half a second's worth; RC_PARAMS may ask for more, or give a seed back.
  ::setenv("RC_PARAMS", "max_success=2000", /*overwrite=*/0);
  const bool held = rc::check("a catch-up subscription", [] {
    const auto history = *rc::gen::inRange<std::uint32_t>(0, 30);
    const auto from = *rc::gen::inRange<std::uint64_t>(0, 12);
    const auto credit = *rc::gen::inRange<std::uint32_t>(1, 8);
    const auto steps = *rc::gen::container<std::vector<Step>>(rc::gen::construct<Step>(
        rc::gen::element(Kind::kAppend, Kind::kGrant, Kind::kRead, Kind::kRead, Kind::kReadFails,
                         Kind::kAdvance, Kind::kTick, Kind::kDrain, Kind::kRevise),
        rc::gen::inRange<std::uint32_t>(0, 6)));
    World world({Position(from), Ordinal(0)}, credit, history);
    for (const Step& step : steps) world.Do(step);
    world.Do({Kind::kAppend, 14});  // above every starting point
    RC_ASSERT(world.Settle());
    RC_ASSERT(world.delivered() == world.Expected(EndOf(world.head())));
  });
  EXPECT_TRUE(held);
}

}  // namespace
}  // namespace entente::query
