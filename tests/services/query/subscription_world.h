// A catch-up subscription in a simulated world: feed, sockets, a network that is late and breaks, a
// reader that dies, a server that is started anew, and a clock, all driven by one seed, with every
// promise of docs/protocol.md checked at every message.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "services/query/interests.h"
#include "services/query/subscription/subscription.h"
#include "tests/services/query/dice.h"
#include "tests/services/query/drawn_filter.h"

namespace entente::query {

class SubscriptionWorld {
 public:
  explicit SubscriptionWorld(std::uint64_t seed);

  // Random steps, then everything is let flow. The promise that broke and what led to it; empty:
  // all held.
  std::string Run(int steps);

  // How much happened, so that a test can see that the world is not asleep.
  struct Counts {
    std::uint64_t delivered = 0, passed = 0, resumed = 0, restarts = 0, deaths = 0, leases = 0,
                  refused = 0, fell_behind = 0, revised = 0, looked = 0, altered = 0;
  };
  const Counts& counts() const { return counts_; }
  // Of all that happened: two worlds of one number differ if anything in them did.
  std::size_t fingerprint() const;

 private:
  // Steps.
  void Append();
  void TellHead();
  void Connect();
  void Restart();
  void Die();
  void Grant(std::uint32_t more);
  void Arrive();
  void Carry();
  void Read();
  void Advance(Tick most);
  void Revise();
  bool FlowWithoutCredit();
  bool Flow();

  void AddChange(const Cursor& at);
  void Alter();

  // The world around the machine.
  void Perform(Subscription::Actions actions);
  void Send(const v1::SubscriptionMessage& message);
  void Take(const v1::SubscriptionMessage& message);
  void TakeChange(const v1::Change& change);
  void HangUp();
  // The first change above a place that is to be delivered.
  std::optional<Cursor> NextMatch(const Cursor& after) const;
  void Break(std::string_view promise, const std::string& how);

  Dice dice_;
  DrawnFilter asked_;
  std::vector<std::string> trace_;
  std::string broken_;
  Counts counts_;
  Tick now_{1'000};
  bool faults_ = true;

  std::map<Cursor, v1::Change> feed_;
  Position head_;
  Cursor begins_after_;
  std::uint32_t version_ = 0;

  // The server's side of the session that it has open.
  std::optional<Subscription> machine_;
  Interests<int> interests_;
  Position known_head_;       // to the machine
  std::optional<Tick> rest_;  // when it hears of changes that do not concern it
  std::optional<Subscription::PageWanted> wanted_;
  std::uint32_t room_ = 10;  // of its socket
  Tick lease_{};
  Tick heard_{};  // the last sign of life that it had
  bool told_live_ = false;
  std::uint64_t rows_ = 0;  // of the pages it was given

  // On their way.
  std::deque<v1::SubscriptionMessage> messages_;
  std::deque<std::uint32_t> credits_;

  // The reader: what it keeps over its death, and what it knows of its session.
  Cursor saved_;
  std::set<Cursor> taken_;
  std::set<Cursor> excused_;  // match since other views took over, which began above them
  Cursor told_;
  std::uint64_t number_ = 0;
  std::uint64_t granted_ = 0;
  std::uint64_t given_ = 0;
  std::uint32_t revised_ = 0;
};

}  // namespace entente::query
