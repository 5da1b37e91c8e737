#include "views/answers/mention_runs.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "domain/meeting/fold.h"
#include "views/answers/roster.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

constexpr std::string_view kPairStream = "pair/";

// As the filter's terms have it: each group lets the pair through by one of its two, or by itself.
bool LetsThrough(const CompiledFilter& filter, std::string_view pair) {
  const std::size_t dash = pair.find('-');
  const std::string_view one = pair.substr(0, dash);
  const std::string_view other = pair.substr(std::min(dash, pair.size() - 1) + 1);
  return std::ranges::all_of(filter.groups, [&](const CompiledFilter::Group& group) {
    return std::ranges::any_of(group.terms, [&](const Term& term) {
      if (term.kind == TermKind::kPair) return term.name == pair;
      return term.kind == TermKind::kCountry && (term.name == one || term.name == other);
    });
  });
}

domain::Bounds DaysOf(const v1::MentionRun& run) {
  return {Day::FromIso(run.first()).value_or(Day::BeforeAll()),
          Day::FromIso(run.last()).value_or(Day::AfterAll())};
}

// Meetings of the two, in list order, on a day of the run for all that is known.
void AddKnownMeetings(const AnswerContext& context, const Question& question, v1::MentionRun* run) {
  CompiledFilter filter;
  filter.groups.push_back({{{TermKind::kPair, run->pair()}}, {}});
  filter.window = DaysOf(*run);
  const auto visit = [&](Match& match) {
    if (IsDated(match.place)) run->add_meetings(match.place.id);
    return true;
  };
  VisitMatches(context, question, filter, false, nullptr, kEveryMatch, visit);
}

}  // namespace

void AddCandidates(const AnswerContext& context, const Question& question, const v1::Filter& asked,
                   const CompiledFilter& filter, v1::TimelineReply* reply) {
  if (asked.statuses_size() > 0 || filter.certain_only) return;
  std::vector<v1::MentionRun> runs;
  for (const std::string& stream : SubjectsWithReports(context.snapshot, kPairStream)) {
    const std::string pair = stream.substr(kPairStream.size());
    if (!LetsThrough(filter, pair)) continue;
    v1::Subject subject = domain::FoldSubject(stream, ReportsOf(context.snapshot, stream),
                                              question.as_of, context.parties, context.vocabulary);
    for (v1::MentionRun& run : *subject.mutable_runs()) {
      if (filter.window && !filter.window->Overlaps(DaysOf(run))) continue;
      run.set_pair(pair);
      run.clear_said_by();
      runs.push_back(std::move(run));
    }
  }
  std::ranges::sort(runs, {}, [](const v1::MentionRun& run) {
    return std::tuple(std::string_view(run.first()), std::string_view(run.last()),
                      std::string_view(run.pair()), run.sense());
  });
  if (runs.size() > kCandidatesMax) runs.resize(kCandidatesMax);
  for (v1::MentionRun& run : runs) {
    AddKnownMeetings(context, question, &run);
    *reply->add_candidates() = std::move(run);
  }
}

}  // namespace entente::views
