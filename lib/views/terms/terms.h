// For each term the meetings that have it, in the order of their dates, and how many they are.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "views/rows/draft.h"
#include "views/terms/listing.h"
#include "views/terms/spans.h"

namespace entente::views {

// In the list of each term it has; where its date lasts longer than a month, in the
// term's list of those as well.
// `listed` are its terms.
void AddTermRows(const v1::Meeting& meeting, const ListedTerms& listed, RowMap* rows);

// The place before all meetings whose earliest day is this one or a later one.
ListPlace BeginningOf(Day earliest);

struct TermCount {
  std::uint64_t meetings = 0;
  std::uint64_t only_possibly = 0;  // of these
  friend bool operator==(const TermCount&, const TermCount&) = default;
};
TermCount CountOf(const Snapshot& snapshot, const Term& term);

// Counts of terms that change, kept from one batch to the next.
class TermCounts {
 public:
  // Counts a meeting under what it has `after` instead of what it had `before`. `views` as they
  // stood when the counts were last flushed.
  void Replace(const ListedTerms& before, const ListedTerms& after, const Snapshot& views);
  // Counts all that `others` count as well. Both began where no row was.
  void Add(const TermCounts& others);
  // Writes what differs from the rows.
  void Flush(Draft* draft);

 private:
  struct Count {
    TermCount now;
    TermCount stored;
    bool changed = false;
  };
  TermCount& Change(const Term& term, const Snapshot& views);

  std::map<Term, Count> counts_;
  std::vector<std::pair<const Term, Count>*> changed_;
};

// Names of all terms of a kind, with their counts, in order.
std::map<std::string, TermCount> AllTerms(const Snapshot& snapshot, TermKind kind);

// How a meeting has a term.
struct TermFlags {
  bool only_possibly = false;
  bool former_day = false;  // it is postponed: the place is that of the day it had
};

// How the meetings at these places have the term: nothing where one does not.
std::vector<std::optional<TermFlags>> HaveTerm(const Snapshot& snapshot, const Term& term,
                                               std::span<const ListPlace> places);

// Part of a list: behind one place and before another, neither included. nullopt: to the end.
struct Stretch {
  std::optional<ListPlace> behind;
  std::optional<ListPlace> before;
};

// Walks the meetings of one term in list order, or against it.
class TermWalk {
 public:
  // Dated and undated meetings are walked apart; of the dated those that last longer than a month
  // also alone, by how long.
  enum class Section { kDated, kUndated, kCoarse };
  struct Part {
    Section section = Section::kDated;
    Stretch stretch = {};
    Span span = Span::kMonth;  // of kCoarse
  };
  TermWalk(const Snapshot& snapshot, const Term& term, const Part& part, bool backwards);
  bool Valid() const { return valid_; }
  const ListPlace& place() const { return place_; }
  const TermFlags& flags() const { return flags_; }
  void Next();

 private:
  void Read();
  std::size_t prefix_size_;
  std::unique_ptr<Snapshot::Scan> rows_;
  ListPlace place_;
  TermFlags flags_;
  bool valid_ = false;
};

}  // namespace entente::views
