#include "domain/meeting/fold.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "domain/meeting/acts.h"
#include "domain/meeting/belonging.h"
#include "domain/meeting/findings.h"
#include "domain/meeting/life.h"
#include "domain/meeting/particulars.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/series.h"
#include "domain/meeting/settle.h"
#include "domain/meeting/visibility.h"
#include "domain/meeting/who_takes_part.h"

namespace entente::domain {

namespace {

// The reports of one meeting, as they stand in it.
struct Docket {
  std::vector<Said> reports;  // lowest rank first, as in Meeting.reports
  std::vector<const Said*> speaking;
  std::vector<const Said*> identifying;  // of these, whose `meeting` is this one
  bool retracted_assertion = false;
};

std::uint32_t IndexOf(const std::vector<Membership>& members, std::size_t report) {
  const auto found = std::ranges::lower_bound(members, report, {}, &Membership::report);
  return static_cast<std::uint32_t>(found - members.begin());
}

bool HasIndex(const std::vector<Membership>& members, std::size_t report) {
  const std::uint32_t index = IndexOf(members, report);
  return index < members.size() && members[index].report == report;
}

// Such a statement does not say of each meeting that it is the one named.
bool IsAboutSeveral(const v1::Facts& facts) {
  return facts.has_statement_made() && facts.statement_made().about_size() > 1;
}

Docket OpenDocket(const std::vector<Membership>& members, const Visible& visible,
                  const Judged& judged) {
  Docket docket;
  docket.reports.reserve(members.size());
  for (const Membership& member : members) {
    const Verdict& verdict = judged.verdicts[member.report];
    Said& said = docket.reports.emplace_back(visible.recorded[member.report]);
    said.facts = verdict.facts;
    said.spoken_by = IndexOf(members, verdict.voice);
    docket.retracted_assertion |= verdict.fate == v1::Report::Fate::retracted &&
                                  member.moved_by.empty() && AssertsMeeting(*verdict.facts);
  }
  for (std::size_t i = 0; i < members.size(); ++i) {
    if (!members[i].speaks) continue;
    docket.speaking.push_back(&docket.reports[i]);
    if (!IsAboutSeveral(*docket.reports[i].facts)) {
      docket.identifying.push_back(&docket.reports[i]);
    }
  }
  return docket;
}

void ListReports(const std::vector<Membership>& members, const Docket& docket, const Judged& judged,
                 Listed listed, v1::Meeting& meeting) {
  meeting.mutable_reports()->Reserve(static_cast<int>(members.size()));
  const Said* first = nullptr;
  const Said* last = nullptr;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Said& said = docket.reports[i];
    const Verdict& verdict = judged.verdicts[members[i].report];
    v1::Report& report = *meeting.add_reports();
    if (listed == Listed::kWhole) {
      report = *said.report;
      report.clear_fate();
    } else {
      report.set_position(said.report->position());
      // A correction vouches for as much as the report does in whose place it stands.
      const bool corrects = IsCorrection(said.report->facts()) && HasIndex(members, verdict.root);
      const std::uint32_t vouches =
          corrects ? IndexOf(members, verdict.root) : static_cast<std::uint32_t>(i);
      report.set_class_(docket.reports[vouches].report->class_());
    }
    if (!members[i].moved_by.empty()) {
      report.mutable_fate()->set_value(v1::Report::Fate::moved);
      report.mutable_fate()->set_by(std::string(members[i].moved_by));
    } else if (verdict.fate != v1::Report::Fate::unspecified) {
      report.mutable_fate()->set_value(verdict.fate);
      report.mutable_fate()->set_by(std::string(verdict.by));
    }
    meeting.set_last_position(std::max(meeting.last_position(), report.position()));
    if (IsActOfOurs(said.report->facts())) continue;
    if (!first) first = &said;
    if (!last || said.latest >= last->latest) last = &said;
  }
  const auto day = [](const Said& said) {
    return said.rank.day == said.latest ? said.latest.day().Iso() : said.report->reported();
  };
  if (first) meeting.set_first_reported(day(*first));
  if (last) meeting.set_last_reported(day(*last));
}

void FoldIdentity(const Docket& docket, const Registries& registries, v1::Meeting& meeting,
                  Findings& findings) {
  std::vector<Assertion> kinds;
  std::vector<Assertion> series;
  std::vector<Assertion> ordinals;
  std::vector<Assertion> titles;
  std::deque<std::string> numbers;
  for (const Said* said : docket.identifying) {
    const v1::MeetingIdentity& identity = said->facts->meeting();
    const auto add = [&](std::vector<Assertion>& to, std::string_view value) {
      if (!value.empty()) to.push_back({said, value});
    };
    add(kinds, registries.IdOf(WordList::kKinds, identity.kind()));
    add(series, registries.IdOf(WordList::kSeries, identity.series()));
    if (identity.ordinal() != 0) {
      add(ordinals, numbers.emplace_back(std::to_string(identity.ordinal())));
    }
    add(titles, identity.title());
  }
  const auto settle = [&](std::string_view facet, WordList list,
                          const std::vector<Assertion>& assertions, v1::Fact& fact) {
    fact = Settle(assertions);
    findings.AddFor(facet, fmt::format("its {}", facet), fact, docket.reports,
                    [&](const std::string& value) { return registries.NameOf(list, value); });
  };
  if (!kinds.empty()) settle("kind", WordList::kKinds, kinds, *meeting.mutable_kind());
  if (!ordinals.empty()) {
    *meeting.mutable_ordinal() = Settle(ordinals);
    findings.AddFor("ordinal", "its number", meeting.ordinal(), docket.reports);
  }
  if (!titles.empty()) {
    // Two sources may well call one meeting by two names.
    *meeting.mutable_title() = Settle(titles);
    meeting.mutable_title()->set_disputed(false);
    meeting.mutable_title()->set_unconfirmed(false);
    for (auto& rival : *meeting.mutable_title()->mutable_rivals()) {
      rival.set_why(v1::Fact::Rival::superseded);
    }
  }
  FoldParties(docket.identifying, docket.reports, registries, meeting, findings);
  if (!series.empty()) {
    settle("series", WordList::kSeries, series, *meeting.mutable_series());
  } else if (!meeting.kind().value().empty()) {
    DeriveSeries(registries, meeting);
  }
}

void FoldLinks(const Docket& docket, const Registries& registries,
               const std::map<std::string, std::string>& absorbed, v1::Meeting& meeting) {
  std::map<std::pair<std::string, std::string>, std::vector<std::uint32_t>> links;
  for (auto said = docket.speaking.rbegin(); said != docket.speaking.rend(); ++said) {
    if (!(*said)->facts->has_meeting_linked()) continue;
    const auto& linked = (*said)->facts->meeting_linked();
    const auto merged = absorbed.find(linked.other());
    const std::string& other = merged == absorbed.end() ? linked.other() : merged->second;
    if (other == meeting.id()) continue;
    links[{std::string(registries.IdOf(WordList::kRelations, linked.relation())), other}].push_back(
        (*said)->spoken_by);
  }
  for (const auto& [link, said_by] : links) {
    v1::LinkFact& fact = *meeting.add_links();
    fact.set_relation(link.first);
    fact.set_other(link.second);
    for (const std::uint32_t by : said_by) fact.add_said_by(by);
  }
}

void NoteWhatIsAmiss(const Docket& docket, const v1::Meeting& meeting, Findings& findings) {
  for (std::uint32_t i = 0; i < docket.reports.size(); ++i) {
    const Said& said = docket.reports[i];
    if (const auto recorded = RecordedBeforeItsDate(said)) {
      findings.Add(v1::Finding::inconsistent, "reports",
                   fmt::format("{} is dated later than the day on which it was recorded, {}.",
                               NameOf(said), recorded->Iso()),
                   {i});
    }
  }
  if (meeting.standing() != v1::Meeting::announced && meeting.standing() != v1::Meeting::reported) {
    return;
  }
  if (meeting.kind().value().empty() && meeting.parties().empty()) {
    findings.Add(v1::Finding::inconsistent, "identity",
                 "No report says what kind of meeting it is or who takes part.", {});
  } else if (std::ranges::count_if(meeting.parties(),
                                   [](const v1::PartyFact& party) { return IsSide(party); }) < 2) {
    findings.Add(v1::Finding::inconsistent, "parties", "Fewer than two sides are known.", {});
  }
}

void AddEarly(const std::vector<EarlyFinding>& early, const std::vector<Membership>& members,
              Findings& findings) {
  for (const EarlyFinding& finding : early) {
    std::vector<std::uint32_t> reports;
    for (const std::size_t report : finding.reports) {
      if (HasIndex(members, report)) reports.push_back(IndexOf(members, report));
    }
    if (!reports.empty()) {
      findings.Add(finding.kind, finding.facet, finding.text, reports);
    }
  }
}

bool WasThere(const std::vector<Membership>& members, const Visible& visible, bool as_reported) {
  return std::ranges::any_of(members, [&](const Membership& member) {
    return (member.resident && !as_reported) ||
           !IsActOfOurs(visible.recorded[member.report].report->facts());
  });
}

}  // namespace

