// The meetings that fit a filter as they stand now, read off the term lists: the shortest list that
// the filter allows is walked, the others are probed.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/question.h"
#include "views/answers/roster.h"
#include "views/terms/terms.h"

namespace entente::views {

class ListedRoster {
 public:
  // All must outlive it.
  ListedRoster(const AnswerContext& context, const Question& question, const CompiledFilter& filter,
               std::size_t expected);
  // As VisitMatches.
  void Visit(bool newest_first, const ListPlace* after,
             const std::function<bool(Match&)>& visit) const;

 private:
  class UnionWalk;
  void ChooseList();
  bool VisitDated(bool newest_first, const ListPlace* after,
                  const std::function<bool(Match&)>& visit) const;
  bool VisitParts(const std::vector<TermWalk::Part>& parts, bool backwards,
                  const std::function<bool(Match&)>& visit) const;
  Fit FitListed(const UnionWalk& walk) const;
  struct Candidate {
    Match match;
    Fit fit = Fit::kNo;
  };
  // Drops those that lack a term of another group, or do not fit by their state.
  void Narrow(std::vector<Candidate>* batch) const;

  const AnswerContext& context_;
  const Question& question_;
  const CompiledFilter& filter_;
  const CompiledFilter::Group* walked_ = nullptr;
  const std::size_t first_batch_;
};

}  // namespace entente::views
