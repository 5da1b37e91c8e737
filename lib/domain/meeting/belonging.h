// Splits and merges: which meeting each report belongs to.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/meeting/acts.h"
#include "domain/meeting/visibility.h"

namespace entente::domain {

// A report's place in one meeting.
struct Membership {
  std::size_t report = 0;  // index into Visible.recorded
  // Its facts are about this meeting. Otherwise it is only listed: an act, a retracted report,
  // one that was split away, a statement made in this stream about something else.
  bool speaks = false;
  // The report's own stream, after splits, is this meeting's: it lives here and is not only about
  // it.
  bool resident = false;
  // Set where the report's fate is another here than in general: moved away by a split.
  std::string_view moved_by;
};

struct Belonging {
  // Stream of a meeting -> its reports, lowest rank first. Survivors only.
  std::map<std::string, std::vector<Membership>, std::less<>> meetings;
  // absorbed -> survivor, followed to the end.
  std::map<std::string, std::string> absorbed;
  std::vector<EarlyFinding> findings;
};

// A split moves only the events it lists; merges are a map applied after all splits. Of two live
// splits of one event, or merges of one id, the higher-ranked holds and the other is disputed.
// Merges that lead back to where they started have no effect, which is marked in `judged`.
Belonging LayToMeetings(const Visible& visible, Judged& judged);

}  // namespace entente::domain
