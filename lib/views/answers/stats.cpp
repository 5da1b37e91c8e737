#include <algorithm>
#include <map>
#include <set>

#include "domain/meeting/fold.h"
#include "views/answer.h"
#include "views/answers/claims.h"
#include "views/answers/filter.h"
#include "views/answers/question.h"
#include "views/answers/reply_meeting.h"
#include "views/answers/roster.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

using domain::Bounds;

// Years beyond which a date's bounds are not spread over the years between them.
constexpr int kYearsMax = 20;
constexpr const char* kUndated = "undated";

struct Tally {
  v1::Count count;
  Bounds dates{Day::AfterAll(), Day::BeforeAll()};  // of the certain ones
  std::vector<std::pair<v1::ClaimFact, v1::Report>> claims;
};

using Tallies = std::map<std::string, Tally>;

// How a meeting counts under a key.
enum class As { kCertain, kPossible, kPlanned, kPending, kNothing };

As CountsAs(const v1::Meeting& meeting, bool certain, Day today) {
  switch (meeting.outcome().value()) {
    case v1::Meeting::held:
      return certain && CertainlyHeld(meeting) ? As::kCertain : As::kPossible;
    case v1::Meeting::cancelled:
      return As::kNothing;
    default:
      break;
  }
  const auto pending = domain::WhyPending(meeting, today);
  if (pending == domain::Pending::kPostponed || pending == domain::Pending::kCalledOff) {
    return As::kPending;
  }
  if (pending == domain::Pending::kUndated && meeting.date().state() != v1::DateFact::dated) {
    return As::kPending;
  }
  return pending == domain::Pending::kLapsed ? As::kNothing : As::kPlanned;
}

void Add(As as, const Bounds& when, Tally* tally) {
  v1::Count& count = tally->count;
  switch (as) {
    case As::kCertain:
      count.set_certain(count.certain() + 1);
      count.set_possible(count.possible() + 1);
      tally->dates.earliest = std::min(tally->dates.earliest, when.earliest);
      tally->dates.latest = std::max(tally->dates.latest, when.latest);
      return;
    case As::kPossible:
      count.set_possible(count.possible() + 1);
      return;
    case As::kPlanned:
      count.set_planned(count.planned() + 1);
      return;
    case As::kPending:
      count.set_pending(count.pending() + 1);
      return;
    case As::kNothing:
      return;
  }
}

// Years that a date certainly or possibly lies in. Bounds without an end on one side count for the
// year of the other.
std::vector<int> YearsOf(const Bounds& bounds) {
  const auto year = [](Day day) { return static_cast<int>(day.ymd().year()); };
  if (!bounds.earliest.finite() && !bounds.latest.finite()) return {};
  if (!bounds.earliest.finite()) return {year(bounds.latest)};
  if (!bounds.latest.finite()) return {year(bounds.earliest)};
  std::vector<int> years;
  const int last = std::min(year(bounds.latest), year(bounds.earliest) + kYearsMax);
  for (int y = year(bounds.earliest); y <= last; ++y) years.push_back(y);
  return years;
}

std::string YearKey(int year) {
  std::string digits = std::to_string(year);
  return std::string(4 - std::min<std::size_t>(4, digits.size()), '0') + digits;
}

class Counter {
 public:
  Counter(const AnswerContext& context, const Question& question, const v1::StatsRequest& request,
          const CompiledFilter& filter)
      : context_(context), question_(question), request_(request), filter_(filter) {}

  void Count() {
    VisitStates(context_, question_, filter_,
                [&](v1::Meeting& meeting, bool certain) { Take(meeting, certain); });
  }
  Tallies& tallies() { return tallies_; }

