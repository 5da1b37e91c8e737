// A durable subscription (consumer group) as a state machine: what happened goes in, what to
// write, to send and to read comes out.
//
//                         in flight                                settled
//     feed ──read page──▶ ready ──▶ out, with a consumer ──ack, skip──▶ forgotten
//                           ▲        │      │
//                           │        │      └─park, or failed too often──▶ parked ──replay─┐
//                           └─retry──┴──consumer gone                                      │
//                           ▲                                                              │
//                           └──────────────────────────────────────────────────────────────┘
//
// What is kept on disk is given out as rows and taken back by the constructor: the machine that is
// loaded goes on where the rows stand. Rows of one step belong into one batch, written before
// anything of that step is sent; those of a settlement must be on disk before it is answered.
//
// Pure: no clock, no socket, no store (groups.h has them). Simulated through thousands of
// histories by group_simulation_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "entente/v1/stored_group.pb.h"
#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/credit.h"
#include "services/query/subscription/kept_change.h"
#include "services/query/subscription/lanes.h"
#include "services/query/subscription/subscription.h"
#include "values/position.h"

namespace entente::query {

// A consumer of a group, from its joining until it leaves. Never used again.
using ConsumerId = std::uint64_t;

class Group {
 public:
  // One thing to keep, or no longer (`value` empty).
  struct Row {
    enum class Kind { kGroup, kInFlight, kParked };
    Kind kind = Kind::kGroup;
    Cursor cursor;  // of a change
    std::optional<std::string> value;
  };

  // What the rows say.
  struct Stored {
    v1::StoredGroup group;
    std::vector<std::pair<Cursor, v1::StoredChange>> in_flight;
    std::vector<std::pair<Cursor, v1::StoredChange>> parked;  // `change` may be left out but for
                                                              // its subject
  };

  struct Incoming {
    v1::DescribedChange change;
    std::vector<std::string> kin;  // other streams that its meeting hangs together with
  };
  // Changes above the cursor asked for, in feed order.
  struct Page {
    std::vector<Incoming> changes;
    Cursor covered_to;
    bool at_head = false;
    Position head;
    bool match_waits = false;  // as in FeedSlice
    std::uint64_t rows_examined = 0;
  };

  struct ToConsumer {
    ConsumerId consumer = 0;
    v1::SubscriptionMessage message;
  };

  struct Actions {
    std::vector<Row> rows;                         // first, in one batch
    std::vector<ToConsumer> messages;              // then these; then OnSent
    std::vector<ToConsumer> ended;                 // the consumer is gone: try to tell it
    std::optional<Subscription::PageWanted> read;  // when its turn comes; then OnPage
    // Everything written is to be on disk; then OnDurable with the ack floor of now.
    bool sync = false;
  };

  struct Terms {
    std::uint32_t credit = 0;
    Tick lease{30'000};
    std::string name;  // of the consumer; may be empty
  };

  struct Standing {
    Cursor ack_floor, considered;
    std::size_t in_flight, out, waiting, parked, consumers;
    bool stalled;
  };

  // A new group; Begin gives its first row.
  Group(v1::Group definition, const Cursor& after, Position head);
  // One that was kept. What was out is ready again, without a failure: its consumers may live.
  // What waited, waits its whole back-off.
  Group(const Stored& stored, Position head, Tick now);

  Actions Begin();
  // A consumer of the same name ends the other.
  Actions Join(ConsumerId id, const Terms& terms, Tick now);
  // It unsubscribed: what it held is ready, without a failure.
  Actions Leave(ConsumerId id, Tick now);
  // Its connection is gone. What it held is ready again; the first of it, which it was probably at
  // work on when it died, has failed once.
  Actions Vanish(ConsumerId id, Tick now);
  Actions OnCredit(ConsumerId id, std::uint32_t more, Tick now);
  // `reply` is to be sent once the rows are on disk.
  Actions Settle(ConsumerId id, const v1::SettleRequest& request, Tick now, v1::SettleReply* reply);
  // Parked changes, as they were given out, are in flight again.
  Actions Replay(std::vector<std::pair<Cursor, v1::StoredChange>> parked, Tick now);
  Actions OnHead(Position head, Tick now);
  Actions OnPage(Page page, Tick now);
  Actions OnPageFailed(Tick now);
  // Another generation of the views took over. What was considered is not told again. Kept until a
  // consumer took it; each that is there then is told.
  Actions OnRevised(const v1::Revised& revised, Tick now);
  Actions OnTick(Tick now);
  // What was written when the ack floor stood here is on disk. No consumer is told of a floor
  // before that: a power cut would take it back.
  Actions OnDurable(const Cursor& floor, Tick now);
  // For each message of the step, whether the socket took it. Of one consumer's, none is taken
  // behind one that was refused.
  Actions OnSent(const std::vector<ToConsumer>& messages, const std::vector<bool>& taken, Tick now);
  // A last message for each consumer, which are gone then.
  std::vector<ToConsumer> EndAll(const std::string& why);

