#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "domain/words/date_words.h"
#include "domain/words/describe.h"
#include "domain/words/plain_words.h"
#include "domain/words/sentence.h"
#include "domain/words/telling.h"

namespace entente::domain {
namespace {

std::string Why(const std::string& why) {
  return why.empty() ? "" : fmt::format(" ({})", OneLine(why));
}

// A name and why, in one pair of brackets where the name ends with its date in them.
std::string WithWhy(std::string name, const std::string& why) {
  if (why.empty() || !name.ends_with(')')) return name + Why(why);
  name.back() = ';';
  return fmt::format("{} {})", name, OneLine(why));
}

// Clauses with commas inside.
std::string JoinedClauses(const std::vector<std::string>& clauses) {
  std::string joined;
  for (const std::string& clause : clauses) joined += (joined.empty() ? "" : "; ") + clause;
  return joined;
}

// A fact of which the disagreeing values can be listed.
struct DisputedFact {
  std::string_view facet;
  const v1::Fact* fact;
};

std::vector<DisputedFact> ListedFacts(const v1::Meeting& meeting) {
  return {{"date", &meeting.date().fact()}, {"kind", &meeting.kind()},
          {"mode", &meeting.mode()},        {"place", &meeting.place()},
          {"number", &meeting.ordinal()},   {"reason", &meeting.reason()},
          {"title", &meeting.title()}};
}

std::string ValueWords(std::string_view facet, const std::string& value, const Names& names) {
  if (facet == "date") return DateInWords(value);
  if (facet == "kind") return names.Word(WordList::kKinds, value);
  if (facet == "reason") return names.Word(WordList::kReasons, value);
  if (facet == "mode" && !ModeInWords(value).empty()) return std::string(ModeInWords(value));
  return OneLine(value);
}

// "the date (24 or 25 April 2021)"
std::string FactWords(const DisputedFact& disputed, const Names& names) {
  std::vector<std::string> values;
  const auto add = [&](const std::string& value) {
    const std::string words = ValueWords(disputed.facet, value, names);
    if (!words.empty() && std::find(values.begin(), values.end(), words) == values.end()) {
      values.push_back(words);
    }
  };
  add(disputed.fact->value());
  // A disputed date is the set of all values already.
  if (disputed.facet != "date" || !disputed.fact->value().starts_with('[')) {
    for (const v1::Fact::Rival& rival : disputed.fact->rivals()) {
      if (rival.why() == v1::Fact::Rival::disputed) add(rival.value());
    }
  }
  return fmt::format("the {} ({})", disputed.facet, OrList(values));
}

// The report that is withdrawn, by what it said.
std::string_view WhatIsRetracted(const Telling& telling) {
  const std::string& target = telling.report.facts().report_retracted().target();
  for (const v1::Report& report : telling.before.reports()) {
    if (report.event_id() != target) continue;
    switch (report.facts().payload_case()) {
      case v1::Facts::kMeetingsMerged:
        return "a merge of";
      case v1::Facts::kMeetingSplit:
        return "a split of";
      case v1::Facts::kMeetingLinked:
        return "a link of";
      case v1::Facts::kStatementMade:
        return "a statement on";
      case v1::Facts::kClaimRecorded:
        return "a claim on";
      case v1::Facts::kReportCorrected:
        return "a correction on";
      case v1::Facts::kReportRetracted:
        return "an earlier withdrawal on";
      default:
        return "a report on";
    }
  }
  return "a report on";
}

bool WasDisputed(const v1::Meeting& before, std::string_view facet) {
  for (const DisputedFact& fact : ListedFacts(before)) {
    if (fact.facet == facet) return fact.fact->disputed();
  }
  return false;
}

}  // namespace

std::string PublisherOf(const v1::Report& report) {
  const std::string publisher = OneLine(
      report.source().publisher().empty() ? report.publisher() : report.source().publisher());
  return publisher.empty() ? "a source" : publisher;
}

std::vector<const v1::Finding*> NewFindings(const Telling& telling, v1::Finding::Kind kind) {
  const auto& known = telling.before.findings();
  std::vector<const v1::Finding*> findings;
  for (const v1::Finding& finding : telling.after.findings()) {
    const bool is_new = std::none_of(known.begin(), known.end(), [&](const v1::Finding& old) {
      return old.text() == finding.text();
    });
    if (is_new && finding.kind() == kind) findings.push_back(&finding);
  }
  return findings;
}

std::string CorrectionOf(const v1::Report& report) {
  return report.facts().report_corrected().basis() == v1::Basis::source
             ? fmt::format("correction by {} on", PublisherOf(report))
             : "correction of our own record on";
}

std::string RetractionOf(const v1::Report& report) {
  return report.facts().report_retracted().basis() == v1::Basis::source
             ? PublisherOf(report) + " withdraws"
             : "our record no longer counts";
}

std::string CorrectionClause(const Telling& telling) {
  const v1::Meeting& before = telling.before;
  const v1::Meeting& after = telling.after;
  // With the date in doubt the name goes without it.
  const bool same_date = before.date().fact().value() == after.date().fact().value();
  const std::vector<std::string> differences =
      telling.First() ? std::vector<std::string>{} : Differences(telling);
  std::string consequence = "what holds stays the same";
  if (telling.First()) {
    consequence = after.standing() == v1::Meeting::unspecified
                      ? "the report that it corrects is not known"
                      : StateInWords(after);
  } else if (!differences.empty()) {
    consequence = JoinedClauses(differences);
  }
  return fmt::format("{} {}: {}{}", CorrectionOf(telling.report),
                     same_date ? telling.Dated() : telling.Name(), consequence,
                     Why(telling.report.facts().report_corrected().why()));
}

std::string RetractionClause(const Telling& telling) {
  const v1::Meeting& before = telling.before;
  const v1::Meeting& after = telling.after;
  std::string consequence;
  const bool gone =
      after.standing() == v1::Meeting::withdrawn || after.standing() == v1::Meeting::unspecified;
  if (gone) {
    consequence = "no other report speaks of the meeting";
  } else if (before.standing() == v1::Meeting::withdrawn) {
    consequence = "the meeting stands again: " + StateInWords(after);
  } else if (StateInWords(before) != StateInWords(after)) {
    consequence = "it now stands as " + StateInWords(after);
  } else {
    const std::vector<std::string> differences = Differences(telling);
    consequence = differences.empty() ? "what holds stays the same" : JoinedClauses(differences);
  }
  const std::string name =
      before.date().fact().value().empty() ? telling.Dated() : telling.names.DatedMeeting(before);
  return fmt::format("{} {} {}; {}", RetractionOf(telling.report), WhatIsRetracted(telling),
                     WithWhy(name, telling.report.facts().report_retracted().why()), consequence);
}

std::string MergeClause(const Telling& telling) {
  const v1::MeetingsMerged& merged = telling.report.facts().meetings_merged();
  std::vector<std::string> absorbed;
  for (const std::string& id : telling.after.absorbed()) {
    const auto& known = telling.before.absorbed();
    if (std::find(known.begin(), known.end(), id) == known.end()) {
      absorbed.push_back(OneLine(BareId(id)));
    }
  }
  const std::string_view surely =
      telling.report.class_() == v1::Source::inferred ? ", as a program found" : "";
  // The absorbed one has no state of its own any more.
  if (telling.after.parties_size() == 0 && telling.before.parties_size() > 0) {
    return fmt::format("{} is the same meeting as {} and goes on under that id{}", telling.Dated(),
                       OneLine(BareId(merged.survivor())), surely);
  }
  if (absorbed.empty()) return {};
  return fmt::format("{} takes in {}: they are one and the same{}", telling.Dated(),
                     AndList(absorbed), surely);
}

std::string SplitClause(const Telling& telling) {
  const v1::MeetingSplit& split = telling.report.facts().meeting_split();
  const std::string moved = Counted(static_cast<std::uint64_t>(split.event_ids_size()), "report");
  if (BareId(telling.after.id()) == BareId(split.to())) {
    return fmt::format("{} told apart from {}, of which it takes {}", telling.Dated(),
                       OneLine(BareId(split.from())), moved);
  }
  return fmt::format("{} on {} belong{} to another meeting, {}", moved, telling.Dated(),
                     split.event_ids_size() == 1 ? "s" : "", OneLine(BareId(split.to())));
}

std::string LinkClause(const Telling& telling, bool lead) {
  const v1::MeetingLinked& linked = telling.report.facts().meeting_linked();
  std::string relation = linked.relation();
  std::string other = linked.other();
  bool suggested = false;
  if (other.empty()) {
    for (const v1::LinkFact& link : telling.after.links()) {
      const auto& known = telling.before.links();
      const bool is_new = std::none_of(known.begin(), known.end(), [&](const v1::LinkFact& old) {
        return old.other() == link.other() && old.relation() == link.relation();
      });
      if (!is_new) continue;
      relation = link.relation();
      other = link.other();
      suggested = link.suggested();
    }
  }
  if (other.empty()) return {};
  const std::string words =
      fmt::format("{}{} meeting {}", suggested ? "perhaps " : "",
                  telling.names.Word(WordList::kRelations, relation), OneLine(BareId(other)));
  return lead ? telling.Dated() + " " + words : words;
}

std::string DisputeClause(const Telling& telling, bool lead) {
  std::vector<std::string> facts;
  for (const DisputedFact& fact : ListedFacts(telling.after)) {
    if (fact.fact->disputed() && !WasDisputed(telling.before, fact.facet)) {
      // The lead has just printed the days.
      facts.push_back(!lead && fact.facet == "date" ? "the date" : FactWords(fact, telling.names));
    }
  }
  if (telling.after.outcome().disputed() && !telling.before.outcome().disputed()) {
    facts.emplace_back(telling.after.outcome().value() == v1::Meeting::held ? "whether it was held"
                                                                            : "whether it is on");
  }
  std::vector<std::string> parties;
  for (const v1::PartyFact& party : telling.after.parties()) {
    if (party.disputed()) parties.push_back(telling.names.Party(party.code()));
  }
  if (!parties.empty()) facts.push_back(fmt::format("whether {} took part", OrList(parties)));
  if (facts.empty()) {
    // What has no short name is told by the finding itself.
    const auto findings = NewFindings(telling, v1::Finding::disputed);
    std::string text =
        findings.empty() ? "sources disagree" : WithDatesInWords(findings.front()->text());
    if (text.ends_with('.')) text.pop_back();
    return lead ? fmt::format("{}: {}", telling.Dated(), text) : text;
  }
  std::string words = "sources disagree on " + AndList(facts);
  if (!lead) return words;
  // The date in its name would be one of those that are in doubt.
  return fmt::format(
      "{}: {}", telling.after.date().fact().disputed() ? telling.Name() : telling.Dated(), words);
}

std::string UnconfirmedClause(const Telling& telling) {
  const std::string alleged = AllegedInWords(telling.report.facts(), telling.names);
  if (telling.report.class_() == v1::Source::official) {
    // What stands rests on the media; an official source said otherwise before.
    return fmt::format("{} stands as {}, not officially confirmed; said by {} {}", telling.Name(),
                       StateInWords(telling.after), PublisherOf(telling.report),
                       alleged.empty() ? "to be otherwise" : alleged);
  }
  return fmt::format("unconfirmed: {} said by {} {}; it still stands as {}", telling.Dated(),
                     ClassInWords(telling.report.class_()),
                     alleged.empty() ? "to have changed" : alleged, StateInWords(telling.after));
}

}  // namespace entente::domain
