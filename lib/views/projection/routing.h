// Which subjects a report concerns.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "views/rows/draft.h"

namespace entente::views {

// Where a new report goes.
struct Routing {
  // Streams of all subjects it concerns, its own among them.
  std::set<std::string> subjects;
  // Meetings that must be folded together because of it.
  std::vector<std::string> connected;
  // Reports that came before and now concern these subjects as well: the target of a correction,
  // or corrections and retractions that were waiting for their target.
  std::vector<v1::Report> earlier;
};

// A report concerns its own stream and what its body names. A report and the corrections and
// retractions that act on it, on those, and so on, concern the same subjects, in whatever order
// they came: a retraction has to be where its target is.
Routing RouteReport(const v1::Report& report, const Snapshot& views, bool may_be_acted_on);

bool IsMeeting(std::string_view stream);

}  // namespace entente::views
