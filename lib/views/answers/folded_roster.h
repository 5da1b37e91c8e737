// The meetings that fit a filter as of a day and a position.
//
// What any report ever claimed gives the candidates, at the places that the dates claimed would
// give them. They are walked in list order, or against it, and no further than the visitor asks
// for. A meeting stands at or behind the first such place that is met of it, so those that stand
// before the place at which the walk has arrived are final:
//
//     places claimed, walked     -> heap of states, by the place then     ->  visited
//     ... 2021-03-01 | 2021-03-05 ...         2021-02-27, 2021-03-20          2021-02-27
//
// Undated meetings stand last and may be any of the candidates: who asks for those has all of them
// looked at.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <unordered_set>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/question.h"
#include "views/answers/roster.h"
#include "views/claimed/claimed.h"

namespace entente::views {

class FoldedRoster {
 public:
  // All must outlive it.
  FoldedRoster(const AnswerContext& context, const Question& question,
               const CompiledFilter& filter);
  // As VisitMatches.
  void Visit(bool newest_first, const ListPlace* after, std::size_t expected,
             const std::function<bool(Match&)>& visit);
  // About how many streams may have to be looked at to find all.
  std::uint64_t candidates() const { return candidates_; }

 private:
  class Heap;
  bool VisitDated(bool newest_first, const ListPlace* after, std::size_t expected,
                  const std::function<bool(Match&)>& visit);
  void VisitUndated(const ListPlace* after, const std::function<bool(Match&)>& visit);
  void ChooseTerms();
  // Whether any report on it is there.
  bool IsThere(const Claimed& claimed) const;
  // The matches among the meetings of these streams; keeps the undated back.
  std::vector<Match> DatedMatchesOf(std::span<const std::string> streams);

  const AnswerContext& context_;
  const Question& question_;
  const CompiledFilter& filter_;
  std::vector<Term> terms_;               // one of them every match was claimed to have
  std::uint64_t candidates_ = 0;          // that have one of them now
  std::unordered_set<std::string> seen_;  // streams that were looked at
  std::vector<Match> undated_;            // met among them
};

// The meetings that these streams, and what hangs together with them, were as of the question; each
// once, their `reports` only where those lie (FillReports). Where nothing was told of a stream
// since then, its state now is its state then, and is read instead of folded. `others` gets the
// streams that hang together with one of these.
std::vector<MeetingState> StatesThen(const AnswerContext& context, const Question& question,
                                     std::span<const std::string> streams,
                                     std::unordered_set<std::string>* others);

}  // namespace entente::views
