// A durable subscription in a simulated world: feed, disk, sockets, consumers and clock, all driven
// by one seed, with every promise of docs/protocol.md checked at every message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "services/query/interests.h"
#include "services/query/subscription/group.h"
#include "tests/services/query/dice.h"
#include "tests/services/query/drawn_filter.h"

namespace entente::query {

class GroupWorld {
 public:
  explicit GroupWorld(std::uint64_t seed);

  // Random steps, then everything is let flow. The promise that broke and what led to it; empty:
  // all held.
  std::string Run(int steps);

  // How much happened, so that a test can see that the world is not asleep.
  struct Counts {
    std::uint64_t delivered = 0, settled = 0, parked = 0, redelivered = 0, restarts = 0, merges = 0,
                  stalls = 0, taken_over = 0, late = 0, revised = 0, looked = 0, fell_behind = 0,
                  altered = 0, vanished = 0, leases = 0;
  };
  const Counts& counts() const { return counts_; }
  // Of all that happened: two worlds of one number differ if anything in them did.
  std::size_t fingerprint() const;

 private:
  enum class Fate { kOpen, kSettled, kParked };
  // What was read for the group, as it was read: the views may have it otherwise now.
  struct Entry {
    v1::Change change;
    Fate fate = Fate::kOpen;
    bool confirmed = false;  // its settlement was answered
    bool delivered = false;  // at least once
    bool replayed = false;   // covered when it was parked, and in flight again
    std::uint32_t failures = 0;
    std::optional<Tick> not_before = {};
    std::set<std::string> kin = {};
    const std::string& subject() const { return change.subject(); }
  };
  struct Session {
    ConsumerId id = 0;
    std::string name = {};
    std::uint64_t number = 0;
    std::uint64_t rows_before = 0;  // of rows_, when it came
    std::uint64_t credit = 0;
    Cursor covered = {};
    std::uint32_t room = 0;  // of its socket
    std::vector<Cursor> holds;
    bool live = false;
    bool stalled = false;       // it was told, and no half of it was settled since
    std::uint32_t revised = 0;  // version
    bool owed = false;          // it was there when the views were revised, and was not told yet
  };
  // A request that is on its way.
  struct Late {
    ConsumerId from = 0;
    std::uint32_t more = 0;
    std::optional<v1::SettleRequest> settle = {};
  };
  // A settlement that waits for the disk.
  struct Unanswered {
    std::vector<Cursor> settled;
  };

  // Steps.
  void Append();
  void Merge();
  std::string SomeMeeting();
  void AddChange(const Cursor& at, const std::string& subject);
  void TellOfNew();
  void TellHead();
  void Join();
  void Leave();
  void Vanish();
  void Grant();
  void Settle();
  void Carry();
  void ArriveCredit(ConsumerId id, std::uint32_t more);
  void ArriveSettle(ConsumerId id, const v1::SettleRequest& request);
  void Revise();
  void Alter();
  void Sync();
  void Read();
  void TakeIn(const Cursor& cursor, const v1::Change& change, Group::Incoming* incoming);
  void Advance();
  void Restart(bool power_cut);
  void ReplayParked();
  void Doze();
  bool Flow();
  void TellWhatIsOwed();

  // The world around the machine.
  void Perform(Group::Actions actions);
  void Write(const std::vector<Group::Row>& rows);
  bool Take(Session* session, const v1::SubscriptionMessage& message);
  void TakeChange(Session* session, const v1::Delivered& delivered);
  void End(ConsumerId id);
  void CheckCovered(const Cursor& covered);
  void CheckStanding();
  void CheckFellBehind(const Session& session);
  void CheckTakenIn();
  bool MatchWaits() const;
  bool WaitsForCreditOnly(const Cursor& cursor, const Entry& entry) const;
  bool Related(const Entry& earlier, const Entry& later) const;
  void Break(std::string_view promise, const std::string& how);
  Session* RandomSession();

  Dice dice_;
  DrawnFilter asked_;
  std::vector<std::string> trace_;
  std::string broken_;
  Counts counts_;

  std::map<Cursor, v1::Change> feed_;  // of the views that answer now
  Position head_;
  std::vector<std::set<std::string>> components_;
  int meetings_;
  std::map<Cursor, Entry> taken_in_;
  Cursor considered_;         // up to here it was read
  std::set<Cursor> excused_;  // match since other views took over, which began above them

  using Place = std::pair<Group::Row::Kind, Cursor>;
  std::map<Place, std::string> disk_;              // synced
  std::vector<std::vector<Group::Row>> unsynced_;  // batches
  std::vector<Unanswered> unanswered_;
  std::optional<Cursor> to_be_durable_;  // an ack floor that waits for the disk
  Cursor told_;                          // the highest covered_to that any consumer took

  v1::Group definition_;
  Cursor begins_after_;
  std::optional<Group> group_;
  Interests<int> interests_;
  Position known_head_;       // to the group
  std::optional<Tick> rest_;  // when it hears of changes that do not concern it
  std::optional<Subscription::PageWanted> wanted_;
  std::map<ConsumerId, Session> sessions_;
  ConsumerId last_id_ = 0;
  std::vector<Late> late_;
  std::uint64_t rows_ = 0;  // of the pages it was given since it began
  std::uint32_t version_ = 0;
  bool revision_untold_ = false;  // of all that the group knows of, none has been taken
  Tick now_{1'000};
  bool faults_ = true;
};

}  // namespace entente::query