FoldedComponent FoldMeetings(std::span<const v1::Report> reports, const AsOf& as_of,
                             const PartyRegistry& parties, const Vocabulary& vocabulary,
                             Listed listed) {
  std::vector<const v1::Report*> places;
  places.reserve(reports.size());
  for (const v1::Report& report : reports) places.push_back(&report);
  return FoldMeetings(places, as_of, parties, vocabulary, listed);
}

FoldedComponent FoldMeetings(std::span<const v1::Report* const> reports, const AsOf& as_of,
                             const PartyRegistry& parties, const Vocabulary& vocabulary,
                             Listed listed) {
  const Registries registries{parties, vocabulary};
  const Visible visible = WhatWasThere(reports, as_of);
  Judged judged = Judge(visible);
  Belonging belonging = LayToMeetings(visible, judged);

  FoldedComponent folded;
  folded.span = visible.span;
  folded.absorbed = std::move(belonging.absorbed);
  for (const auto& [id, members] : belonging.meetings) {
    if (!WasThere(members, visible, as_of.reported.has_value())) continue;
    const Docket docket = OpenDocket(members, visible, judged);
    Telling telling{docket.speaking, docket.reports, registries};
    Findings findings;
    v1::Meeting& meeting = folded.meetings.emplace_back();
    meeting.set_id(id);
    ListReports(members, docket, judged, listed, meeting);
    meeting.set_standing(StandingOf(docket.speaking, docket.retracted_assertion));
    FoldIdentity(docket, registries, meeting, findings);
    for (const Said* denied : FoldLife(telling, meeting, findings)) {
      std::erase(telling.speaking, denied);
    }
    FoldSetting(telling, meeting, findings);
    FoldAttendees(telling, meeting, findings);
    FoldTopics(telling, meeting, findings);
    FoldResults(telling, meeting);
    FoldStatements(telling, *meeting.mutable_statements());
    FoldClaims(telling, *meeting.mutable_claims());
    FoldLinks(docket, registries, folded.absorbed, meeting);
    for (const auto& [absorbed, survivor] : folded.absorbed) {
      if (survivor == id) meeting.add_absorbed(absorbed);
    }
    NoteWhatIsAmiss(docket, meeting, findings);
    AddEarly(judged.findings, members, findings);
    AddEarly(belonging.findings, members, findings);
    std::move(findings).MoveTo(*meeting.mutable_findings());
  }
  return folded;
}

}  // namespace entente::domain
