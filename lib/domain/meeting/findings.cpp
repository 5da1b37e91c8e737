#include "domain/meeting/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

namespace entente::domain {

namespace {

void Append(std::vector<std::uint32_t>& to,
            const google::protobuf::RepeatedField<std::uint32_t>& from) {
  for (const std::uint32_t index : from) {
    if (std::ranges::find(to, index) == to.end()) to.push_back(index);
  }
}

}  // namespace

std::string NameOf(const Said& said) {
  const std::string_view who =
      said.publisher.empty() ? std::string_view(said.report->event_id()) : said.publisher;
  return fmt::format("{} ({})", who, said.report->reported());
}

std::string NamesOf(const google::protobuf::RepeatedField<std::uint32_t>& said_by,
                    std::span<const Said> reports) {
  std::string names;
  for (const std::uint32_t index : said_by) {
    if (index >= reports.size()) continue;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", NameOf(reports[index]));
  }
  return names;
}

void Findings::Add(v1::Finding::Kind kind, std::string_view facet, std::string text,
                   std::vector<std::uint32_t> reports) {
  v1::Finding finding;
  finding.set_kind(kind);
  finding.set_facet(std::string(facet));
  finding.set_text(std::move(text));
  for (const std::uint32_t report : reports) finding.add_reports(report);
  findings_.push_back(std::move(finding));
}

void Findings::AddFor(std::string_view facet, std::string_view what, const v1::Fact& fact,
                      std::span<const Said> reports) {
  for (const auto why : {v1::Fact::Rival::disputed, v1::Fact::Rival::unconfirmed_change}) {
    std::string against;
    std::vector<std::uint32_t> cited(fact.said_by().begin(), fact.said_by().end());
    for (const auto& rival : fact.rivals()) {
      if (rival.why() != why) continue;
      against += fmt::format("{}{} according to {}", against.empty() ? "" : ", ", rival.value(),
                             NamesOf(rival.said_by(), reports));
      Append(cited, rival.said_by());
    }
    if (against.empty()) continue;
    if (why == v1::Fact::Rival::disputed) {
      // A disputed date lists all of its values as rivals, the winner's too.
      const bool all_listed = facet == "date" && fact.value().starts_with('[');
      const std::string held = all_listed ? std::string()
                                          : fmt::format("{} according to {}, ", fact.value(),
                                                        NamesOf(fact.said_by(), reports));
      Add(v1::Finding::disputed, facet,
          fmt::format("Sources of equal weight disagree on {}: {}{}.", what, held, against),
          std::move(cited));
    } else {
      Add(v1::Finding::unconfirmed_change, facet,
          fmt::format("Not confirmed on {}: {} stands according to {}, but it is {}.", what,
                      fact.value().empty() ? "what" : fact.value(),
                      NamesOf(fact.said_by(), reports), against),
          std::move(cited));
    }
  }
}

void Findings::MoveTo(google::protobuf::RepeatedPtrField<v1::Finding>& findings) && {
  std::ranges::sort(findings_, [](const v1::Finding& a, const v1::Finding& b) {
    return std::tuple(a.kind(), std::string_view(a.facet()), std::string_view(a.text())) <
           std::tuple(b.kind(), std::string_view(b.facet()), std::string_view(b.text()));
  });
  std::string_view last;
  for (auto& finding : findings_) {
    if (!findings.empty() && last == finding.text()) continue;
    *findings.Add() = std::move(finding);
    last = findings.rbegin()->text();
  }
}

}  // namespace entente::domain
