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
                      std::span<const Said> reports, const InWords& in_words) {
  if (!fact.disputed() && !fact.unconfirmed()) return;
  const auto words = [&](const std::string& value) { return in_words ? in_words(value) : value; };
  const auto names = [&](const auto& said_by) { return NamesOf(said_by, reports); };
  // A disputed date is a set and lists all of its values as rivals, the winner's too.
  const bool is_set = facet == "date" && fact.value().starts_with('[') && fact.disputed();

  std::string disputed;
  std::vector<std::uint32_t> disputing(fact.said_by().begin(), fact.said_by().end());
  for (const auto& rival : fact.rivals()) {
    if (rival.why() == v1::Fact::Rival::disputed) {
      disputed += fmt::format("{}{} as {}", disputed.empty() ? "" : "; ", names(rival.said_by()),
                              words(rival.value()));
      Append(disputing, rival.said_by());
    } else if (rival.why() == v1::Fact::Rival::unconfirmed_change) {
      AddUnconfirmed(facet, what, fact, rival, reports, words);
    }
  }
  if (disputed.empty()) return;
  if (!is_set) {
    disputed = fmt::format("{} as {}; ", names(fact.said_by()), words(fact.value())) + disputed;
  }
  Add(v1::Finding::disputed, facet,
      fmt::format("Sources of equal weight disagree on {}: {}.", what, disputed),
      std::move(disputing));
}

void Findings::AddUnconfirmed(std::string_view facet, std::string_view what, const v1::Fact& fact,
                              const v1::Fact::Rival& rival, std::span<const Said> reports,
                              const InWords& in_words) {
  std::vector<std::uint32_t> cited(fact.said_by().begin(), fact.said_by().end());
  Append(cited, rival.said_by());
  const std::string holds = NamesOf(fact.said_by(), reports);
  const std::string other = NamesOf(rival.said_by(), reports);
  const Said& against = reports[rival.said_by(0)];
  const bool displaced =
      Firm(against) && !fact.said_by().empty() && against.rank < reports[fact.said_by(0)].rank;
  const std::string value = fact.value().empty() ? "not known" : in_words(fact.value());
  Add(v1::Finding::unconfirmed_change, facet,
      displaced
          ? fmt::format("{} has {} as {}, which is not officially confirmed: {} had it as {}.",
                        holds, what, value, other, in_words(rival.value()))
          : fmt::format("{} has {} as {}, which is not confirmed: {} has it as {}.", other, what,
                        in_words(rival.value()), holds, value),
      std::move(cited));
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
