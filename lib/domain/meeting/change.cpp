#include "domain/meeting/change.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "domain/dates/uncertain_date.h"
#include "domain/meeting/dates.h"

namespace entente::domain {

namespace {

using Reason = v1::ChangeType;
using Facts = v1::Facts;

Reason::Value ReasonOf(const Facts& facts) {
  switch (facts.payload_case()) {
    case Facts::kMeetingAnnounced:
      return Reason::announced;
    case Facts::kMeetingScheduled:
      return Reason::scheduled;
    case Facts::kMeetingRescheduled:
      return Reason::rescheduled;
    case Facts::kMeetingPostponed:
      return Reason::postponed;
    case Facts::kMeetingCalledOff:
      return Reason::called_off;
    case Facts::kMeetingCancelled:
      return Reason::cancelled;
    case Facts::kMeetingReinstated:
      return Reason::reinstated;
    case Facts::kMeetingMoved:
      return Reason::moved;
    case Facts::kMeetingHeld:
      return Reason::held;
    case Facts::kMeetingNotHeld:
      return Reason::not_held;
    case Facts::kPartiesChanged:
      return Reason::parties_changed;
    case Facts::kAttendeesNamed:
      return Reason::attendees_named;
    case Facts::kTopicsTagged:
      return Reason::topics_tagged;
    case Facts::kOutcomeRecorded:
      return Reason::outcome_recorded;
    case Facts::kStatementMade:
      return Reason::statement_made;
    case Facts::kClaimRecorded:
      return Reason::claim_recorded;
    case Facts::kReportCorrected:
      return Reason::corrected;
    case Facts::kReportRetracted:
      return Reason::retracted;
    case Facts::kMeetingsMerged:
      return Reason::merged;
    case Facts::kMeetingSplit:
      return Reason::split;
    case Facts::kMeetingLinked:
      return Reason::linked;
    case Facts::kRhythmAgreed:
      return Reason::rhythm_agreed;
    case Facts::kCoverageDeclared:
      return Reason::coverage_declared;
    case Facts::kMentionRecorded:
      return Reason::mentioned;
    default:
      return Reason::unspecified;
  }
}

v1::Fact ValueOf(const v1::Fact& fact) {
  v1::Fact value;
  value.set_value(fact.value());
  return value;
}

// A meeting without who said it and how sure it is: its values, to compare. The reports, which
// may be many, are not copied, and the title is a name and no news.
v1::Meeting ValuesOf(const v1::Meeting& meeting) {
  v1::Meeting values;
  values.set_standing(meeting.standing());
  if (meeting.has_kind()) *values.mutable_kind() = ValueOf(meeting.kind());
  if (meeting.has_series()) *values.mutable_series() = ValueOf(meeting.series());
  if (meeting.has_ordinal()) *values.mutable_ordinal() = ValueOf(meeting.ordinal());
  if (meeting.has_mode()) *values.mutable_mode() = ValueOf(meeting.mode());
  if (meeting.has_place()) *values.mutable_place() = ValueOf(meeting.place());
  if (meeting.has_level()) *values.mutable_level() = ValueOf(meeting.level());
  if (meeting.has_duration()) *values.mutable_duration() = ValueOf(meeting.duration());
  if (meeting.has_reason()) *values.mutable_reason() = ValueOf(meeting.reason());
  if (meeting.has_until()) *values.mutable_until() = ValueOf(meeting.until());
  auto& date = *values.mutable_date();
  date.set_state(meeting.date().state());
  *date.mutable_fact() = ValueOf(meeting.date().fact());
  date.set_last_day(meeting.date().last_day());
  date.set_earliest(meeting.date().earliest());  // local days reach beyond the value
  date.set_latest(meeting.date().latest());
  values.mutable_outcome()->set_value(meeting.outcome().value());
  values.mutable_outcome()->set_possible_only(meeting.outcome().possible_only());
  for (const auto& party : meeting.parties()) {
    auto& value = *values.add_parties();
    value.set_code(party.code());
    value.set_role(party.role());
    value.set_removed(party.removed());
  }
  // In whose order they are printed is no news.
  std::ranges::sort(*values.mutable_parties(), {}, &v1::PartyFact::code);
  for (const auto& attendee : meeting.attendees()) {
    auto& value = *values.add_attendees();
    value.set_party(attendee.party());
    value.set_post(attendee.post());
    *value.mutable_person() = ValueOf(attendee.person());
  }
  *values.mutable_topics() = meeting.topics();
  for (auto& topic : *values.mutable_topics()) {
    topic.clear_said_by();
    topic.clear_disputed();
  }
  *values.mutable_results() = meeting.results();
  for (auto& result : *values.mutable_results()) result.clear_said_by();
  *values.mutable_statements() = meeting.statements();
  for (auto& statement : *values.mutable_statements()) statement.clear_said_by();
  *values.mutable_claims() = meeting.claims();
  for (auto& claim : *values.mutable_claims()) claim.clear_said_by();
  *values.mutable_links() = meeting.links();
  for (auto& link : *values.mutable_links()) link.clear_said_by();
  *values.mutable_absorbed() = meeting.absorbed();
  *values.mutable_pairs() = meeting.pairs();
  return values;
}

// None of them holds a map, so equal messages have equal bytes.
bool Same(const google::protobuf::MessageLite& a, const google::protobuf::MessageLite& b) {
  return a.SerializeAsString() == b.SerializeAsString();
}

template <class Repeated>
bool SameList(const Repeated& a, const Repeated& b) {
  return std::ranges::equal(a, b, [](const auto& x, const auto& y) { return Same(x, y); });
}

// There are more such findings on some facet than there were. Their texts do not tell: they name
// everybody who says so.
bool MoreFindings(const v1::Meeting& before, const v1::Meeting& after, v1::Finding::Kind kind) {
  std::map<std::string_view, int> more;
  for (const auto& finding : after.findings()) more[finding.facet()] += finding.kind() == kind;
  for (const auto& finding : before.findings()) more[finding.facet()] -= finding.kind() == kind;
  return std::ranges::any_of(more, [](const auto& facet) { return facet.second > 0; });
}

bool Exists(v1::Meeting::Standing standing) {
  return standing == v1::Meeting::announced || standing == v1::Meeting::reported;
}

bool IsOff(v1::Meeting::Outcome outcome) {
  return outcome == v1::Meeting::called_off || outcome == v1::Meeting::cancelled;
}

// What a meeting's term of status is, without `today`.
std::string StatusWord(const v1::Meeting& meeting) {
  switch (meeting.outcome().value()) {
    case v1::Meeting::held:
      return "held";
    case v1::Meeting::cancelled:
      return "cancelled";
    case v1::Meeting::called_off:
      return "called_off";
    default:
      return meeting.date().state() == v1::DateFact::postponed ? "postponed" : "open";
  }
}

void AddOutcome(v1::Meeting::Outcome was, v1::Meeting::Outcome is,
                std::set<Reason::Value>& reasons) {
  if (was == is) return;
  if (is == v1::Meeting::held) reasons.insert(Reason::held);
  if (is == v1::Meeting::called_off) reasons.insert(Reason::called_off);
  if (is == v1::Meeting::cancelled) reasons.insert(Reason::cancelled);
  if (was == v1::Meeting::held) reasons.insert(Reason::not_held);
  if (IsOff(was) && is == v1::Meeting::open) reasons.insert(Reason::reinstated);
}

// A date that became finer, coarser or one of two is the same date better or worse known.
bool Nest(const std::string& was, const std::string& is) {
  const auto a = UncertainDate::Parse(was);
  const auto b = UncertainDate::Parse(is);
  return a && b && Nest(*a, *b);
}

void AddDate(const Difference::Side& was, const Difference::Side& is,
             std::set<Reason::Value>& reasons) {
  if (is.date_state == v1::DateFact::postponed) {
    if (was.date_state != v1::DateFact::postponed) reasons.insert(Reason::postponed);
    return;
  }
  if (is.date_state != v1::DateFact::dated || was.date == is.date) return;
  if (was.date_state == v1::DateFact::dated || was.date_state == v1::DateFact::postponed) {
    if (!Nest(was.date, is.date)) reasons.insert(Reason::rescheduled);
  } else if (is.outcome != v1::Meeting::held) {
    reasons.insert(Reason::scheduled);
  }
}

void AddDifferences(const Difference& difference, std::set<Reason::Value>& reasons) {
  // What a withdrawn meeting loses, and gets back with its report, is no news of its own.
  if (!Exists(difference.is.standing)) return;
  AddOutcome(difference.was.outcome, difference.is.outcome, reasons);
  AddDate(difference.was, difference.is, reasons);
  if (Exists(difference.was.standing)) {
    if (difference.moved) reasons.insert(Reason::moved);
    if (difference.parties) reasons.insert(Reason::parties_changed);
    if (difference.attendees) reasons.insert(Reason::attendees_named);
    if (difference.topics) reasons.insert(Reason::topics_tagged);
    if (difference.results) reasons.insert(Reason::outcome_recorded);
    if (difference.statements) reasons.insert(Reason::statement_made);
    if (difference.claims) reasons.insert(Reason::claim_recorded);
    if (difference.links) reasons.insert(Reason::linked);
  }
  if (difference.absorbed) reasons.insert(Reason::merged);
}

Difference::Side SideOf(const v1::Meeting& meeting) {
  return {meeting.standing(), meeting.outcome().value(), meeting.date().state(),
          meeting.date().fact().value()};
}

Difference DifferenceOf(const v1::Meeting& before, const v1::Meeting& after) {
  const v1::Meeting was = ValuesOf(before);
  const v1::Meeting is = ValuesOf(after);
  Difference difference{.was = SideOf(was), .is = SideOf(is)};
  difference.existed = before.reports_size() > 0;
  difference.values = !Same(was, is);
  difference.moved = (was.has_mode() && was.mode().value() != is.mode().value()) ||
                     (was.has_place() && was.place().value() != is.place().value());
  difference.parties =
      !SameList(was.parties(), is.parties()) || was.level().value() != is.level().value();
  difference.attendees = !SameList(was.attendees(), is.attendees());
  difference.topics = !SameList(was.topics(), is.topics());
  difference.results = !SameList(was.results(), is.results());
  difference.statements = !SameList(was.statements(), is.statements());
  difference.claims = !SameList(was.claims(), is.claims());
  difference.links = !SameList(was.links(), is.links());
  difference.absorbed = was.absorbed_size() != is.absorbed_size();
  difference.more_disputed = MoreFindings(before, after, v1::Finding::disputed);
  difference.more_unconfirmed = MoreFindings(before, after, v1::Finding::unconfirmed_change);
  difference.more_inconsistent = MoreFindings(before, after, v1::Finding::inconsistent);
  return difference;
}

}  // namespace

void VisitTerms(const v1::Meeting& meeting, const VisitTerm& visit) {
  if (!Exists(meeting.standing())) return;
  // Nobody says what it is or who takes part: readable by id only.
  if (meeting.kind().value().empty() && meeting.parties().empty()) return;
  for (const auto& party : meeting.parties()) {
    if (party.role() == v1::Party::venue || (party.removed() && !party.disputed())) continue;
    visit("country", party.code(), party.disputed());
  }
  for (const auto& pair : meeting.pairs()) {
    visit("pair", pair,
          std::ranges::find(meeting.doubtful_pairs(), pair) != meeting.doubtful_pairs().end());
  }
  for (const auto& pair : meeting.doubtful_pairs()) visit("pair", pair, true);
  for (const auto& topic : meeting.topics()) visit("topic", topic.topic(), topic.disputed());
  for (const auto& topic : meeting.doubtful_topics()) visit("topic", topic, true);
  const auto visit_fact = [&](std::string_view kind, const v1::Fact& fact) {
    if (!fact.value().empty()) visit(kind, fact.value(), fact.disputed());
    for (const auto& rival : fact.rivals()) {
      if (rival.why() == v1::Fact::Rival::disputed) visit(kind, rival.value(), true);
    }
  };
  visit_fact("kind", meeting.kind());
  visit_fact("series", meeting.series());
  const v1::OutcomeFact& outcome = meeting.outcome();
  const bool doubted = outcome.disputed() || outcome.rivals_size() > 0 ||
                       (outcome.value() == v1::Meeting::held && outcome.possible_only());
  visit("status", StatusWord(meeting), doubted);
  for (const auto& rival : outcome.rivals()) visit("status", rival, true);
}

std::map<std::string, bool> TermsOf(const v1::Meeting& meeting) {
  std::map<std::string, bool> terms;
  VisitTerms(meeting, [&](std::string_view kind, std::string_view name, bool possibly) {
    std::string term(kind);
    term.push_back('/');
    term += name;
    const auto [known, is_new] = terms.emplace(std::move(term), possibly);
    known->second = known->second && possibly;
  });
  return terms;
}

std::vector<v1::ChangeType::Value> ReasonsFor(const v1::Meeting& before, const v1::Meeting& after,
                                              const v1::Report& added) {
  return ReasonsOf(DifferenceOf(before, after), added.facts());
}

std::vector<v1::ChangeType::Value> ReasonsOf(const Difference& difference, const v1::Facts& added) {
  const auto own = ReasonOf(added);
  std::set<Reason::Value> reasons;
  if (!difference.existed || difference.values) {
    if (own != Reason::unspecified) reasons.insert(own);
    if (difference.existed) AddDifferences(difference, reasons);
  }
  if (difference.more_disputed) reasons.insert(Reason::disputed);
  if (difference.more_unconfirmed) reasons.insert(Reason::unconfirmed_change);
  if (!reasons.empty()) return {reasons.begin(), reasons.end()};
  // A report that only raises an inconsistency says what it wanted to be.
  const bool odd = difference.more_inconsistent;
  return {odd && own != Reason::unspecified ? own : Reason::confirmed};
}

std::vector<v1::ChangeType::Value> ReasonsForSubject(const v1::Report& added) {
  const auto reason = ReasonOf(added.facts());
  return {reason == Reason::unspecified ? Reason::confirmed : reason};
}

}  // namespace entente::domain
