#include "views/answers/claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "domain/dates/reported_time.h"
#include "domain/event/stream_name.h"
#include "domain/meeting/who_takes_part.h"
#include "views/answers/filter.h"
#include "views/answers/roster.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

using domain::Bounds;

struct Held {
  std::string id;
  Bounds when;
  std::vector<std::string> certain_sides;   // those that nobody disputes
  std::vector<std::string> possible_sides;  // and those that somebody has for one
  bool certain = false;                     // that it was held, and is of the scope
};

// What a claim speaks of, made plain.
struct Scope {
  std::string kind;
  std::vector<std::string> parties;  // all of them take part; sorted
  bool exactly = false;              // and nobody else
  std::string id;                    // the meeting claimed about; empty: none
  bool certain = true;               // of that meeting: held, and of this scope
  Bounds when;                       // of that meeting, else of the report
  std::optional<Bounds> window;
};

struct Finding {
  std::uint32_t counted = 0;
  bool contradicted = false;
  bool agrees = false;  // our count is what is claimed
  std::string why;
};

std::string Name(const AnswerContext& context, const std::string& code) {
  const domain::KnownParty* party = context.parties.Find(code);
  return party != nullptr ? party->name : code;
}

// Whether it is a meeting of exactly these, by some settling of who takes part.
bool MayBeOf(const v1::Meeting& meeting, const std::vector<std::string>& parties) {
  return std::ranges::all_of(meeting.parties(), [&](const v1::PartyFact& party) {
    return !domain::IsSide(party) || party.disputed() ||
           std::ranges::find(parties, party.code()) != parties.end();
  });
}

// A side, or one by some of the reports that dispute it.
bool MayBeSide(v1::PartyFact party) {
  if (party.disputed()) party.set_removed(false);
  return domain::IsSide(party);
}

enum class Sides { kCertain, kPossible };

// Those that nobody disputes, or with them those that somebody has for one.
std::vector<std::string> SidesIn(const v1::Meeting& meeting, Sides which) {
  std::vector<std::string> sides;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (which == Sides::kCertain && party.disputed()) continue;
    if (MayBeSide(party)) sides.push_back(party.code());
  }
  return sides;
}

bool WhoIsCertain(const v1::Meeting& meeting) {
  return std::ranges::none_of(meeting.parties(), &v1::PartyFact::disputed);
}

// Held, or perhaps held, of the scope's kind and parties, but for the meeting itself.
std::vector<Held> OthersHeld(const AnswerContext& context, const Question& question,
                             const Scope& scope) {
  CompiledFilter filter;
  if (!scope.kind.empty()) filter.groups.push_back({{{TermKind::kKind, scope.kind}}, {}});
  for (const std::string& code : scope.parties) {
    filter.groups.push_back({{{TermKind::kCountry, code}}, {}});
  }
  filter.groups.push_back({{{TermKind::kStatus, "held"}}, {}});
  std::vector<Held> held;
  VisitStates(context, question, filter, [&](const v1::Meeting& meeting, bool fits) {
    if (meeting.id() == scope.id) return;
    bool certain = fits && CertainlyHeld(meeting);
    if (scope.exactly) {
      if (!MayBeOf(meeting, scope.parties)) return;
      certain = certain && SidesOf(meeting) == scope.parties && WhoIsCertain(meeting);
    }
    held.push_back({meeting.id(), BoundsOf(meeting.date()), SidesIn(meeting, Sides::kCertain),
                    SidesIn(meeting, Sides::kPossible), certain});
  });
  return held;
}

bool Earlier(const Held& held, const Bounds& than) {
  return domain::Compare(held.when, than) == domain::DateOrder::kBefore;
}

bool MayBeEarlier(const Held& held, const Bounds& than) {
  return domain::Compare(held.when, than) != domain::DateOrder::kAfter;
}

