// The newest changes of a feed, read, folded and put into words once for all who are near its head.
//
//       read from the store              │ read from memory              │ head
//     ───────────────────────────────────┼───────────────────────────────┼──────▶
//                                       from          at most `Bounds`
//
// A reader asks for what is above its cursor and does not see which of the two answered: the same
// filter, the same words, the same pages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "values/position.h"
#include "views/feed.h"
#include "views/feed/describe_change.h"
#include "views/view_store.h"

namespace entente::views {

// One thread at a time.
class RecentChanges {
 public:
  struct Bounds {
    std::size_t changes = 4'096;
    std::size_t bytes = 16 << 20;
  };

  // Both must outlive it.
  RecentChanges(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary,
                const Bounds& bounds);

  // Takes in what came up to the snapshot's checkpoint, and gives it: good until the next call of
  // anything. nullopt: it does not have all that came, having begun anew; whoever waits for
  // something must look.
  std::optional<std::vector<const v1::Change*>> Advance(const Snapshot& snapshot);

  // As ReadFeed. `head`: how far the store is known to be; takes in what is missing first.
  Result<FeedPage> Read(const ViewStore& store, Position head, const FeedFilter& filter,
                        const Cursor& after, std::uint32_t limit, bool with_meeting);

  // Another generation of the views answers from now on.
  void Forget();
  // It has everything that the store had up to here; Position() if it has nothing yet.
  Position head() const { return head_; }

  // For tests: changes held, and how many of them were put into words.
  std::size_t size() const { return entries_.size(); }
  std::uint64_t described() const { return described_; }

 private:
  class Source;
  // What was once asked for stays.
  struct Entry {
    v1::Change change;
    std::size_t bytes = 0;
    std::optional<SeenChange> seen = {};
    std::optional<v1::DescribedChange> told = {};
    std::optional<v1::Meeting> meeting = {};
  };
  using Number = std::uint64_t;  // of an entry, counted since the first ever

  void BeginAt(const Snapshot& snapshot, const Cursor& from);
  void Add(v1::Change change);
  void Trim();
  // Numbers of those above `after` that may match, in their order.
  std::vector<Number> Candidates(const FeedFilter& filter, const Cursor& after) const;
  Entry& At(Number number) { return entries_[number - first_]; }

  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
  const Bounds bounds_;
  std::string generation_;
  Cursor from_;  // everything above is here
  Position head_;
  std::deque<Entry> entries_;
  Number first_ = 0;
  std::unordered_map<std::string, std::deque<Number>> by_term_;
  std::size_t bytes_ = 0;
  std::uint64_t described_ = 0;
};

}  // namespace entente::views
