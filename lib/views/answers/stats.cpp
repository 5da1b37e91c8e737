#include <algorithm>
#include <map>
#include <set>

#include "domain/meeting/fold.h"
#include "domain/meeting/who_takes_part.h"
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
struct Standing {
  Fit held = Fit::kNo;
  Fit planned = Fit::kNo;
  Fit pending = Fit::kNo;

  Standing And(Fit fit) const { return {Both(held, fit), Both(planned, fit), Both(pending, fit)}; }
  bool counts() const { return std::max({held, planned, pending}) != Fit::kNo; }
};

// Where one reading of it counts: held, planned, pending or nowhere.
Fit* PlaceIn(const v1::Meeting& meeting, Day today, Standing* standing) {
  if (meeting.outcome().value() == v1::Meeting::held) return &standing->held;
  if (meeting.outcome().value() == v1::Meeting::cancelled) return nullptr;
  const auto pending = domain::WhyPending(meeting, today);
  if (pending == domain::Pending::kLapsed) return nullptr;
  if (pending == domain::Pending::kPostponed || pending == domain::Pending::kCalledOff) {
    return &standing->pending;
  }
  if (pending == domain::Pending::kUndated && meeting.date().state() != v1::DateFact::dated) {
    return &standing->pending;
  }
  return &standing->planned;
}

Standing StandingOf(const v1::Meeting& meeting, Day today) {
  Standing standing;
  const bool sure = meeting.outcome().rivals().empty() && !meeting.outcome().possible_only();
  if (Fit* const place = PlaceIn(meeting, today, &standing)) {
    *place = sure ? Fit::kCertainly : Fit::kPossibly;
  }
  for (const v1::Meeting& reading : domain::RivalReadings(meeting)) {
    if (Fit* const place = PlaceIn(reading, today, &standing)) *place = Fit::kPossibly;
  }
  return standing;
}

void Add(const Standing& standing, const Bounds& when, Tally* tally) {
  v1::Count& count = tally->count;
  if (standing.held != Fit::kNo) count.set_possible(count.possible() + 1);
  if (standing.planned != Fit::kNo) count.set_planned(count.planned() + 1);
  if (standing.pending != Fit::kNo) count.set_pending(count.pending() + 1);
  if (standing.planned == Fit::kCertainly) {
    count.set_certainly_planned(count.certainly_planned() + 1);
  }
  if (standing.pending == Fit::kCertainly) {
    count.set_certainly_pending(count.certainly_pending() + 1);
  }
  if (standing.held != Fit::kCertainly) return;
  count.set_certain(count.certain() + 1);
  tally->dates.earliest = std::min(tally->dates.earliest, when.earliest);
  tally->dates.latest = std::max(tally->dates.latest, when.latest);
}

// What a fact may be: its value, and where it is disputed every other one.
std::vector<std::string> ValuesOf(const v1::Fact& fact, const std::string& absent) {
  std::vector<std::string> values = {fact.value().empty() ? absent : fact.value()};
  for (const v1::Fact::Rival& rival : fact.rivals()) {
    if (rival.why() == v1::Fact::Rival::disputed) values.push_back(rival.value());
  }
  return values;
}

// A side, or one by some of the reports that dispute it.
bool MayBeSide(v1::PartyFact party) {
  if (party.disputed()) party.set_removed(false);
  return domain::IsSide(party);
}

