#include "cli/render/pending.h"

#include <fmt/format.h>

#include "cli/render/horizon.h"
#include "cli/render/table.h"
#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

Cell WhyInWords(v1::PendingEntry::Why why) {
  switch (why) {
    case v1::PendingEntry::postponed:
      return {"postponed", Tint::kWaiting};
    case v1::PendingEntry::called_off:
      return {"called off, maybe for good", Tint::kBad};
    case v1::PendingEntry::undated:
      return {"no day yet"};
    case v1::PendingEntry::lapsed:
      return {"lapsed", Tint::kWaiting};
    default:
      return {""};
  }
}

std::string Section(const v1::PendingReply& reply, bool lapsed, const Names& names,
                    const Style& style) {
  Table table({{.heading = "meeting", .flexible = true, .narrowest = 20},
               {.heading = "why", .flexible = true, .narrowest = 10},
               {.heading = "when", .flexible = true, .narrowest = 16},
               {.heading = "reason"},
               {.heading = lapsed ? "no news since" : "last report"}});
  for (const v1::PendingEntry& entry : reply.entries()) {
    if ((entry.why() == v1::PendingEntry::lapsed) != lapsed) continue;
    const v1::Meeting& meeting = entry.meeting();
    table.Row({{names.Meeting(meeting), Tint::kStrong},
               WhyInWords(entry.why()),
               WhenInWords(meeting),
               meeting.reason().value(),
               domain::DateInWords(meeting.last_reported())});
    std::string note(BareId(meeting.id()));
    if (const std::string source = SourceOf(DecidingReport(meeting)); !source.empty()) {
      note += " · " + source;
    }
    if (const std::string next = FollowedBy(meeting); !next.empty()) note += " · " + next;
    if (!entry.certain()) note += " · only possibly";
    table.Note(note, 0);
  }
  return table.Print(style);
}

}  // namespace

std::string Pending(const v1::PendingRequest& asked, const v1::PendingReply& reply,
                    const Names& names, const Style& style) {
  std::string out = Section(reply, false, names, style);
  if (out.empty()) out = "Nothing is pending.\n";
  out += '\n';
  if (const std::string lapsed = Section(reply, true, names, style); !lapsed.empty()) {
    out += "Lapsed: the latest day has passed, and nothing was reported since.\n" + lapsed + '\n';
  }
  return out + Horizon(reply.answered(), asked.context(), style);
}

}  // namespace entente::cli::render