  bool has(ConsumerId id) const { return consumers_.contains(id); }
  const v1::Group& definition() const { return definition_; }
  Standing standing() const;
  Cursor ack_floor() const;
  const Cursor& durable_floor() const { return durable_floor_; }  // up to here consumers are told
  std::optional<Tick> next_tick() const;

 private:
  static constexpr std::uint64_t kNotOut = 0;
  // There may be thousands.
  struct Item {
    KeptChange kept;
    std::uint64_t out = kNotOut;  // where its delivery stands in the order
  };
  struct Consumer {
    Consumer(const Terms& terms, Tick now, const Cursor& floor, std::uint64_t rows)
        : credit(terms.credit),
          lease(terms.lease),
          name(terms.name),
          rows_before(rows),
          told(floor),
          last_sign(now),
          last_sent(now),
          blocked_until(now) {}
    Credit credit;
    Tick lease;
    std::string name;
    std::uint64_t rows_before;  // of rows_examined_, what was read before it came
    std::uint64_t number = 0;
    std::vector<std::pair<std::uint64_t, Cursor>> holds;  // in the order of delivery
    Cursor told;
    bool live = false;                        // the last word was "caught up"
    bool told_stalled = false;                // and not half of that since
    std::optional<v1::Revised> revised = {};  // until it took it
    Tick last_sign, last_sent, blocked_until;
    RetryPause pause = {};
    // False: it does not hold this, delivered at that point of the order.
    bool LetGo(std::uint64_t order, const Cursor& cursor);
    Tick lease_end() const { return last_sign + lease; }
    Tick heartbeat_at() const { return last_sent + lease / Subscription::kHeartbeatsPerLease; }
  };
  using Consumers = std::map<ConsumerId, Consumer>;

  // It is in flight. The row that says so.
  Row Add(const Cursor& cursor, const v1::StoredChange& stored, std::optional<Tick> due);
  v1::SubscriptionMessage& Put(Actions* actions, ConsumerId id);
  // Adds what can be done now.
  Actions Continue(Tick now, Actions actions);
  Actions Continue(Tick now) { return Continue(now, Actions()); }
  void Deliver(Actions* actions, Tick now);
  void ReadOn(Actions* actions, Tick now);
  // Nobody takes anything, and yet it is not known that something waits.
  bool MayLook() const {
    return !reading_ && !match_waits_ && BehindHead() && !Full() && !lanes_.FirstReady();
  }
  void TellStanding(Actions* actions, Tick now);
  // Of those with credit and room, the one with most credit.
  Consumers::iterator Taker(Tick now);
  enum class Farewell { kPolite, kSudden };
  void Release(Consumers::iterator consumer, Farewell how, Tick now, Actions* actions);
  void Return(const Cursor& cursor, Actions* actions);
  void End(Consumers::iterator consumer, const std::string& why, Tick now, Actions* actions);
  void Wake(Tick now, Actions* actions);
  void Failed(const Cursor& cursor, bool later, const std::string& why, Tick now, Actions* actions);
  void Park(const Cursor& cursor, const std::string& why, Actions* actions);
  void Forget(const Cursor& cursor, Actions* actions);
  // False: this consumer does not hold it.
  bool SettleOne(Consumer* consumer, const v1::SettleRequest::One& one, Tick now, Actions* actions);

  bool AfterParked(const Cursor& cursor, const std::vector<std::string>& streams) const;
  bool BehindHead() const;
  // All is settled up to the head.
  bool AtRest() const;
  // And it is on disk, so it may be said.
  bool CaughtUp() const { return AtRest() && durable_floor_ >= ack_floor(); }
  // Somebody is to be told of a floor that is not on disk yet.
  bool WantsDurable(Tick now) const;
  bool HasWork() const { return lanes_.FirstReady() || (BehindHead() && !Full()); }
  bool HoldsBack() const { return lanes_.FirstReady() || (match_waits_ && !Full()); }
  std::uint64_t CreditOfAll(Tick now) const;
  bool Stalled() const { return Full() && BehindHead(); }
  bool Full() const { return items_.size() >= definition_.max_in_flight(); }
  // Adds the row of the group itself.
  void Keep(Actions* actions);
  Row GroupRow() const;
  static Row ChangeRow(Row::Kind kind, const Cursor& cursor, const KeptChange& kept);

  const v1::Group definition_;
  Position head_;
  Cursor considered_;
  Cursor kept_;  // of considered_, what the rows say
  Cursor durable_floor_;
  bool sync_asked_ = false;
  std::map<Cursor, Item> items_;
  Lanes lanes_;
  std::set<std::pair<Tick, Cursor>> waiting_;
  std::map<Cursor, std::vector<std::string>> parked_;
  std::map<std::string, std::set<Cursor>> parked_of_;  // by stream
  Consumers consumers_;
  std::uint64_t deliveries_ = 0;
  std::uint64_t rows_examined_ = 0;
  bool reading_ = false;
  bool match_waits_ = false;            // right above considered_; only known without credit
  std::optional<v1::Revised> revised_;  // until a consumer took it
  Tick read_again_at_{};
  Tick look_again_at_{};
  std::optional<Tick> starved_since_;
};

}  // namespace entente::query
