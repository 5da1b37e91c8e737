// A meeting followed report by report: what is news of each, at a cost that does not grow with the
// number of those before it.
//
// The fold says what is true of a meeting; the change feed needs of it, for every report, only the
// terms before and after and the reasons. Those turn on a few of the reports on each facet (those
// of the winner's day and class, those above it, the highest official one), so each facet keeps
// its assertions in the order of their ranks and is decided again where the report says something
// on it. Whatever this gives is what FoldMeetings, TermsOf and ReasonsFor give; a property test
// holds the one against the other.
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"

namespace entente::domain {

// Of one stream that nothing merges, splits or links another to. One thread at a time.
class Followed {
 public:
  // `id` is the meeting's stream. The registries must outlive it.
  Followed(std::string id, const PartyRegistry& parties, const Vocabulary& vocabulary);
  ~Followed();
  Followed(Followed&&) noexcept;
  Followed& operator=(Followed&&) noexcept;

  // Takes one more report, of any rank, corrections and retractions too. Gives the reasons why the
  // meeting is another with it, as ReasonsFor does. nullopt for a report that takes a whole fold
  // (one that lies in another stream, speaks of several meetings, merges or splits): the meeting
  // cannot be followed, and this is not to be used any more. `report` must outlive this.
  std::optional<std::vector<v1::ChangeType::Value>> Take(const v1::Report& report);

  // Takes reports whose news nobody asks for any more, before all others: as Take one by one, and
  // decided once. False where one of them takes a whole fold, as with Take.
  bool TakeKnown(std::span<const v1::Report* const> reports);

  // As TermsOf gives them, after all reports taken, and before the last of them.
  const std::map<std::string, bool>& terms() const;
  const std::map<std::string, bool>& terms_before() const;
  // Roughly, in memory.
  std::size_t bytes() const;

 private:
  class State;
  std::unique_ptr<State> state_;
};

}  // namespace entente::domain
