#include "views/answers/roster.h"

#include <unordered_set>
#include <utility>

#include "views/answers/folded_roster.h"
#include "views/answers/listed_roster.h"
#include "views/components/components.h"
#include "views/meetings/component_fold.h"
#include "views/meetings/meetings.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

constexpr std::size_t kStatesAtOnce = 256;

domain::FoldedComponent FoldThen(const AnswerContext& context, const Question& question,
                                 std::vector<std::string> streams) {
  return FoldToRows(ReadReports(context.snapshot, std::move(streams)), question.as_of,
                    context.parties, context.vocabulary);
}

struct FirstMeeting {
  std::optional<Day> day;
};

std::string SurvivorIn(const domain::FoldedComponent& folded, const std::string& id) {
  const auto absorbed = folded.absorbed.find(id);
  return absorbed == folded.absorbed.end() ? id : absorbed->second;
}

}  // namespace

bool StandsBefore(const ListPlace& a, const ListPlace& b, bool newest_first) {
  if (IsDated(a) != IsDated(b)) return IsDated(a);
  return newest_first && IsDated(a) ? b < a : a < b;
}

void VisitMatches(const AnswerContext& context, const Question& question,
                  const CompiledFilter& filter, bool newest_first, const ListPlace* after,
                  std::size_t expected, const std::function<bool(Match&)>& visit) {
  if (question.horizon && question.horizon->reports == 0) return;
  if (!question.as_of.bounded()) {
    ListedRoster(context, question, filter, expected).Visit(newest_first, after, visit);
    return;
  }
  FoldedRoster(context, question, filter).Visit(newest_first, after, expected, visit);
}

void LoadStates(const AnswerContext& context, std::vector<Match>* matches) {
  std::vector<std::string> ids;
  for (const Match& match : *matches) {
    if (!match.state) ids.push_back(match.place.id);
  }
  auto rows = FindMeetingRows(context.snapshot, ids);
  auto next = rows.begin();
  for (Match& match : *matches) {
    if (!match.state) match.state = MeetingState(std::move(*next++));
  }
}

void VisitStates(const AnswerContext& context, const Question& question,
                 const CompiledFilter& filter,
                 const std::function<void(const v1::Meeting&, bool certain)>& visit) {
  std::vector<Match> batch;
  const auto flush = [&] {
    LoadStates(context, &batch);
    for (Match& match : batch) visit(*match.state, match.certain);
    batch.clear();
  };
  VisitMatches(context, question, filter, false, nullptr, kEveryMatch, [&](Match& match) {
    batch.push_back(std::move(match));
    if (batch.size() >= kStatesAtOnce) flush();
    return true;
  });
  flush();
}

std::optional<MatchCount> CountAtOnce(const AnswerContext& context, const Question& question,
                                      const CompiledFilter& filter) {
  if (question.as_of.bounded() || filter.window || filter.NeedsState()) return std::nullopt;
  Term term;
  if (!filter.groups.empty()) {
    if (filter.groups.size() > 1 || filter.groups.front().terms.size() != 1) return std::nullopt;
    term = filter.groups.front().terms.front();
  }
  const TermCount count = CountOf(context.snapshot, term);
  return MatchCount{count.meetings - count.only_possibly, count.meetings};
}

std::optional<v1::Meeting> FindAsAsked(const AnswerContext& context, const Question& question,
                                       const std::string& id) {
  if (!question.as_of.bounded()) {
    // An id that was absorbed has no meeting of its own.
    auto meeting = FindMeeting(context.snapshot, id);
    return meeting ? meeting : FindMeeting(context.snapshot, SurvivorOf(context.snapshot, id));
  }
  auto streams = ComponentOf(context.snapshot, id);
  if (streams.size() > 1) {
    const auto folded = FoldThen(context, question, std::move(streams));
    const v1::Meeting* meeting = MeetingIn(folded, SurvivorIn(folded, id));
    return meeting != nullptr ? std::optional(*meeting) : std::nullopt;
  }
  std::unordered_set<std::string> others;
  for (MeetingState& meeting : StatesThen(context, question, streams, &others)) {
    if (meeting->id() == id) return std::move(meeting).Take();
  }
  return std::nullopt;
}

std::string SurvivorAsAsked(const AnswerContext& context, const Question& question,
                            const std::string& id) {
  if (!question.as_of.bounded()) return SurvivorOf(context.snapshot, id);
  auto streams = ComponentOf(context.snapshot, id);
  if (streams.size() == 1) return id;
  return SurvivorIn(FoldThen(context, question, std::move(streams)), id);
}

std::optional<Day> FirstMeetingDay(const AnswerContext& context, const Question& question) {
  const auto look = [&] {
    FirstMeeting first;
    VisitMatches(context, question, {}, false, nullptr, 1, [&](Match& match) {
      if (!IsDated(match.place)) return false;
      const Day earliest = BoundsOf(match.place).earliest;
      if (earliest.finite()) first.day = earliest;
      return !first.day;
    });
    return first;
  };
  if (question.as_of.bounded()) return look().day;
  return OncePerPicture<FirstMeeting>(context.snapshot, look).day;
}

}  // namespace entente::views
