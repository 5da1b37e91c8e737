// What a reader of a simulated world asks for, and changes of which some match it.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "entente/v1/query.pb.h"
#include "tests/services/query/dice.h"
#include "values/position.h"
#include "views/feed.h"

namespace entente::query {

class DrawnFilter {
 public:
  // One of each kind of filter that terms decide.
  explicit DrawnFilter(Dice& dice);

  // As the server reads it.
  const views::FeedFilter& compiled() const { return compiled_; }
  // By what is asked, in the tests' own words, without the code that reads the feed.
  bool Matches(const v1::Change& change) const;
  v1::Change DrawChange(Dice& dice, const Cursor& at, const std::string& subject) const;

 private:
  // What a change must be found under, one term of each set in one of its lists; and its type, in
  // either of them.
  std::vector<std::set<std::string>> of_state_;
  std::string type_;
  bool confirmations_ = false;
  bool backfill_ = false;
  views::FeedFilter compiled_;
  int terms_percent_;  // of all terms, held by a change
};

// The changes of one position and those above.
std::vector<const v1::Change*> ChangesFrom(const std::map<Cursor, v1::Change>& feed,
                                           Position position);

// Other views take over: some changes are no longer in the feed, and `draw` puts others into the
// place of some or right behind. Returns in how many places it was altered.
std::uint64_t AlterFeed(Dice& dice, std::map<Cursor, v1::Change>* feed,
                        std::vector<std::string>* trace,
                        const std::function<void(const Cursor&)>& draw);

}  // namespace entente::query
