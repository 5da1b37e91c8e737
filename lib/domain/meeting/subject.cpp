// Subjects that are no single meeting: statements, claims, rhythm, coverage and mentions.
#include <fmt/format.h>

#include <algorithm>

#include "domain/meeting/acts.h"
#include "domain/meeting/findings.h"
#include "domain/meeting/fold.h"
#include "domain/meeting/mentions.h"
#include "domain/meeting/particulars.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/settle.h"
#include "domain/meeting/visibility.h"

namespace entente::domain {

namespace {

// A statement made in this stream about something else is listed, but not this subject's.
bool Concerns(const Said& said, std::string_view id) {
  if (said.facts->has_statement_made()) {
    const auto& about = said.facts->statement_made().about();
    return about.empty() || std::ranges::find(about, id) != about.end();
  }
  return said.report->stream() == id || !said.facts->has_claim_recorded();
}

v1::Fact RhythmOf(const std::vector<const Said*>& speaking, std::string_view id) {
  std::vector<Assertion> rhythms;
  for (const Said* said : speaking) {
    if (!said->facts->has_rhythm_agreed()) continue;
    const auto& agreed = said->facts->rhythm_agreed();
    if (!agreed.series().empty() && fmt::format("series/{}", agreed.series()) != id) continue;
    rhythms.push_back({said, agreed.every()});
  }
  return Settle(rhythms);
}

}  // namespace

v1::Subject FoldSubject(std::string_view id, std::span<const v1::Report> reports, const AsOf& as_of,
                        const PartyRegistry& parties, const Vocabulary& vocabulary) {
  const Registries registries{parties, vocabulary};
  std::vector<const v1::Report*> places;
  places.reserve(reports.size());
  for (const v1::Report& report : reports) places.push_back(&report);
  const Visible visible = WhatWasThere(places, as_of);
  const Judged judged = Judge(visible);

  v1::Subject subject;
  subject.set_id(std::string(id));
  std::vector<Said> docket;
  std::vector<std::uint32_t> index(visible.recorded.size(), 0);
  for (std::size_t i = 0; i < visible.recorded.size(); ++i) {
    if (!judged.verdicts[i].shown) continue;
    index[i] = static_cast<std::uint32_t>(docket.size());
    docket.push_back(visible.recorded[i]);
    v1::Report& report = *subject.add_reports();
    report = *visible.recorded[i].report;
    report.clear_fate();
    if (judged.verdicts[i].fate != v1::Report::Fate::unspecified) {
      report.mutable_fate()->set_value(judged.verdicts[i].fate);
      report.mutable_fate()->set_by(std::string(judged.verdicts[i].by));
    }
    subject.set_last_position(std::max(subject.last_position(), report.position()));
  }

  std::vector<const Said*> speaking;
  for (std::size_t i = 0; i < visible.recorded.size(); ++i) {
    const Verdict& verdict = judged.verdicts[i];
    if (!verdict.shown) continue;
    Said& said = docket[index[i]];
    said.facts = verdict.facts;
    said.spoken_by = index[verdict.voice];
    if (verdict.speaks() && Concerns(said, id)) speaking.push_back(&said);
  }

  const Telling telling{speaking, docket, registries};
  Findings findings;
  FoldStatements(telling, *subject.mutable_statements());
  FoldClaims(telling, *subject.mutable_claims());
  FoldMentions(speaking, subject);
  for (const Said* said : speaking) {
    if (said->facts->has_coverage_declared()) {
      *subject.add_coverage() = said->facts->coverage_declared();
    }
  }
  v1::Fact rhythm = RhythmOf(speaking, id);
  findings.AddFor("rhythm", "how often they mean to meet", rhythm, docket);
  if (!rhythm.value().empty()) *subject.mutable_rhythm() = std::move(rhythm);
  for (const EarlyFinding& early : judged.findings) {
    std::vector<std::uint32_t> cited;
    cited.reserve(early.reports.size());
    for (const std::size_t report : early.reports) cited.push_back(index[report]);
    findings.Add(early.kind, early.facet, early.text, cited);
  }
  std::move(findings).MoveTo(*subject.mutable_findings());
  return subject;
}

}  // namespace entente::domain
