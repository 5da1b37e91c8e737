// How many findings of each kind there are on each facet: as much of them as makes news.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "domain/meeting/settle.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

enum class Facet : std::uint8_t {
  kKind,
  kSeries,
  kOrdinal,
  kParties,
  kIdentity,
  kReports,
  kOutcome,
  kDate,
  kReason,
  kUntil,
  kMode,
  kPlace,
  kDuration,
  kLevel,
  kAttendees,
  kTopics,
};
inline constexpr std::size_t kFacets = 16;

struct FindingCount {
  std::uint32_t disputed = 0;
  std::uint32_t unconfirmed = 0;
  std::uint32_t inconsistent = 0;

  // As many as Findings::AddFor adds.
  static FindingCount Of(const Decision& decision);
  static FindingCount Of(const v1::Fact& fact);

  FindingCount& operator+=(const FindingCount& other);
  FindingCount& operator-=(const FindingCount& other);
  friend bool operator==(const FindingCount&, const FindingCount&) = default;
};

class FindingCounts {
 public:
  FindingCount& operator[](Facet facet) { return counts_[static_cast<std::size_t>(facet)]; }
  const FindingCount& operator[](Facet facet) const {
    return counts_[static_cast<std::size_t>(facet)];
  }

  // There are more of a kind on some facet than there were.
  bool MoreThan(const FindingCounts& before, std::uint32_t FindingCount::* kind) const;

 private:
  std::array<FindingCount, kFacets> counts_;
};

// What findings tell of reports, each text once: who says it, and what.
class ToldFindings {
 public:
  // So often more, or less.
  void Tally(std::pair<std::string, std::string> text, int by);
  std::uint32_t count() const { return static_cast<std::uint32_t>(told_.size()); }

 private:
  std::map<std::pair<std::string, std::string>, int> told_;  // how often
};

}  // namespace entente::domain
