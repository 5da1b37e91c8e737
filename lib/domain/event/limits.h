// How long the parts of one event may be. Beyond a limit the event is refused, naming it; nothing
// is ever cut.
#pragma once

#include <cstddef>

namespace entente::domain {

inline constexpr std::size_t kIdBytes = 128;         // event ids, correlation, importer
inline constexpr std::size_t kDateBytes = 400;       // EDTF, RFC 3339, durations
inline constexpr std::size_t kLineBytes = 1000;      // names, titles, places: one line
inline constexpr std::size_t kUrlBytes = 2000;       // what browsers and feeds get by with
inline constexpr std::size_t kProseBytes = 8000;     // summaries, quotes, wordings: may have lines
inline constexpr std::size_t kListItems = 1000;      // parties, attendees, topics, event ids
inline constexpr std::size_t kEventBytes = 256'000;  // all texts of one event together

}  // namespace entente::domain
