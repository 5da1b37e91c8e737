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
  std::vector<std::string> sides;
};

// What a claim speaks of, made plain.
struct Scope {
  std::string kind;
  std::vector<std::string> parties;  // all of them take part; sorted
  bool exactly = false;              // and nobody else
  std::string id;                    // the meeting claimed about; empty: none
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

// Held without doubt, of the scope's kind and parties, but for the meeting itself.
std::vector<Held> OthersHeld(const AnswerContext& context, const Question& question,
                             const Scope& scope) {
  CompiledFilter filter;
  if (!scope.kind.empty()) filter.groups.push_back({{{TermKind::kKind, scope.kind}}, {}});
  for (const std::string& code : scope.parties) {
    filter.groups.push_back({{{TermKind::kCountry, code}}, {}});
  }
  filter.groups.push_back({{{TermKind::kStatus, "held"}}, {}});
  std::vector<Held> held;
  VisitStates(context, question, filter, [&](const v1::Meeting& meeting, bool certain) {
    if (!certain || !CertainlyHeld(meeting) || meeting.id() == scope.id) return;
    auto sides = SidesOf(meeting);
    if (scope.exactly && sides != scope.parties) return;
    held.push_back({meeting.id(), BoundsOf(meeting.date()), std::move(sides)});
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
    if (Earlier(other, scope.when) && within.Contains(other.when)) {
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
                      const std::string& party, const v1::Meeting* meeting, std::uint32_t claimed) {
  scope.parties = {party};
  scope.exactly = false;
  std::set<std::string> before;
  std::set<std::string> by_then;
  for (const Held& other : OthersHeld(context, question, scope)) {
    if (other.sides.size() != 2) continue;  // partners are counted by meetings of two
    const std::string& partner = other.sides[other.sides[0] == party ? 1 : 0];
    if (Earlier(other, scope.when)) before.insert(partner);
    if (MayBeEarlier(other, scope.when)) by_then.insert(partner);
  }
  if (meeting != nullptr) {
    for (const std::string& side : SidesOf(*meeting)) {
      if (side == party) continue;
      before.insert(side);
      by_then.insert(side);
    }
  }
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
    if (within.Contains(held.when)) ++finding.counted;
  }
  finding.why = fmt::format("our log holds {} held between {} and {}, which settles nothing",
                            finding.counted, within.earliest.Iso(), within.latest.Iso());
  return finding;
}

// Whether our log is declared complete for what the claim speaks of.
bool Covered(const AnswerContext& context, const Question& question, const Scope& scope) {
  std::vector<std::string> subjects;
  if (!scope.kind.empty()) subjects.push_back("kind/" + scope.kind);
  for (const std::string& code : scope.parties) subjects.push_back("country/" + code);
  if (scope.parties.size() == 2) {
    subjects.push_back(domain::PairStream(scope.parties[0], scope.parties[1]));
  }
  const Day from =
      std::min(scope.when.earliest, scope.window ? scope.window->earliest : scope.when.earliest);
  for (const std::string& id : subjects) {
    const auto reports = ReportsOf(context.snapshot, id);
    if (reports.empty()) continue;
    const v1::Subject subject =
        domain::FoldSubject(id, reports, question.as_of, context.parties, context.vocabulary);
    for (const v1::CoverageDeclared& coverage : subject.coverage()) {
      const auto begins = Day::FromIso(coverage.from());
      const Day ends = Day::FromIso(coverage.to()).value_or(Day::AfterAll());
      bool for_parties = coverage.party().empty();
      if (const auto party = context.parties.Resolve(coverage.party())) {
        for_parties = std::ranges::find(scope.parties, (*party)->code) != scope.parties.end();
      }
      if (coverage.kind() == scope.kind && for_parties && begins && *begins <= from &&
          scope.when.latest <= ends) {
        return true;
      }
    }
  }
  return false;
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
        finding = CountPartners(context, question, scope, party, meeting, claim->value());
      }
      break;
    case v1::ClaimRecorded::first_of_year: {
      Bounds year = ever;
      if (!scope.window && scope.when.earliest.finite()) {
        const int number = static_cast<int>(scope.when.earliest.ymd().year());
        year = {*Day::FromYmd(number, 1, 1), *Day::FromYmd(number, 12, 31)};
      }
      finding = CountMeetings(context, question, scope, year, 1);
      break;
    }
    default:
      finding = CountFrequency(context, question, scope);
  }
  claim->set_counted(finding.counted);
  if (finding.contradicted) {
    claim->set_verdict(v1::ClaimFact::contradicted);
    claim->set_why(fmt::format("Contradicted: {}.", finding.why));
  } else if (finding.agrees && !scope.id.empty() && Covered(context, question, scope)) {
    claim->set_verdict(v1::ClaimFact::confirmed);
    claim->set_why("Confirmed by our own count, within the coverage declared.");
  } else {
    claim->set_verdict(v1::ClaimFact::open);
    claim->set_why(fmt::format("Not contradicted, not confirmed: {}.", finding.why));
  }
}

Day ReportedDayOf(const v1::Report& report) {
  const auto time = domain::ReportedTime::Parse(report.reported());
  return time ? time->latest().day() : Day::AfterAll();
}

template <class Reports>
Day FirstSaidOn(const v1::ClaimFact& claim, const Reports& reports) {
  if (claim.said_by().empty() || static_cast<int>(claim.said_by(0)) >= reports.size()) {
    return Day::AfterAll();
  }
  return ReportedDayOf(reports.Get(static_cast<int>(claim.said_by(0))));
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
  scope.when = BoundsOf(meeting.date());
  if (claim->scope().party().empty()) {
    scope.parties = SidesOf(meeting);
    scope.exactly = true;
  } else {
    AddParty(context, claim->scope().party(), &scope);
  }
  scope.window = WindowOf(claim->scope().window(), FirstSaidOn(*claim, meeting.reports()));
  Judge(context, question, scope, &meeting, claim);
}

void JudgeSubjectClaim(const AnswerContext& context, const Question& question,
                       const v1::Subject& subject, v1::ClaimFact* claim) {
  Scope scope;
  scope.kind = claim->scope().kind();
  if (!claim->scope().party().empty()) AddParty(context, claim->scope().party(), &scope);
  if (const auto name = domain::ParseStreamName(subject.id())) {
    if (name->kind == domain::StreamKind::kKind && scope.kind.empty()) scope.kind = name->id;
    if (name->kind == domain::StreamKind::kCountry && scope.parties.empty()) {
      AddParty(context, std::string(name->id), &scope);
    }
    if (name->kind == domain::StreamKind::kPair && scope.parties.empty()) {
      AddParty(context, std::string(name->id.substr(0, name->id.find('-'))), &scope);
      AddParty(context, std::string(name->id.substr(name->id.find('-') + 1)), &scope);
      scope.exactly = true;
    }
  }
  const Day said = FirstSaidOn(*claim, subject.reports());
  scope.when = {said, said};
  scope.window = WindowOf(claim->scope().window(), said);
  Judge(context, question, scope, nullptr, claim);
}

}  // namespace entente::views