 private:
  void Take(v1::Meeting& meeting, bool certain) {
    const Bounds when = BoundsOf(meeting.date());
    const As as = CountsAs(meeting, certain, question_.today);
    switch (request_.by()) {
      case v1::StatsRequest::year:
        return ByYear(meeting, when, as);
      case v1::StatsRequest::partner:
        return ByPartner(meeting, when, as);
      case v1::StatsRequest::mode:
        return Put(meeting.mode().value().empty() ? "unknown" : meeting.mode().value(), meeting,
                   when, as);
      case v1::StatsRequest::status: {
        // All meetings count here, each under its status.
        const auto status = domain::PrintedStatus(meeting, question_.today);
        std::string word = v1::Meeting::Status_Name(status);
        const bool sure =
            certain && !meeting.outcome().disputed() && !meeting.outcome().possible_only();
        return Put(word.substr(word.find('_') + 1), meeting, when,
                   sure ? As::kCertain : As::kPossible);
      }
      default: {
        std::set<std::string> topics;
        for (const v1::TopicFact& topic : meeting.topics()) topics.insert(topic.topic());
        for (const std::string& topic : topics) Put(topic, meeting, when, as);
      }
    }
  }

  void ByYear(v1::Meeting& meeting, const Bounds& when, As as) {
    const auto years = YearsOf(when);
    if (years.empty()) return Put(kUndated, meeting, when, as);
    for (const int year : years) {
      const bool sure = years.size() == 1 && when.earliest.finite() && when.latest.finite();
      Put(YearKey(year), meeting, when, as == As::kCertain && !sure ? As::kPossible : as);
    }
  }

  // Bilateral unless asked otherwise: a summit of thirty is no meeting with each of them.
  void ByPartner(v1::Meeting& meeting, const Bounds& when, As as) {
    const std::string& country = filter_.groups.front().terms.front().name;
    const auto sides = SidesOf(meeting);
    if (sides.size() > 2 && !request_.filter().multi_party()) return;
    for (const std::string& side : sides) {
      if (side != country) Put(side, meeting, when, as);
    }
  }

  void Put(const std::string& key, v1::Meeting& meeting, const Bounds& when, As as) {
    if (as == As::kNothing) return;
    Tally& tally = tallies_[key];
    Add(as, when, &tally);
    if (as == As::kCertain || as == As::kPossible) AddClaims(meeting, &tally);
  }

  void AddClaims(v1::Meeting& meeting, Tally* tally) {
    if (meeting.claims().empty() ||
        (request_.by() != v1::StatsRequest::year && request_.by() != v1::StatsRequest::partner)) {
      return;
    }
    SourceReader sources(context_.snapshot);
    v1::Meeting cited = meeting;
    PrepareReply(context_, question_, Reports::kCited, &sources, &cited);
    for (v1::ClaimFact& claim : *cited.mutable_claims()) {
      JudgeMeetingClaim(context_, question_, cited, &claim);
      if (claim.said_by().empty()) continue;
      const int report = static_cast<int>(claim.said_by(0));
      tally->claims.emplace_back(claim, cited.reports(report));
    }
  }

  const AnswerContext& context_;
  const Question& question_;
  const v1::StatsRequest& request_;
  const CompiledFilter& filter_;
  Tallies tallies_;
};

// Claims about the kinds and countries asked for, under the year they were made in: those that
// rank or count over time say something of that year.
void AddSubjectClaims(const AnswerContext& context, const Question& question,
                      const CompiledFilter& filter, Tallies* tallies) {
  for (const CompiledFilter::Group& group : filter.groups) {
    for (const Term& term : group.terms) {
      if (term.kind != TermKind::kKind && term.kind != TermKind::kCountry &&
          term.kind != TermKind::kPair && term.kind != TermKind::kSeries) {
        continue;
      }
      const std::string id = TermText(term.kind, term.name);
      const auto reports = ReportsOf(context.snapshot, id);
      if (reports.empty()) continue;
      v1::Subject subject =
          domain::FoldSubject(id, reports, question.as_of, context.parties, context.vocabulary);
      SourceReader sources(context.snapshot);
      for (v1::Report& report : *subject.mutable_reports()) sources.Fill(&report);
      for (v1::ClaimFact& claim : *subject.mutable_claims()) {
        if (claim.said_by().empty()) continue;
        const v1::Report& report = subject.reports(static_cast<int>(claim.said_by(0)));
        const auto tally = tallies->find(report.reported().substr(0, 4));
        if (tally == tallies->end()) continue;
        JudgeSubjectClaim(context, question, subject, &claim);
        tally->second.claims.emplace_back(claim, report);
      }
    }
  }
}

