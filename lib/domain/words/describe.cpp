#include "domain/words/describe.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/words/date_words.h"
#include "domain/words/plain_words.h"
#include "domain/words/sentence.h"
#include "domain/words/telling.h"

namespace entente::domain {
namespace {

using Type = v1::ChangeType;

// What leads the sentence: the first of these that is among the reasons. Acts on reports come
// first because everything else follows from them; then whether the meeting takes place, then its
// details, then what only people have to settle.
constexpr std::array kByImportance = {Type::retracted,
                                      Type::corrected,
                                      Type::merged,
                                      Type::split,
                                      Type::held,
                                      Type::not_held,
                                      Type::cancelled,
                                      Type::called_off,
                                      Type::postponed,
                                      Type::reinstated,
                                      Type::rescheduled,
                                      Type::scheduled,
                                      Type::announced,
                                      Type::moved,
                                      Type::parties_changed,
                                      Type::attendees_named,
                                      Type::outcome_recorded,
                                      Type::statement_made,
                                      Type::claim_recorded,
                                      Type::topics_tagged,
                                      Type::rhythm_agreed,
                                      Type::coverage_declared,
                                      Type::linked,
                                      Type::disputed,
                                      Type::unconfirmed_change,
                                      Type::mentioned,
                                      Type::confirmed};

bool IsAct(Type::Value type) {
  return type == Type::retracted || type == Type::corrected || type == Type::merged ||
         type == Type::split;
}

bool Has(const v1::Change& change, Type::Value type) {
  return std::find(change.reasons().begin(), change.reasons().end(), type) !=
         change.reasons().end();
}

std::string Claim(const Telling& telling) {
  return ClaimClause(telling.report.facts().claim_recorded(), telling.Dated(),
                     ParticipantsOf(telling.Nameable()), telling.Nameable().kind().value(),
                     telling.names);
}

std::string Rhythm(const v1::Report& report, const std::string& whom) {
  return fmt::format("{}: to meet {}", whom, EveryInWords(report.facts().rhythm_agreed().every()));
}

// The clause that names the meeting. Empty where the state does not bear the reason out.
std::string Lead(Type::Value type, const Telling& telling) {
  switch (type) {
    case Type::retracted:
      return RetractionClause(telling);
    case Type::corrected:
      return CorrectionClause(telling);
    case Type::merged:
      return MergeClause(telling);
    case Type::split:
      return SplitClause(telling);
    case Type::parties_changed:
      return PartiesClause(telling, true);
    case Type::attendees_named:
      return AttendeesClause(telling, true);
    case Type::topics_tagged:
      return TopicsClause(telling, true);
    case Type::outcome_recorded:
      return ResultClause(telling);
    case Type::statement_made:
      return StatementClause(telling.report, telling.Dated(), telling.names);
    case Type::claim_recorded:
      return Claim(telling);
    case Type::rhythm_agreed:
      return Rhythm(telling.report, telling.Name());
    case Type::linked:
      return LinkClause(telling, true);
    case Type::disputed:
      return DisputeClause(telling, true);
    case Type::unconfirmed_change:
      return UnconfirmedClause(telling);
    case Type::confirmed:
      return fmt::format("another report on {}, nothing new: {}", telling.Name(),
                         StateInWords(telling.after));
    default:
      return LifecycleClause(type, telling);
  }
}

// Of what is told: "not officially confirmed", or which part of it is not.
std::string NotConfirmed(const Telling& telling) {
  std::vector<std::string> facets;
  for (const v1::Finding* finding : NewFindings(telling, v1::Finding::unconfirmed_change)) {
    if (finding->facet() == "date" || finding->facet() == "outcome") {
      return "not officially confirmed";
    }
    facets.push_back("the " + finding->facet());
  }
  return (facets.empty() ? "" : AndList(facets) + " ") + "not officially confirmed";
}

// What else has to be said after the lead.
std::vector<std::string> Further(const v1::Change& change, Type::Value lead,
                                 const Telling& telling) {
  std::vector<std::string> clauses;
  const auto add = [&](Type::Value type, std::string clause) {
    if (type != lead && Has(change, type) && !clause.empty()) clauses.push_back(std::move(clause));
  };
  // An act's clause says all that differs.
  if (!IsAct(lead)) {
    add(Type::parties_changed, PartiesClause(telling, false));
    const bool seated = lead == Type::held && telling.report.facts().has_meeting_held();
    if (seated) {
      if (auto clause = AttendeesClause(telling, false); !clause.empty()) clauses.push_back(clause);
    } else {
      add(Type::attendees_named, AttendeesClause(telling, false));
    }
    add(Type::topics_tagged, TopicsClause(telling, false));
    add(Type::linked, LinkClause(telling, false));
  }
  add(Type::disputed, DisputeClause(telling, false));
  const bool said = telling.after.outcome().possible_only() && lead == Type::held;
  if (!said && !IsAct(lead)) add(Type::unconfirmed_change, NotConfirmed(telling));
  return clauses;
}

// What does not fit together, each in a sentence of its own.
std::string Inconsistencies(const Telling& telling) {
  std::string sentences;
  for (const v1::Finding* finding : NewFindings(telling, v1::Finding::inconsistent)) {
    sentences += " " + Sentence(WithDatesInWords(finding->text()));
  }
  return sentences;
}

// `more`: further sentences, each with a space before it.
std::string WithSource(const std::string& clause, const v1::Report& report,
                       const std::string& more = {}) {
  v1::Source source = report.source();
  if (source.publisher().empty()) source.set_publisher(report.publisher());
  if (source.class_() == v1::Source::unspecified) source.set_class_(report.class_());
  return fmt::format("{}{} Source: {}", Sentence(Capitalised(OneLine(clause))), more,
                     SourceInWords(source, report.reported()));
}

// Of what a report says about a subject that is no meeting.
std::string SubjectClause(const v1::Change& change, const v1::Report& report, const Names& names) {
  const std::string about = names.Subject(change.subject());
  const v1::Facts& facts = report.facts();
  switch (facts.payload_case()) {
    case v1::Facts::kReportRetracted:
      return RetractionOf(report) + " a report on " + about +
             (facts.report_retracted().why().empty()
                  ? ""
                  : fmt::format(" ({})", facts.report_retracted().why()));
    case v1::Facts::kReportCorrected: {
      v1::Report replaced = report;
      *replaced.mutable_facts() = facts.report_corrected().replacement();
      return fmt::format("{} {}; it now reads: {}", CorrectionOf(report), about,
                         SubjectClause(change, replaced, names));
    }
    case v1::Facts::kStatementMade:
      return StatementClause(report, about, names);
    case v1::Facts::kClaimRecorded: {
      std::string kind;
      if (change.subject().starts_with("kind/")) kind = change.subject().substr(5);
      return ClaimClause(facts.claim_recorded(), about, {}, kind, names);
    }
    case v1::Facts::kRhythmAgreed:
      return Rhythm(report, about);
    case v1::Facts::kCoverageDeclared: {
      const v1::CoverageDeclared& coverage = facts.coverage_declared();
      const std::string with =
          coverage.party().empty() ? "" : " with " + names.Party(coverage.party());
      const std::string to = coverage.to().empty() ? " on" : " to " + DateInWords(coverage.to());
      const std::string from =
          coverage.from().empty() ? "the first ever" : DateInWords(coverage.from());
      return fmt::format("our log declared complete for {}{} from {}{}",
                         names.Plural(WordList::kKinds, coverage.kind()), with, from, to);
    }
    case v1::Facts::kMentionRecorded: {
      const v1::MentionRecorded& mention = facts.mention_recorded();
      return fmt::format("machine-coded mention of {} {} ({} {}); no report of a meeting", about,
                         OnDateInWords(mention.day()), mention.coder(), mention.code());
    }
    default:
      return "news on " + about;
  }
}

}  // namespace

std::string ChangeInWords(const v1::Change& change, const v1::Meeting& before,
                          const v1::Meeting& after, const v1::Report& report,
                          const PartyRegistry& parties, const Vocabulary& vocabulary) {
  const Names names{parties, vocabulary};
  const Telling telling{before, after, report, names};
  for (const Type::Value type : kByImportance) {
    if (!Has(change, type)) continue;
    std::string clause = Lead(type, telling);
    if (clause.empty()) continue;
    for (const std::string& further : Further(change, type, telling)) clause += "; " + further;
    return WithSource(clause, report, Inconsistencies(telling));
  }
  return WithSource(fmt::format("news on {}: {}", telling.Name(), StateInWords(after)), report,
                    Inconsistencies(telling));
}

std::string SubjectChangeInWords(const v1::Change& change, const v1::Report& report,
                                 const PartyRegistry& parties, const Vocabulary& vocabulary) {
  return WithSource(SubjectClause(change, report, Names{parties, vocabulary}), report);
}

std::string SourceInWords(const v1::Source& source, std::string_view reported) {
  std::string words = OneLine(source.publisher());
  if (words.empty()) words = "not named";
  if (source.class_() == v1::Source::unnamed_sources) words += " (unnamed sources)";
  if (source.class_() == v1::Source::inferred) words += " (inferred)";
  const std::string_view when = reported.empty() ? std::string_view(source.published()) : reported;
  if (!when.empty()) words += ", " + ReportedInWords(when);
  if (!source.locator().empty()) words += ", " + OneLine(source.locator());
  return words;
}

}  // namespace entente::domain
