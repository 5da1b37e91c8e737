// Which change of a meeting may go out next: its earliest, and one at a time.
//
//     jp-in   17 ─ 19 ─ 24        17 is out: 19 and 24 wait for it
//     jp-fr   18                  goes its own way
//
//     25 merges jp-fr into jp-in: one lane from now on
//     both    17 ─ 18 ─ 19 ─ 24 ─ 25
//
// So the absorbed meeting's changes settle before the survivor's go on, and a change that failed
// holds back its own meeting and nothing else. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "values/position.h"

namespace entente::query {

class Lanes {
 public:
  enum class State { kReady, kWaiting, kOut };

  // A change of these streams: its meeting's own, and those that is merged or split with. Lanes
  // that it touches become one. Each cursor once.
  void Add(const Cursor& cursor, std::span<const std::string> streams, State state);
  void Set(const Cursor& cursor, State state);
  void Remove(const Cursor& cursor);

  // The earliest change that may go out: ready, at the head of its lane, with none of it out.
  std::optional<Cursor> FirstReady() const;
  std::size_t size() const { return lane_of_.size(); }

 private:
  using Id = std::uint64_t;
  using Changes = std::vector<std::pair<Cursor, State>>;  // in their order
  // There are as many as meetings that have something in flight, mostly with one change each.
  struct Lane {
    Changes changes;
    std::vector<const std::string*> streams;  // keys of lane_of_stream_
    std::uint32_t out = 0;
    bool offered = false;  // the first change stands in ready_
  };
  // Where it is, or belongs.
  static Changes::iterator Find(Changes& changes, const Cursor& cursor);

  Id LaneOf(std::span<const std::string> streams);
  void Join(Id into, Id from);
  // Before anything changes in a lane, and after: it offers nothing, and finds out what it does.
  void Withdraw(Lane* lane);
  void Offer(Lane* lane);

  std::map<Id, Lane> lanes_;
  std::map<std::string, Id> lane_of_stream_;
  std::map<Cursor, Id> lane_of_;
  std::set<Cursor> ready_;
  Id last_id_ = 0;
};

}  // namespace entente::query