// Whether the first meeting counted under each partner is the first in the whole log, and not only
// in the window asked for.
void MarkFirstInLog(const AnswerContext& context, const Question& question,
                    const v1::StatsRequest& request, CompiledFilter filter, Tallies* tallies) {
  filter.window.reset();
  Counter ever(context, question, request, filter);
  ever.Count();
  for (auto& [key, tally] : *tallies) {
    const auto all = ever.tallies().find(key);
    tally.count.set_first_in_log(tally.count.certain() > 0 && all != ever.tallies().end() &&
                                 all->second.dates.earliest == tally.dates.earliest);
  }
}

void SetRanks(std::vector<Tally*> tallies) {
  std::ranges::stable_sort(tallies, std::ranges::greater{},
                           [](const Tally* tally) { return tally->count.certain(); });
  for (std::size_t i = 0; i < tallies.size(); ++i) {
    v1::Count& count = tallies[i]->count;
    const auto same = [&](std::size_t j) {
      return j < tallies.size() && tallies[j]->count.certain() == count.certain();
    };
    count.set_rank(i > 0 && same(i - 1) ? tallies[i - 1]->count.rank()
                                        : static_cast<std::uint32_t>(i + 1));
    count.set_tied((i > 0 && same(i - 1)) || same(i + 1));
  }
}

void Finish(const std::string& key, Tally* tally) {
  v1::Count& count = tally->count;
  count.set_key(key);
  if (count.certain() > 0) {
    count.set_first(tally->dates.earliest.Iso());
    count.set_last(tally->dates.latest.Iso());
  }
  // Each report once, however many claims cite it.
  std::map<std::uint64_t, std::uint32_t> places;
  for (auto& [claim, report] : tally->claims) {
    const auto [place, is_new] =
        places.emplace(report.position(), static_cast<std::uint32_t>(count.reports_size()));
    if (is_new) *count.add_reports() = report;
    claim.clear_said_by();
    claim.add_said_by(place->second);
    *count.add_claims() = claim;
  }
}

Status Check(const v1::StatsRequest& request) {
  if (request.by() == v1::StatsRequest::unspecified) {
    return Fail(Reason::kFieldRequired, "by", "", "year, partner, mode, status or topic?");
  }
  const bool one_country = request.filter().countries_size() == 1;
  if (request.by() == v1::StatsRequest::partner && !one_country) {
    return Fail(Reason::kQueryInvalid, "filter.countries", "",
                "partners are counted for one country: name exactly one");
  }
  return {};
}

}  // namespace

Result<v1::StatsReply> Answer(const AnswerContext& context, const v1::StatsRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kRequired);
  if (!question) return Fail(std::move(question.error()));
  auto filter = CompileFilter(request.filter(), context.parties, context.vocabulary);
  if (!filter) return Fail(std::move(filter.error()));
  if (auto checked = Check(request); !checked) return Fail(std::move(checked.error()));

  Counter counter(context, *question, request, *filter);
  counter.Count();
  Tallies& tallies = counter.tallies();
  const bool by_year = request.by() == v1::StatsRequest::year;
  const bool by_partner = request.by() == v1::StatsRequest::partner;
  if (by_year) AddSubjectClaims(context, *question, *filter, &tallies);
  if (by_partner) MarkFirstInLog(context, *question, request, *filter, &tallies);

  std::vector<Tally*> order;
  for (auto& [key, tally] : tallies) {
    Finish(key, &tally);
    order.push_back(&tally);
  }
  SetRanks(order);
  if (by_partner) {
    // The order of first meetings; those that have not met come last, by code.
    std::ranges::stable_sort(order, {}, [](const Tally* tally) { return tally->dates.earliest; });
  }
  v1::StatsReply reply;
  const bool unfinished = CountsUnfinishedYear(filter->window, question->today);
  const std::string this_year = question->today.finite() ? question->today.Iso().substr(0, 4) : "";
  for (Tally* tally : order) {
    v1::Count& count = *reply.add_counts();
    count = std::move(tally->count);
    count.set_unfinished(by_year && unfinished && count.key() == this_year);
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  reply.mutable_answered()->mutable_horizon()->set_year_unfinished(unfinished);
  return reply;
}

}  // namespace entente::views
