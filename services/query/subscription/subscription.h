// One catch-up subscription as a state machine: what happened goes in, what to do comes out.
//
//     head moved, credit, clock ──▶ Subscription ──▶ read a page after C, at most n changes
//              page read ────────▶              ──▶ messages 7, 8, 9
//              k of them taken ──▶              ──▶ the next page, or nothing to do
//
// There is one cursor. History is read from it page by page, and live is the same reading once
// the head is near: no second mode, hence no seam at which a change could be lost or doubled.
//
// Pure: no clock, no socket, no store. The loop around it (subscriptions.h) does what it says and
// reports what came of it; tests run it through simulated time.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/credit.h"
#include "services/query/subscription/retry_pause.h"
#include "values/position.h"

namespace entente::query {

// Time since any fixed moment; never runs backwards.
using Tick = std::chrono::milliseconds;

// What a page of the feed gave. `changes` are above the cursor asked for, in feed order.
struct FeedSlice {
  std::vector<v1::DescribedChange> changes;
  Cursor covered_to;     // everything up to here has been considered
  bool at_head = false;  // nothing is left to consider
  Position head;         // of the snapshot it was read from
  // Of a page of at most no changes: one that matches is next above covered_to.
  bool match_waits = false;
  std::uint64_t rows_examined = 0;  // what the page cost
};

class Subscription {
 public:
  struct Terms {
    Cursor after;              // begin with the first change above
    std::uint32_t credit = 0;  // 0: Credit::kDefault
    Tick lease{30'000};        // without a sign of life, it ends
    // By so much signs of life are asked for earlier than need be: of readers that were told the
    // same at the same moment not all are asked at another same one. At most MostAhead(lease).
    Tick ahead{0};
  };

  struct PageWanted {
    Cursor after;
    // Never more than the credit. 0: only look how far nothing matches, so that covered_to goes on
    // for a reader without credit.
    std::uint32_t limit;
  };

  struct Actions {
    // To be sent in this order; then OnSent says how many the socket took.
    std::vector<v1::SubscriptionMessage> messages;
    // To be read when its turn comes; then OnPage. At most one is asked for at a time.
    std::optional<PageWanted> read;
    // The subscription is over. Try to send this last message, then drop it.
    std::optional<v1::SubscriptionMessage> end;
  };

  static constexpr std::uint32_t kPageChangesMax = 64;
  static constexpr Tick kCheckpointAfter{1'000};  // progress without a match is told this late
  static constexpr Tick kFellBehindAfter{1'000};  // without credit and with something to read
  // When the socket took nothing it is tried again, at first so soon (RetryPause), and with one
  // change: to read a page for somebody who does not read would be in vain.
  static constexpr Tick kRetryAfter = RetryPause::kFirst;
  // Signs of life are asked for this often, so that two may be lost before the lease ends.
  static constexpr int kHeartbeatsPerLease = 3;
  static constexpr Tick MostAhead(Tick lease) { return lease / kHeartbeatsPerLease / 2; }

  Subscription(const Terms& terms, Position head, Tick now);

  // Each is given the present moment. Between a reply with messages and its OnSent comes nothing
  // else.
  Actions Start(Tick now);
  Actions OnHead(Position head, Tick now);
  Actions OnCredit(std::uint32_t more, Tick now);
  Actions OnPage(FeedSlice page, Tick now);
  // The page asked for could not be read; it is asked for again later.
  Actions OnPageFailed(Tick now);
  // Another generation of the views took over. What was considered is not looked at again: nothing
  // is told at or below the place where the views changed, to a reader that had come so far.
  Actions OnRevised(v1::Revised revised, Tick now);
  Actions OnTick(Tick now);
  // The socket took the first `accepted` of the messages; the others are as if never made: where
  // changes are among them, they are read again from the cursor.
  Actions OnSent(std::size_t accepted, Tick now);
  // The server ends it, and says why.
  v1::SubscriptionMessage End(const std::string& why) const;

  // When OnTick has something to do.
  Tick next_tick() const;
  // Everything up to here has been told to the reader.
  const Cursor& told() const { return told_; }
  // Everything up to here has been looked at; the next page begins behind it.
  const Cursor& considered() const { return considered_; }
  std::uint32_t credit() const { return credit_.left(); }
  // Without credit, and a match comes next: whatever the head does is nothing to it before credit
  // comes or the clock tells. It needs not hear of heads meanwhile.
  bool stalled() const {
    return credit_.left() == 0 && match_waits_ && !reading_ && out_.empty() && !revised_;
  }

 private:
  // What a message means once it has been taken.
  struct Sent {
    Cursor covered_to;
    bool delivered = false;
    std::optional<bool> live{};
    bool revised = false;
  };

  v1::SubscriptionMessage& Put(Actions* actions, const Cursor& covered_to);
  void PutCheckpoint(Actions* actions);
  // Adds the next step, if there is one and nothing is under way.
  Actions Continue(Tick now, Actions actions = {});
  bool BehindHead() const;
  // At the head, and the reader has not been told. One that began above our head (its last server
  // was ahead of us) first waits for us to get there.
  bool JustCaughtUp() const;
  bool HasNext() const;
  bool Starved() const { return live_ && credit_.left() == 0 && match_waits_; }
  // There is progress, and no other message is about to tell it: what tells a reader that it fell
  // behind says how far it has come too.
  bool TellsOfProgress() const { return considered_ > told_ && !Starved(); }
  bool CheckpointDue(Tick now) const;
  Tick heartbeat_at() const { return last_sent_ + lease_ / kHeartbeatsPerLease - ahead_; }
  Tick lease_end() const { return last_sign_ + lease_; }

  Credit credit_;
  const Tick lease_;
  const Tick ahead_;
  Position head_;

  Cursor told_;                         // told_ <= considered_
  Cursor considered_;                   // the next page is read from here
  std::uint64_t number_ = 0;            // of the last message taken
  std::uint64_t rows_examined_ = 0;     // of all pages
  bool live_ = false;                   // the last word was "caught up"
  bool reading_ = false;                // a page is asked for
  bool match_waits_ = false;            // right above considered_; only known without credit
  std::vector<Sent> out_;               // messages handed out, until OnSent
  std::optional<v1::Revised> revised_;  // until the socket took it

  Tick last_sign_;
  Tick last_sent_;
  Tick blocked_until_;  // the socket is full
  RetryPause pause_;
  std::uint32_t page_ = kPageChangesMax;  // changes to read at once; fewer after it was full
  std::optional<Tick> starved_since_;     // live, no credit, something to read
};

}  // namespace entente::query