Finding CountMeetings(const AnswerContext& context, const Question& question, const Scope& scope,
                      const Bounds& within, std::uint32_t claimed) {
  Finding finding;
  std::uint32_t maybe = 0;
  const Held* first = nullptr;
  const auto held = OthersHeld(context, question, scope);
  for (const Held& other : held) {
    if (!other.when.Overlaps(within)) continue;
    if (other.certain && Earlier(other, scope.when) && within.Contains(other.when)) {
      if (first == nullptr) first = &other;
      ++finding.counted;
    } else if (MayBeEarlier(other, scope.when)) {
      ++maybe;
    }
  }
  if (!scope.id.empty()) ++finding.counted;
  finding.contradicted = finding.counted > claimed;
  finding.agrees = finding.counted == claimed && maybe == 0;
  finding.why =
      finding.contradicted && first != nullptr
          ? fmt::format("our log holds {} by then, the first of them {} on {}", finding.counted,
                        first->id, first->when.earliest.Iso())
      : finding.counted <= 1 && maybe == 0
          ? std::string("our log holds no earlier one")
          : fmt::format("our log holds {} by then{}", finding.counted,
                        maybe == 0 ? "" : fmt::format(", perhaps {}", finding.counted + maybe));
  return finding;
}

Finding CountPartners(const AnswerContext& context, const Question& question, Scope scope,
                      const std::string& party, const v1::Meeting* meeting, const Bounds& within,
                      std::uint32_t claimed) {
  scope.parties = {party};
  scope.exactly = false;
  std::set<std::string> before;
  std::set<std::string> by_then;
  for (const Held& other : OthersHeld(context, question, scope)) {
    if (!other.when.Overlaps(within) || !MayBeEarlier(other, scope.when)) continue;
    // Partners are counted by meetings of two, and possibly by those that some have for one of two.
    if (other.certain_sides.size() > 2) continue;
    by_then.insert(other.possible_sides.begin(), other.possible_sides.end());
    if (other.certain && other.possible_sides.size() <= 2 && within.Contains(other.when) &&
        Earlier(other, scope.when)) {
      before.insert(other.certain_sides.begin(), other.certain_sides.end());
    }
  }
  if (meeting != nullptr) {
    for (const std::string& side : SidesIn(*meeting, Sides::kCertain)) before.insert(side);
    for (const std::string& side : SidesIn(*meeting, Sides::kPossible)) by_then.insert(side);
  }
  before.erase(party);
  by_then.erase(party);
  Finding finding;
  finding.counted = static_cast<std::uint32_t>(by_then.size());
  finding.contradicted = before.size() > claimed;
  finding.agrees = by_then.size() == claimed && before.size() == claimed;
  finding.why = fmt::format("our log holds {} partner{} of {} in this kind by then",
                            finding.counted, finding.counted == 1 ? "" : "s", Name(context, party));
  return finding;
}

Finding CountFrequency(const AnswerContext& context, const Question& question, const Scope& scope) {
  Bounds within = scope.window.value_or(scope.when);
  if (!scope.window && scope.when.latest.finite()) {
    const int year = static_cast<int>(scope.when.latest.ymd().year());
    within = {*Day::FromYmd(year, 1, 1), *Day::FromYmd(year, 12, 31)};
  }
  Scope anywhere = scope;
  anywhere.id.clear();
  Finding finding;
  for (const Held& held : OthersHeld(context, question, anywhere)) {
    if (held.certain && within.Contains(held.when)) ++finding.counted;
  }
  finding.why = fmt::format("our log holds {} held between {} and {}, which settles nothing",
                            finding.counted, within.earliest.Iso(), within.latest.Iso());
  return finding;
}

// Names of the streams that may declare our log complete for a scope.
std::vector<std::string> StreamsThatCover(const AnswerContext& context, const Scope& scope) {
  std::vector<std::string> streams = {TermText(TermKind::kKind, scope.kind)};
  for (const std::string& code : scope.parties) {
    streams.push_back(TermText(TermKind::kCountry, code));
  }
  if (!scope.exactly) return streams;
  if (scope.parties.size() == 2) {
    streams.push_back(domain::PairStream(scope.parties[0], scope.parties[1]));
  }
  if (const domain::Word* series = context.vocabulary.SeriesOf(scope.kind, scope.parties)) {
    streams.push_back(TermText(TermKind::kSeries, series->id));
  }
  return streams;
}

