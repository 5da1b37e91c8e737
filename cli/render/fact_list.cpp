#include "cli/render/fact_list.h"

#include <fmt/format.h>

#include "cli/render/claim.h"
#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

std::string AsItIs(std::string_view value) { return std::string(value); }

const char* WhyInWords(v1::Fact::Rival::Why why) {
  switch (why) {
    case v1::Fact::Rival::superseded:
      return "said before";
    case v1::Fact::Rival::disputed:
      return "disputed by";
    case v1::Fact::Rival::unconfirmed_change:
      return "unconfirmed change";
    case v1::Fact::Rival::local_day:
      return "by the other side's calendar";
    case v1::Fact::Rival::coarser:
      return "also said, less precisely";
    default:
      return "also said";
  }
}

std::string FateInWords(const v1::Report::Fate& fate) {
  switch (fate.value()) {
    case v1::Report::Fate::corrected:
      return "corrected by " + fate.by();
    case v1::Report::Fate::retracted:
      return "retracted by " + fate.by();
    case v1::Report::Fate::no_effect:
      return "without effect";
    case v1::Report::Fate::moved:
      return "moved to another meeting by " + fate.by();
    default:
      return "";
  }
}

std::string ClassInWords(v1::Source::Class source_class) {
  return source_class == v1::Source::unnamed_sources ? "unnamed sources"
                                                     : v1::Source::Class_Name(source_class);
}

}  // namespace

std::string Citations(const google::protobuf::RepeatedField<std::uint32_t>& said_by) {
  std::string cited;
  for (const std::uint32_t index : said_by) {
    cited += fmt::format("{}[{}]", cited.empty() ? "" : " ", index + 1);
  }
  return cited;
}

FactList::FactList()
    : table_({{.heading = ""}, {.heading = "", .flexible = true, .narrowest = 24}}) {}

void FactList::Add(std::string_view name, std::string value,
                   const google::protobuf::RepeatedField<std::uint32_t>& said_by, Tint tint) {
  if (const std::string cited = Citations(said_by); !cited.empty()) value += "  " + cited;
  table_.Row({{name == last_name_ ? "" : "  " + std::string(name), Tint::kFaint},
              {std::move(value), tint}});
  last_name_ = name;
}

void FactList::Add(std::string_view name, const v1::Fact& fact,
                   std::string (*in_words)(std::string_view), std::string_view absent) {
  if (in_words == nullptr) in_words = AsItIs;
  if (fact.value().empty() && absent.empty() && fact.rivals().empty()) return;
  std::string value = fact.value().empty() ? std::string(absent) : in_words(fact.value());
  if (fact.disputed()) value += ", disputed";
  if (fact.unconfirmed()) value += ", unconfirmed change";
  Add(name, std::move(value), fact.said_by(), fact.disputed() ? Tint::kBad : Tint::kPlain);
  for (const v1::Fact::Rival& rival : fact.rivals()) {
    Add(name, fmt::format("{}: {}", WhyInWords(rival.why()), in_words(rival.value())),
        rival.said_by(), Tint::kFaint);
  }
}

void FactList::AddStatements(
    const google::protobuf::RepeatedPtrField<v1::StatementFact>& statements) {
  for (const v1::StatementFact& statement : statements) {
    std::string line = statement.who();
    if (!statement.post().empty()) line += fmt::format(" ({})", statement.post());
    if (!statement.said_on().empty()) line += ", " + domain::DateInWords(statement.said_on());
    line += ": " + statement.summary();
    if (!statement.topics().empty()) {
      line += fmt::format("; topics: {}", fmt::join(statement.topics(), ", "));
    }
    Add("statements", std::move(line), statement.said_by());
  }
}

void FactList::AddClaims(const google::protobuf::RepeatedPtrField<v1::ClaimFact>& claims,
                         const Names& names) {
  for (const v1::ClaimFact& claim : claims) {
    Add("claims", fmt::format("{}. {}", ClaimInWords(claim, names), VerdictInWords(claim)),
        claim.said_by());
  }
}

std::string Findings(const google::protobuf::RepeatedPtrField<v1::Finding>& findings,
                     const Style& style) {
  if (findings.empty()) return "";
  Table table({{.heading = ""}, {.heading = "", .flexible = true, .narrowest = 24}});
  for (const v1::Finding& finding : findings) {
    std::string kind = v1::Finding::Kind_Name(finding.kind());
    if (finding.kind() == v1::Finding::unconfirmed_change) kind = "unconfirmed change";
    table.Row({{fmt::format("  {}{}{}", kind, finding.facet().empty() ? "" : " ", finding.facet()),
                Tint::kBad},
               finding.text() + "  " + Citations(finding.reports())});
  }
  return "\nWhat does not fit\n" + table.Print(style);
}

std::string Reports(const google::protobuf::RepeatedPtrField<v1::Report>& reports,
                    const Style& style) {
  if (reports.empty()) return "";
  Table table(
      {{.heading = ""}, {.heading = ""}, {.heading = "", .flexible = true, .narrowest = 24}});
  int number = 0;
  for (const v1::Report& report : reports) {
    const std::string fate = FateInWords(report.fate());
    table.Row({{fmt::format("  [{}]", ++number), Tint::kFaint},
               PayloadInWords(report.facts()),
               fmt::format("{} ({}){}", SourceOf(&report), ClassInWords(report.class_()),
                           fate.empty() ? "" : "; " + fate)});
    table.Note(
        fmt::format("{} · position {}{} · recorded {}{}", report.event_id(), report.position(),
                    report.revision() == 0 ? "" : fmt::format(", revision {}", report.revision()),
                    RecordedInWords(report.recorded()), report.backfill() ? " · backfill" : ""),
        2);
  }
  return "\nReports\n" + table.Print(style);
}

}  // namespace entente::cli::render
