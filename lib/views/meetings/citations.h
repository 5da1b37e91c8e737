// Which of a meeting's reports its facts cite.
#pragma once

#include "entente/v1/meeting.pb.h"

namespace entente::views {

// Drops the reports that no fact cites, and lets every citation point to its report's new place.
void KeepCitedReports(v1::Meeting* meeting);

}  // namespace entente::views
