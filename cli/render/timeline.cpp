#include "cli/render/timeline.h"

#include <fmt/format.h>

#include "cli/render/horizon.h"
#include "cli/render/mention_runs.h"
#include "cli/render/table.h"
#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

// The bracket that binds neighbours whose order is not known.
const char* TieMark(bool with_previous, bool with_next) {
  if (with_previous && with_next) return "├";
  if (with_next) return "┌";
  return with_previous ? "└" : "";
}

std::string NoteOf(const v1::TimelineEntry& entry, bool windowed) {
  const v1::Meeting& meeting = entry.meeting();
  std::string note(BareId(meeting.id()));
  if (const std::string source = SourceOf(DecidingReport(meeting)); !source.empty()) {
    note += " · " + source;
  }
  if (meeting.status() == v1::Meeting::status_lapsed && !meeting.last_reported().empty()) {
    note += " · no news since " + domain::DateInWords(meeting.last_reported());
  }
  if (const std::string next = FollowedBy(meeting); !next.empty()) note += " · " + next;
  if (meeting.outcome().disputed()) note += " · whether it was held is disputed";
  if (meeting.outcome().possible_only()) note += " · counts as possible only";
  if (meeting.multi_party() && meeting.pairs_size() > 0) note += " · multi-party";
  if (windowed && !entry.certain()) note += " · only possibly within these dates";
  return note;
}

std::string Total(const v1::TimelineReply& reply) {
  if (reply.possible() == 0) return "Nothing matches.\n";
  if (reply.certain() == reply.possible()) return Counted(reply.certain(), "meeting") + ".\n";
  return fmt::format("{}, {} of them certainly within these dates.\n",
                     Counted(reply.possible(), "meeting"), reply.certain());
}

}  // namespace

std::string Timeline(const v1::TimelineRequest& asked, const v1::TimelineReply& reply,
                     const Names& names, const Style& style) {
  const bool windowed = !asked.filter().from().empty() || !asked.filter().to().empty();
  Table table({{.heading = ""},
               {.heading = "date", .flexible = true, .narrowest = 16},
               {.heading = "status"},
               {.heading = "meeting", .flexible = true, .narrowest = 20},
               {.heading = "mode"},
               {.heading = "topics", .flexible = true, .narrowest = 16}});
  bool tied = false;
  bool any_tie = false;
  for (int i = 0; i < reply.entries_size(); ++i) {
    const v1::Meeting& meeting = reply.entries(i).meeting();
    const bool tied_with_next = reply.entries(i).tied_with_next();
    table.Row({TieMark(tied, tied_with_next),
               WhenInWords(meeting),
               {StatusInWords(meeting.status()), TintOf(meeting.status())},
               {names.Meeting(meeting), Tint::kStrong},
               ModeInWords(meeting),
               TopicsInWords(meeting)});
    table.Note(NoteOf(reply.entries(i), windowed), 3);
    tied = tied_with_next;
    any_tie = any_tie || tied;
  }
  std::string out = table.Print(style);
  if (!out.empty()) out += '\n';
  if (any_tie) out += "┌ └ bind meetings whose order is not known.\n";
  if (reply.entries_size() == 0) {
    out += "Nothing matches.\n";
  } else {
    out += Total(reply);
  }
  if (!reply.next_page_token().empty()) {
    out += fmt::format("Shown are {}; ask for more with --limit.\n", reply.entries_size());
  }
  out += Candidates(reply, names, style);
  return out + Horizon(reply.answered(), asked.context(), style);
}

}  // namespace entente::cli::render
