#include "cli/render/diff.h"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "cli/render/horizon.h"
#include "cli/render/names.h"
#include "cli/render/table.h"
#include "domain/words/plain_words.h"

namespace entente::cli::render {
namespace {

struct InWords {
  const char* text;
  Tint tint;
};

InWords WhatInWords(v1::MeetingDiff::What what) {
  switch (what) {
    case v1::MeetingDiff::added:
      return {"added", Tint::kGood};
    case v1::MeetingDiff::removed:
      return {"removed", Tint::kBad};
    case v1::MeetingDiff::merged:
      return {"merged", Tint::kWaiting};
    case v1::MeetingDiff::cancelled:
      return {"cancelled", Tint::kBad};
    case v1::MeetingDiff::postponed:
      return {"postponed", Tint::kWaiting};
    case v1::MeetingDiff::moved:
      return {"moved", Tint::kPlain};
    default:
      return {"changed", Tint::kPlain};
  }
}

std::string ReasonsInWords(const v1::MeetingDiff& meeting) {
  std::string words;
  for (const int reason : meeting.reasons()) {
    std::string name = v1::ChangeType::Value_Name(static_cast<v1::ChangeType::Value>(reason));
    for (char& c : name) {
      if (c == '_') c = ' ';
    }
    words += (words.empty() ? "" : ", ") + name;
  }
  return words;
}

// Of a meeting that came or went, what it is called says the rest.
bool IsShown(const v1::MeetingDiff& meeting, const v1::MeetingDiff::FactDiff& fact) {
  const bool came_or_went =
      meeting.what() == v1::MeetingDiff::added || meeting.what() == v1::MeetingDiff::removed;
  return !came_or_went || fact.fact() == "status" || fact.fact() == "date";
}

}  // namespace

std::string MeetingDiffs(const google::protobuf::RepeatedPtrField<v1::MeetingDiff>& meetings,
                         const Style& style) {
  Table table({{.heading = "meeting", .flexible = true, .narrowest = 20},
               {.heading = "what"},
               {.heading = "fact"},
               {.heading = "before", .flexible = true},
               {.heading = "after", .flexible = true}});
  for (const v1::MeetingDiff& meeting : meetings) {
    const InWords what = WhatInWords(meeting.what());
    std::vector<Cell> heading = {{meeting.title(), Tint::kStrong}, {what.text, what.tint}};
    const auto row = [&](std::string fact, std::string before, std::string after) {
      table.Row({heading[0], heading[1], std::move(fact), std::move(before), std::move(after)});
      heading = {"", ""};
    };
    for (const v1::MeetingDiff::FactDiff& fact : meeting.facts()) {
      if (IsShown(meeting, fact)) row(fact.fact(), fact.before(), fact.after());
    }
    if (meeting.what() == v1::MeetingDiff::merged) {
      row("id", std::string(BareId(meeting.id())), std::string(BareId(meeting.into())));
    }
    const std::string reasons = ReasonsInWords(meeting);
    table.Note(fmt::format("{}{}{}", BareId(meeting.id()), reasons.empty() ? "" : " · ", reasons),
               0);
  }
  return table.Print(style);
}

std::string CountedDiffs(const google::protobuf::RepeatedPtrField<v1::MeetingDiff>& meetings) {
  std::map<v1::MeetingDiff::What, int> counts;
  for (const v1::MeetingDiff& meeting : meetings) ++counts[meeting.what()];
  std::string words;
  for (const auto& [what, count] : counts) {
    words += fmt::format("{}{} {}", words.empty() ? "" : ", ", count, WhatInWords(what).text);
  }
  return words;
}

std::string Diff(const v1::DiffRequest& asked, const v1::DiffReply& reply, const Style& style) {
  std::string out = MeetingDiffs(reply.meetings(), style);
  out += out.empty()
             ? fmt::format("No meeting differs between positions {} and {}.\n",
                           reply.from_position(), reply.to_position())
             : fmt::format("\n{}, between positions {} and {}.\n", CountedDiffs(reply.meetings()),
                           reply.from_position(), reply.to_position());
  if (!reply.next_page_token().empty()) out += "There are more; ask for more with --limit.\n";
  return out + Horizon(reply.answered(), asked.context(), style);
}

}  // namespace entente::cli::render
