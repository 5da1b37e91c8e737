// The state of each meeting as the fold of all its reports gives it.
//
// A row holds no reports, only where each lies and what became of it, in the order that the facts
// point into; whoever answers with a meeting fills in those that are wanted.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "views/meetings/component_fold.h"
#include "views/rows/draft.h"
#include "views/sources/sources.h"

namespace entente::views {

// The rows of a component as FoldToRows gives it: each meeting's state, and where absorbed ids
// went.
void AddMeetingRows(const domain::FoldedComponent& folded, RowMap* rows);
// Of a meeting's state.
bool IsMeetingKey(std::string_view key);

// `reports` hold only where they lie: see FillReports.
std::optional<v1::Meeting> FindMeeting(const Snapshot& snapshot, std::string_view id);
// Rows of the same, in the order of the ids; empty where there is none.
std::vector<std::string> FindMeetingRows(const Snapshot& snapshot,
                                         std::span<const std::string> ids);
// The id that answers for this one after merges; the id itself where it was not absorbed.
std::string SurvivorOf(const Snapshot& snapshot, std::string_view id);

// How an answer holds the reports of its meetings.
enum class ReportForm {
  kMessages,  // in `reports`
  // As they are on the wire, among the unknown fields of their meeting: for an answer that is sent
  // and not read, which spares taking each report apart and putting it together again. Whoever
  // parses what was sent finds them in `reports`.
  kBytes,
};

// Puts the reports themselves, with their sources, in the place of those a row holds or a fold
// carried through. Reads those of all meetings together. A meeting with claims has them as messages
// in either form, since its claims are judged by them.
void FillReports(const Snapshot& snapshot, SourceReader* sources,
                 std::span<v1::Meeting* const> meetings, ReportForm form);

}  // namespace entente::views