// The days for which one coverage declares the scope complete. One declared in the stream of a
// country, pair or series is about that only, and one of a party about meetings it takes part in.
std::optional<Bounds> DaysCovered(const AnswerContext& context, const Scope& scope,
                                  const v1::CoverageDeclared& coverage) {
  const auto kind = context.vocabulary.Resolve(domain::WordList::kKinds, coverage.kind());
  if (!kind || (*kind)->id != scope.kind) return std::nullopt;
  if (!coverage.party().empty()) {
    const auto party = context.parties.Resolve(coverage.party());
    if (!party || std::ranges::find(scope.parties, (*party)->code) == scope.parties.end()) {
      return std::nullopt;
    }
  }
  return Bounds{Day::FromIso(coverage.from()).value_or(Day::BeforeAll()),
                Day::FromIso(coverage.to()).value_or(Day::AfterAll())};
}

// Whether our log is declared complete for all of these days. Coverages that overlap or follow
// each other without a gap are one.
bool Covered(const AnswerContext& context, const Question& question, const Scope& scope,
             const Bounds& claimed) {
  if (scope.kind.empty()) return false;
  std::vector<Bounds> covered;
  for (const std::string& id : StreamsThatCover(context, scope)) {
    const auto reports = ReportsOf(context.snapshot, id);
    if (reports.empty()) continue;
    const v1::Subject subject =
        domain::FoldSubject(id, reports, question.as_of, context.parties, context.vocabulary);
    for (const v1::CoverageDeclared& coverage : subject.coverage()) {
      if (const auto days = DaysCovered(context, scope, coverage)) covered.push_back(*days);
    }
  }
  std::ranges::sort(covered, {}, &Bounds::earliest);
  std::optional<Bounds> joined;
  for (const Bounds& days : covered) {
    const bool follows = joined && days.earliest <= joined->latest.PlusDays(1);
    if (!follows) {
      joined = days;
    } else {
      joined->latest = std::max(joined->latest, days.latest);
    }
    if (joined->Contains(claimed)) return true;
  }
  return false;
}

// The days for which our log must be complete to confirm a claim: from the beginning of what it
// counts over to the meeting. nullopt: no coverage would do.
std::optional<Bounds> DaysClaimed(const Scope& scope, const Bounds& within) {
  if (!scope.certain || !within.Contains(scope.when)) return std::nullopt;
  return Bounds{within.earliest, scope.when.latest};
}

std::optional<Bounds> WindowOf(const std::string& text, Day reported) {
  if (text.empty()) return std::nullopt;
  if (const auto date = domain::UncertainDate::Parse(text)) return date->bounds();
  if (const auto back = domain::Duration::Parse(text)) {
    return Bounds{domain::Back(reported, *back), reported};
  }
  return std::nullopt;
}

void Judge(const AnswerContext& context, const Question& question, const Scope& scope,
           const v1::Meeting* meeting, v1::ClaimFact* claim) {
  const Bounds ever = scope.window.value_or(Bounds{Day::BeforeAll(), Day::AfterAll()});
  const std::string& party =
      scope.parties.size() == 1 ? scope.parties.front() : claim->scope().party();
  Bounds within = ever;
  Finding finding;
  switch (claim->claim()) {
    case v1::ClaimRecorded::first:
      finding = CountMeetings(context, question, scope, ever, 1);
      break;
    case v1::ClaimRecorded::nth_meeting:
      finding = CountMeetings(context, question, scope, ever, claim->value());
      break;
    case v1::ClaimRecorded::nth_partner:
      if (party.empty()) {
        finding.why = "the claim does not say whose partners it counts";
      } else {
        finding = CountPartners(context, question, scope, party, meeting, ever, claim->value());
      }
      break;
    case v1::ClaimRecorded::first_of_year: {
      if (!scope.window && scope.when.earliest.finite()) {
        const int number = static_cast<int>(scope.when.earliest.ymd().year());
        within = {*Day::FromYmd(number, 1, 1), *Day::FromYmd(number, 12, 31)};
      }
      finding = CountMeetings(context, question, scope, within, 1);
      break;
    }
    default:
      finding = CountFrequency(context, question, scope);
  }
  claim->set_counted(finding.counted);
  if (finding.contradicted) {
    claim->set_verdict(v1::ClaimFact::contradicted);
    claim->set_why(fmt::format("Contradicted: {}.", finding.why));
  } else if (const auto claimed = DaysClaimed(scope, within);
             finding.agrees && claimed && Covered(context, question, scope, *claimed)) {
    claim->set_verdict(v1::ClaimFact::confirmed);
    claim->set_why("Confirmed by our own count, within the coverage declared.");
  } else {
    claim->set_verdict(v1::ClaimFact::open);
    claim->set_why(fmt::format("Not contradicted, not confirmed: {}.", finding.why));
  }
}

