// One report as the fold reads it: its time parsed once, its rank known.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "values/day.h"

namespace entente::domain {

// How far a report's document vouches for what it says; a higher number ranks higher.
enum class Authority : std::uint8_t { kNone, kInferred, kUnnamedSources, kMedia, kOfficial };

// What ranks reports on one fact, compared member by member. Position is not among them.
struct Rank {
  ReportedDay day;  // earliest day on which it may have been said
  Authority authority = Authority::kNone;
  bool timed = false;          // says at what time of day; untimed ranks lowest
  std::int64_t moment_ms = 0;  // of that time: UTC, or as printed where it has no offset
  std::uint8_t stage = 0;      // how far along a meeting's life: see StageOf
  std::string_view event_id;
  friend auto operator<=>(const Rank&, const Rank&) = default;
};

struct Said {
  const v1::Report* report = nullptr;  // the one that ranks
  const v1::Facts* facts = nullptr;    // what it says today: its own, or a live correction's
  Rank rank;
  ReportedDay latest;           // last day on which it may have been said
  std::string_view publisher;   // empty: not known, and then different from any other
  std::uint32_t spoken_by = 0;  // index in Meeting.reports of whoever's words `facts` are
};

// Official documents and the media settle facts; unnamed sources and inference only suggest.
inline bool Firm(const Rank& rank) { return rank.authority >= Authority::kMedia; }
inline bool Firm(const Said& said) { return Firm(said.rank); }

// Day and class alike: neither outranks the other by more than an hour or a name.
inline bool Peers(const Said& a, const Said& b) {
  return a.rank.day == b.rank.day && a.rank.authority == b.rank.authority;
}

// Whether different values of two peers are a contradiction. They are not when one publisher's
// later hour, or its later chapter of the story, updates its own word.
bool Contradict(const Said& a, const Said& b);

inline const Rank& RankOf(const Said* said) { return said->rank; }
template <class Word>  // a report's word on something, a struct with its `said`
const Rank& RankOf(const Word& word) {
  return word.said->rank;
}

// Puts a report, or its word on something, behind those of lower rank and behind those of the same
// report. Nearly always the last place.
template <class Word>
void InsertByRank(std::vector<Word>& words, std::type_identity_t<Word> word) {
  const auto rank_of = [](const Word& other) -> const Rank& { return RankOf(other); };
  if (words.empty() || rank_of(words.back()) <= rank_of(word)) {
    words.push_back(std::move(word));
    return;
  }
  const auto place = std::ranges::upper_bound(words, rank_of(word), {}, rank_of);
  words.insert(place, std::move(word));
}

// Where an event lies in the life of a meeting, so that one publisher's undated-by-hour reports of
// a day ("set for the 24th", "called off") are read as one story: announced, scheduled,
// postponed, rescheduled, moved, called off, cancelled, reinstated, held, not held.
std::uint8_t StageOf(v1::Facts::PayloadCase payload);

Authority AuthorityOf(v1::Source::Class source_class);

// The day on which a report was recorded, where its document is dated later than that; one day
// later is a zone ahead of ours.
std::optional<Day> RecordedBeforeItsDate(const Said& said);

// Reads a report's time and class. `facts` is its own, `spoken_by` 0.
Said Read(const v1::Report& report);

}  // namespace entente::domain
