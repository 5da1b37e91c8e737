// The meetings that fit a filter, in the order of their dates, as of any day and position.
//
// Without an as-of they are read off the term lists, walking the shortest list that the filter
// allows and probing the others. With one, every stream that ever claimed one of the terms is a
// candidate and is folded as of then. Both ways give the same meetings in the same order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/meeting_state.h"
#include "views/answers/question.h"

namespace entente::views {

struct Match {
  ListPlace place;
  bool certain = false;
  bool former_day = false;  // it is postponed, and the place that of the day it had
  // Only where finding out needed it; see LoadStates.
  MeetingState state;
};

// `a` stands before `b`. Undated meetings stand last in either direction.
bool StandsBefore(const ListPlace& a, const ListPlace& b, bool newest_first);

inline constexpr std::size_t kEveryMatch = SIZE_MAX;
// Calls `visit` with each match behind `after` (nullptr: from the first) until it returns false,
// likely after as many as are expected.
void VisitMatches(const AnswerContext& context, const Question& question,
                  const CompiledFilter& filter, bool newest_first, const ListPlace* after,
                  std::size_t expected, const std::function<bool(Match&)>& visit);

// Calls `visit` with the state of every match, in list order. Reads in batches.
void VisitStates(const AnswerContext& context, const Question& question,
                 const CompiledFilter& filter,
                 const std::function<void(const v1::Meeting&, bool certain)>& visit);

// Reads the states that the matches do not hold yet.
void LoadStates(const AnswerContext& context, std::vector<Match>* matches);

// How many match, where that can be told without visiting them: one term and no window.
struct MatchCount {
  std::uint64_t certain = 0;
  std::uint64_t possible = 0;  // the certain ones included

  void Add(bool is_certain) {
    certain += is_certain ? 1 : 0;
    ++possible;
  }
};
std::optional<MatchCount> CountAtOnce(const AnswerContext& context, const Question& question,
                                      const CompiledFilter& filter);

// One meeting as asked: by its id or one it absorbed, whether listed or not. nullopt if no report
// on it exists as of then.
std::optional<v1::Meeting> FindAsAsked(const AnswerContext& context, const Question& question,
                                       const std::string& id);

// The id that answers for this one, as asked.
std::string SurvivorAsAsked(const AnswerContext& context, const Question& question,
                            const std::string& id);

// Earliest day of the first meeting that is or may have been held or planned.
std::optional<Day> FirstMeetingDay(const AnswerContext& context, const Question& question);

}  // namespace entente::views
