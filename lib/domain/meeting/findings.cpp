#include "domain/meeting/findings.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <unordered_set>

namespace entente::domain {

namespace {

// Each report once, in the order given.
std::vector<std::uint32_t> Cite(
    const std::vector<const google::protobuf::RepeatedField<std::uint32_t>*>& lists) {
  std::vector<std::uint32_t> cited;
  std::unordered_set<std::uint32_t> seen;
  for (const auto* list : lists) {
    for (const std::uint32_t index : *list) {
      if (seen.insert(index).second) cited.push_back(index);
    }
  }
  return cited;
}

}  // namespace

std::string NameOf(const Said& said) {
  const std::string_view who =
      said.publisher.empty() ? std::string_view(said.report->event_id()) : said.publisher;
  return fmt::format("{} ({})", who, said.report->reported());
}

std::string NamesOf(std::span<const Said* const> said) {
  constexpr std::size_t kNamed = 3;
  std::string names;
  for (std::size_t i = 0; i < std::min(said.size(), kNamed); ++i) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", NameOf(*said[i]));
  }
  if (said.size() > kNamed) names += fmt::format(" and {} more", said.size() - kNamed);
  return names;
}

std::string NamesOf(const google::protobuf::RepeatedField<std::uint32_t>& said_by,
                    std::span<const Said> reports) {
  std::vector<const Said*> said;
  said.reserve(static_cast<std::size_t>(said_by.size()));
  for (const std::uint32_t index : said_by) said.push_back(&reports[index]);
  return NamesOf(said);
}

void Findings::Add(v1::Finding::Kind kind, std::string_view facet, std::string text,
                   const std::vector<std::uint32_t>& reports) {
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
  std::vector<const google::protobuf::RepeatedField<std::uint32_t>*> disputing = {&fact.said_by()};
  for (const auto& rival : fact.rivals()) {
    if (rival.why() == v1::Fact::Rival::disputed) {
      disputed += fmt::format("{}{} as {}", disputed.empty() ? "" : "; ", names(rival.said_by()),
                              words(rival.value()));
      disputing.push_back(&rival.said_by());
    } else if (rival.why() == v1::Fact::Rival::unconfirmed_change) {
      AddUnconfirmed(facet, what, fact, rival, reports, words);
    }
  }
  if (disputed.empty()) return;
  if (!is_set) {
    disputed = fmt::format("{} as {}; ", names(fact.said_by()), words(fact.value())) + disputed;
  }
  Add(v1::Finding::disputed, facet,
      fmt::format("Sources of equal weight disagree on {}: {}.", what, disputed), Cite(disputing));
}

void Findings::AddUnconfirmed(std::string_view facet, std::string_view what, const v1::Fact& fact,
                              const v1::Fact::Rival& rival, std::span<const Said> reports,
                              const InWords& in_words) {
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
      Cite({&fact.said_by(), &rival.said_by()}));
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
