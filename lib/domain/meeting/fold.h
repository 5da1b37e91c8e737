// The fold: what all reports about a meeting, taken together, say of it.
//
// The result is a function of the set of reports. Position and order of arrival never decide;
// rank does (day reported, source class, time of day, event id). docs/domain.md has the rules,
// tests/scenarios one history for each.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::domain {

// Which reports exist for the question. Bounds narrow one another; none: all.
struct AsOf {
  std::optional<Position> position;      // at most
  std::optional<RecordedTime> recorded;  // at most
  std::optional<ReportedDay> reported;   // said by the end of this day
  bool bounded() const { return position || recorded || reported; }
};

// The questions as of which the same of some reports is there, so that their fold is the same.
struct AsOfSpan {
  Position since;                         // the log held so much
  std::optional<Position> until;          // and not this
  bool reported = false;                  // a reported day was asked for; then
  ReportedDay said_since;                 // sources had said so much by then
  std::optional<ReportedDay> said_until;  // and this not

  // False where a recorded time bounds the question: positions say it as well.
  bool Holds(const AsOf& as_of) const;
  friend bool operator==(const AsOfSpan&, const AsOfSpan&) = default;
};

// Meetings that hang together by merges and splits are folded together; most often one.
struct FoldedComponent {
  // One for each id that has reports after merges and splits, by id. Absorbed ids are not here.
  std::vector<v1::Meeting> meetings;
  // absorbed id -> survivor, followed to the end.
  std::map<std::string, std::string> absorbed;
  // As of these it is the same.
  AsOfSpan span;
};

// Folds the reports of all streams of one component, in any order, and every report from other
// streams whose body names one of its meetings (a statement about it, the other side of a link).
// Of each report `facts` is whole, `publisher` (or `source`) is filled in, `fate` is set here, the
// rest is carried through untouched. Names and words in the reports were checked at append.
// A meeting outside the component that such a report belongs to as well (the stream of a
// statement about several) is folded from what is at hand: the caller keeps those of its
// component. Pure; no clock, no I/O.
//
// `listed` says what of each report Meeting.reports holds: all of it, or only position, fate and
// the class that counts, which spares copying them where nobody reads them from there.
enum class Listed { kWhole, kPlaces };
FoldedComponent FoldMeetings(std::span<const v1::Report* const> reports, const AsOf& as_of,
                             const PartyRegistry& parties, const Vocabulary& vocabulary,
                             Listed listed = Listed::kWhole);
FoldedComponent FoldMeetings(std::span<const v1::Report> reports, const AsOf& as_of,
                             const PartyRegistry& parties, const Vocabulary& vocabulary,
                             Listed listed = Listed::kWhole);

// Folds a subject that is no single meeting: a series, kind, country or pair. Pure.
v1::Subject FoldSubject(std::string_view id, std::span<const v1::Report> reports, const AsOf& as_of,
                        const PartyRegistry& parties, const Vocabulary& vocabulary);

// The one printed word for the four facets on a day. Pure.
v1::Meeting::Status PrintedStatus(const v1::Meeting& meeting, Day today);

// The meeting as sources would have it whose word on its outcome is as good as those that hold:
// one for each of its outcome's rivals, in their order, told apart in outcome and the date's state
// only. Pure.
std::vector<v1::Meeting> RivalReadings(const v1::Meeting& meeting);

// Why a meeting is pending on a day; nullopt if it is not.
enum class Pending { kPostponed, kCalledOff, kUndated, kLapsed };
std::optional<Pending> WhyPending(const v1::Meeting& meeting, Day today);

}  // namespace entente::domain
