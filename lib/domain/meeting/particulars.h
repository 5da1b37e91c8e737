// What is known of a meeting beside its life: how, where, how long and at what level, who sat, on
// what, with what result.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/meeting/findings.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// What all of these share: reports that speak about the meeting, lowest rank first; all of its
// reports, for the findings.
struct Telling {
  std::vector<const Said*> speaking;
  std::span<const Said> reports;
  const Registries& registries;
};

// Mode, place, duration and level.
void FoldSetting(const Telling& telling, v1::Meeting& meeting, Findings& findings);
void FoldAttendees(const Telling& telling, v1::Meeting& meeting, Findings& findings);
void FoldTopics(const Telling& telling, v1::Meeting& meeting, Findings& findings);
void FoldResults(const Telling& telling, v1::Meeting& meeting);

// Also of subjects that are no meeting.
void FoldStatements(const Telling& telling,
                    google::protobuf::RepeatedPtrField<v1::StatementFact>& statements);
void FoldClaims(const Telling& telling, google::protobuf::RepeatedPtrField<v1::ClaimFact>& claims);

// What one report says on each of these, words resolved; empty where it says nothing. Views are of
// the report or a registry.
struct SettingWords {
  std::string_view mode;
  std::string_view place;
  std::string_view duration;
  std::string_view level;
};
SettingWords WordsOnSetting(const v1::Facts& facts, const Registries& registries);

struct SeatWord {
  std::string_view party;
  std::string_view post;
  std::string_view person;  // all whom the report names for the seat
  bool unnamed = false;     // it has somebody without a name, too
};
// `made` keeps what no report has as it stands.
std::vector<SeatWord> WordsOnSeats(const v1::Facts& facts, const Registries& registries,
                                   std::deque<std::string>& made);

inline constexpr std::string_view kTagged = "tagged";
inline constexpr std::string_view kRemoved = "removed";
struct TopicWord {
  std::string_view topic;
  std::string_view relation;
  std::string_view value;  // one of these two
};
// Each topic and relation once.
std::vector<TopicWord> WordsOnTopics(const v1::Facts& facts, const Registries& registries);

// The facts that such a report gives, without `said_by`.
v1::ResultFact ResultOf(const v1::OutcomeRecorded& outcome, const Registries& registries);
v1::StatementFact StatementOf(const v1::StatementMade& made, const Registries& registries);
v1::ClaimFact ClaimOf(const v1::ClaimRecorded& recorded, const Registries& registries);

}  // namespace entente::domain