// The day of the highest-ranked report that claims it, as far as that is known.
template <class Reports>
Bounds SaidOn(const v1::ClaimFact& claim, const Reports& reports) {
  const Bounds unknown{Day::BeforeAll(), Day::AfterAll()};
  if (claim.said_by().empty() || static_cast<int>(claim.said_by(0)) >= reports.size()) {
    return unknown;
  }
  const auto time =
      domain::ReportedTime::Parse(reports.Get(static_cast<int>(claim.said_by(0))).reported());
  return time ? Bounds{time->earliest().day(), time->latest().day()} : unknown;
}

void AddParty(const AnswerContext& context, const std::string& name, Scope* scope) {
  const auto party = context.parties.Resolve(name);
  if (party) scope->parties.push_back((*party)->code);
}

}  // namespace

bool CertainlyHeld(const v1::Meeting& meeting) {
  return meeting.outcome().value() == v1::Meeting::held && !meeting.outcome().possible_only() &&
         !meeting.outcome().disputed();
}

std::vector<std::string> SidesOf(const v1::Meeting& meeting) {
  std::vector<std::string> sides;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (domain::IsSide(party)) sides.push_back(party.code());
  }
  std::ranges::sort(sides);
  return sides;
}

void JudgeMeetingClaim(const AnswerContext& context, const Question& question,
                       const v1::Meeting& meeting, v1::ClaimFact* claim) {
  Scope scope;
  scope.id = meeting.id();
  scope.kind = claim->scope().kind().empty() ? meeting.kind().value() : claim->scope().kind();
  scope.certain = CertainlyHeld(meeting) && WhoIsCertain(meeting) &&
                  (!meeting.kind().disputed() || scope.kind != meeting.kind().value());
  scope.when = BoundsOf(meeting.date());
  if (claim->scope().party().empty()) {
    scope.parties = SidesOf(meeting);
    scope.exactly = true;
  } else {
    AddParty(context, claim->scope().party(), &scope);
  }
  scope.window = WindowOf(claim->scope().window(), SaidOn(*claim, meeting.reports()).latest);
  Judge(context, question, scope, &meeting, claim);
}

void JudgeSubjectClaim(const AnswerContext& context, const Question& question,
                       const v1::Subject& subject, v1::ClaimFact* claim) {
  Scope scope;
  scope.kind = claim->scope().kind();
  if (!claim->scope().party().empty()) AddParty(context, claim->scope().party(), &scope);
  if (const auto name = domain::ParseStreamName(subject.id())) {
    if (name->kind == domain::StreamKind::kKind && scope.kind.empty()) scope.kind = name->id;
    if (name->kind == domain::StreamKind::kSeries) {
      const auto* series =
          context.vocabulary.Find(domain::WordList::kSeries, std::string(name->id));
      if (series != nullptr && (scope.kind.empty() || scope.kind == series->kind) &&
          scope.parties.empty()) {
        scope.kind = series->kind;
        scope.parties = series->parties;
        scope.exactly = true;
      }
    }
    if (name->kind == domain::StreamKind::kCountry && scope.parties.empty()) {
      AddParty(context, std::string(name->id), &scope);
    }
    if (name->kind == domain::StreamKind::kPair && scope.parties.empty()) {
      AddParty(context, std::string(name->id.substr(0, name->id.find('-'))), &scope);
      AddParty(context, std::string(name->id.substr(name->id.find('-') + 1)), &scope);
      scope.exactly = true;
    }
  }
  scope.when = SaidOn(*claim, subject.reports());
  scope.window = WindowOf(claim->scope().window(), scope.when.latest);
  Judge(context, question, scope, nullptr, claim);
}

}  // namespace entente::views