// Whether it is a meeting of two: possibly where it is disputed who takes part.
Fit IsOfTwo(const v1::Meeting& meeting) {
  int certain = 0;
  int possible = 0;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (!MayBeSide(party)) continue;
    ++possible;
    certain += party.disputed() ? 0 : 1;
  }
  if (certain > 2) return Fit::kNo;
  return possible > 2 ? Fit::kPossibly : Fit::kCertainly;
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
      : context_(context),
        question_(question),
        request_(request),
        filter_(filter),
        // A summit of thirty is no meeting with each of them.
        bilateral_(!request.filter().multi_party() && (request.by() == v1::StatsRequest::partner ||
                                                       request.filter().pairs_size() > 0)) {}

  void Count() {
    VisitStates(context_, question_, filter_,
                [&](const v1::Meeting& meeting, bool certain) { Take(meeting, certain); });
  }
  Tallies& tallies() { return tallies_; }

 private:
  void Take(const v1::Meeting& meeting, bool certain) {
    if (filter_.certain_only && !certain) return;
    Fit fit = certain ? Fit::kCertainly : Fit::kPossibly;
    if (bilateral_) fit = Both(fit, IsOfTwo(meeting));
    if (fit == Fit::kNo) return;
    const Bounds when = BoundsOf(meeting.date());
    // All meetings count by their status; by anything else those that were held, or may be.
    if (request_.by() == v1::StatsRequest::status) return ByStatus(meeting, when, fit);
    const Standing standing = StandingOf(meeting, question_.today).And(fit);
    switch (request_.by()) {
      case v1::StatsRequest::year:
        return ByYear(meeting, when, standing);
      case v1::StatsRequest::partner:
        return ByPartner(meeting, when, standing);
      case v1::StatsRequest::mode: {
        const auto modes = ValuesOf(meeting.mode(), "unknown");
        const Fit sure = modes.size() == 1 ? Fit::kCertainly : Fit::kPossibly;
        for (const std::string& mode : modes) Put(mode, meeting, when, standing.And(sure));
        return;
      }
      default:
        return ByTopic(meeting, when, standing);
    }
  }

  void ByStatus(const v1::Meeting& meeting, const Bounds& when, Fit fit) {
    std::set<v1::Meeting::Status> statuses = {domain::PrintedStatus(meeting, question_.today)};
    for (const v1::Meeting& reading : domain::RivalReadings(meeting)) {
      statuses.insert(domain::PrintedStatus(reading, question_.today));
    }
    const bool sure = statuses.size() == 1 && !meeting.outcome().possible_only();
    for (const v1::Meeting::Status status : statuses) {
      const std::string word = v1::Meeting::Status_Name(status);
      Put(word.substr(word.find('_') + 1), meeting, when,
          {Both(fit, sure ? Fit::kCertainly : Fit::kPossibly), Fit::kNo, Fit::kNo});
    }
  }

  void ByTopic(const v1::Meeting& meeting, const Bounds& when, const Standing& standing) {
    std::map<std::string, Fit> topics;
    for (const std::string& topic : meeting.doubtful_topics()) topics[topic] = Fit::kPossibly;
    for (const v1::TopicFact& topic : meeting.topics()) {
      Fit& fit = topics[topic.topic()];
      fit = std::max(fit, topic.disputed() ? Fit::kPossibly : Fit::kCertainly);
    }
    for (const auto& [topic, fit] : topics) Put(topic, meeting, when, standing.And(fit));
  }

  void ByYear(const v1::Meeting& meeting, const Bounds& when, const Standing& standing) {
    const auto years = YearsOf(when);
    if (years.empty()) return Put(kUndated, meeting, when, standing);
    const bool sure = years.size() == 1 && when.earliest.finite() && when.latest.finite();
    for (const int year : years) {
      Put(YearKey(year), meeting, when, standing.And(sure ? Fit::kCertainly : Fit::kPossibly));
    }
  }

  void ByPartner(const v1::Meeting& meeting, const Bounds& when, const Standing& standing) {
    const std::string& country = filter_.groups.front().terms.front().name;
    for (const v1::PartyFact& party : meeting.parties()) {
      if (party.code() == country || !MayBeSide(party)) continue;
      Put(party.code(), meeting, when,
          standing.And(party.disputed() ? Fit::kPossibly : Fit::kCertainly));
    }
  }

  void Put(const std::string& key, const v1::Meeting& meeting, const Bounds& when,
           const Standing& standing) {
    if (!standing.counts()) return;
    Tally& tally = tallies_[key];
    Add(standing, when, &tally);
    if (standing.held != Fit::kNo) AddClaims(meeting, &tally);
  }

  void AddClaims(const v1::Meeting& meeting, Tally* tally) {
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
  const bool bilateral_;  // leaves meetings of three and more out
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
