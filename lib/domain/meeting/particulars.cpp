#include "domain/meeting/particulars.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "domain/meeting/settle.h"

namespace entente::domain {

namespace {

v1::Mode::Value ModeOf(const v1::Facts& facts) {
  switch (facts.payload_case()) {
    case v1::Facts::kMeetingAnnounced:
      return facts.meeting_announced().mode();
    case v1::Facts::kMeetingScheduled:
      return facts.meeting_scheduled().mode();
    case v1::Facts::kMeetingMoved:
      return facts.meeting_moved().mode();
    case v1::Facts::kMeetingHeld:
      return facts.meeting_held().mode();
    default:
      return v1::Mode::unspecified;
  }
}

std::string_view PlaceOf(const v1::Facts& facts) {
  switch (facts.payload_case()) {
    case v1::Facts::kMeetingAnnounced:
      return facts.meeting_announced().place();
    case v1::Facts::kMeetingScheduled:
      return facts.meeting_scheduled().place();
    case v1::Facts::kMeetingMoved:
      return facts.meeting_moved().place();
    case v1::Facts::kMeetingHeld:
      return facts.meeting_held().place();
    default:
      return {};
  }
}

// One report's repetitions follow each other.
template <class Repeated>
void SaidBy(Repeated& said_by, std::uint32_t by) {
  if (said_by.empty() || *said_by.rbegin() != by) said_by.Add(by);
}

// Highest-ranked first, as everywhere; reports are walked lowest first.
template <class Repeated>
void Reverse(Repeated& said_by) {
  std::reverse(said_by.begin(), said_by.end());
}

// Keeps each fact once, with everybody who reports it.
template <class Fact>
class Gathering {
 public:
  explicit Gathering(google::protobuf::RepeatedPtrField<Fact>& facts) : facts_(facts) {}

  // `fact` without `said_by`.
  void Add(Fact fact, std::uint32_t by) {
    const auto [known, first] = places_.emplace(fact.SerializeAsString(), facts_.size());
    if (first) *facts_.Add() = std::move(fact);
    SaidBy(*facts_[known->second].mutable_said_by(), by);
  }

  ~Gathering() {
    for (auto& fact : facts_) Reverse(*fact.mutable_said_by());
  }
  Gathering(const Gathering&) = delete;
  Gathering& operator=(const Gathering&) = delete;

 private:
  google::protobuf::RepeatedPtrField<Fact>& facts_;
  std::unordered_map<std::string, int> places_;
};

std::vector<std::string_view> TopicIds(
    const google::protobuf::RepeatedPtrField<std::string>& topics, const Registries& registries) {
  std::vector<std::string_view> ids;
  ids.reserve(static_cast<std::size_t>(topics.size()));
  for (const auto& topic : topics) ids.push_back(registries.IdOf(WordList::kTopics, topic));
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

SettingWords WordsOnSetting(const v1::Facts& facts, const Registries& registries) {
  SettingWords words;
  if (const auto mode = ModeOf(facts); mode != v1::Mode::unspecified) {
    words.mode = v1::Mode::Value_Name(mode);
  }
  words.place = PlaceOf(facts);
  words.duration = facts.meeting_held().duration();
  words.level = registries.IdOf(WordList::kLevels, facts.parties_changed().level());
  return words;
}

std::vector<SeatWord> WordsOnSeats(const v1::Facts& facts, const Registries& registries,
                                   std::deque<std::string>& made) {
  std::vector<SeatWord> words;
  const auto& attendees = facts.has_meeting_held() ? facts.meeting_held().attendees()
                                                   : facts.attendees_named().attendees();
  for (const auto& attendee : attendees) {
    const auto party = registries.CodeOf(attendee.party());
    const auto post = registries.IdOf(WordList::kPosts, attendee.post());
    auto word = std::ranges::find_if(
        words, [&](const SeatWord& other) { return other.party == party && other.post == post; });
    if (word == words.end()) word = words.insert(word, {party, post, {}, false});
    if (attendee.person().empty()) {
      word->unnamed = true;
    } else if (word->person.empty()) {
      word->person = attendee.person();
    } else {
      // One report that names two persons for one seat means both.
      word->person = made.emplace_back(fmt::format("{}, {}", word->person, attendee.person()));
    }
  }
  return words;
}

std::vector<TopicWord> WordsOnTopics(const v1::Facts& facts, const Registries& registries) {
  constexpr std::string_view kStatement = "statement";
  constexpr std::string_view kDiscussed = "discussed";
  std::vector<TopicWord> words;
  if (facts.has_topics_tagged()) {
    const auto& tagged = facts.topics_tagged();
    words.push_back({registries.IdOf(WordList::kTopics, tagged.topic()),
                     registries.IdOf(WordList::kRelations, tagged.relation()),
                     tagged.remove() ? kRemoved : kTagged});
  } else if (facts.has_statement_made()) {
    for (const auto topic : TopicIds(facts.statement_made().topics(), registries)) {
      words.push_back({topic, kStatement, kTagged});
    }
  } else if (facts.has_outcome_recorded()) {
    const auto& outcome = facts.outcome_recorded();
    const bool statement =
        registries.IdOf(WordList::kOutcomes, outcome.kind()) == "joint_statement";
    for (const auto topic : TopicIds(outcome.topics(), registries)) {
      words.push_back({topic, statement ? kStatement : kDiscussed, kTagged});
    }
  }
  return words;
}

void FoldSetting(const Telling& telling, v1::Meeting& meeting, Findings& findings) {
  std::vector<Assertion> modes;
  std::vector<Assertion> places;
  std::vector<Assertion> durations;
  std::vector<Assertion> levels;
  const auto say = [](std::vector<Assertion>& to, const Said* said, std::string_view value) {
    if (!value.empty()) to.push_back({said, value});
  };
  for (const Said* said : telling.speaking) {
    const SettingWords words = WordsOnSetting(*said->facts, telling.registries);
    say(modes, said, words.mode);
    say(places, said, words.place);
    say(durations, said, words.duration);
    say(levels, said, words.level);
  }
  if (!modes.empty()) {
    *meeting.mutable_mode() = Settle(modes);
    findings.AddFor("mode", "the mode", meeting.mode(), telling.reports, [](std::string mode) {
      std::ranges::replace(mode, '_', ' ');
      return mode;
    });
  }
  if (!places.empty()) {
    *meeting.mutable_place() = Settle(places);
    findings.AddFor("place", "the place", meeting.place(), telling.reports);
  }
  // A plan has no duration, and one held after all may have been denied.
  if (!durations.empty() && meeting.outcome().value() == v1::Meeting::held) {
    *meeting.mutable_duration() = Settle(durations);
    findings.AddFor("duration", "the duration", meeting.duration(), telling.reports);
  }
  if (!levels.empty()) {
    *meeting.mutable_level() = Settle(levels);
    findings.AddFor("level", "the level", meeting.level(), telling.reports,
                    [&](const std::string& level) {
                      return telling.registries.NameOf(WordList::kLevels, level);
                    });
  }
}

void FoldAttendees(const Telling& telling, v1::Meeting& meeting, Findings& findings) {
  using Seat = std::pair<std::string_view, std::string_view>;  // party, post
  struct Words {
    std::vector<Assertion> persons;
    std::vector<std::uint32_t> unnamed;  // reports that name the post only
  };
  std::map<Seat, Words> seats;
  std::deque<std::string> made;
  for (const Said* said : telling.speaking) {
    for (const SeatWord& word : WordsOnSeats(*said->facts, telling.registries, made)) {
      Words& words = seats[{word.party, word.post}];
      if (!word.person.empty()) words.persons.push_back({said, word.person});
      if (word.unnamed) words.unnamed.push_back(said->spoken_by);
    }
  }
  for (const auto& [seat, words] : seats) {
    v1::AttendeeFact& fact = *meeting.add_attendees();
    fact.set_party(std::string(seat.first));
    fact.set_post(std::string(seat.second));
    *fact.mutable_person() = Settle(words.persons);
    for (auto by = words.unnamed.rbegin(); by != words.unnamed.rend(); ++by) {
      SaidBy(*fact.mutable_person()->mutable_said_by(), *by);
    }
    findings.AddFor(
        "attendees",
        fmt::format("the {} of {}", telling.registries.NameOf(WordList::kPosts, seat.second),
                    telling.registries.NameOf(seat.first)),
        fact.person(), telling.reports);
  }
}

void FoldTopics(const Telling& telling, v1::Meeting& meeting, Findings& findings) {
  std::map<std::pair<std::string_view, std::string_view>, std::vector<Assertion>> tags;
  for (const Said* said : telling.speaking) {
    for (const TopicWord& word : WordsOnTopics(*said->facts, telling.registries)) {
      tags[{word.topic, word.relation}].push_back({said, word.value});
    }
  }
  std::set<std::string_view> doubtful;
  for (const auto& [key, words] : tags) {
    const v1::Fact fact = Settle(words);
    findings.AddFor("topics", telling.registries.NameOf(WordList::kTopics, key.first), fact,
                    telling.reports, [&](const std::string& value) {
                      const auto relation =
                          telling.registries.NameOf(WordList::kRelations, key.second);
                      return value == kTagged ? relation : "not " + relation;
                    });
    if (fact.value() != kTagged) {
      if (fact.disputed()) doubtful.insert(key.first);
      continue;
    }
    v1::TopicFact& topic = *meeting.add_topics();
    topic.set_disputed(fact.disputed());
    topic.set_topic(std::string(key.first));
    topic.set_relation(std::string(key.second));
    *topic.mutable_said_by() = fact.said_by();
  }
  for (const auto topic : doubtful) meeting.add_doubtful_topics(std::string(topic));
}

v1::ResultFact ResultOf(const v1::OutcomeRecorded& outcome, const Registries& registries) {
  v1::ResultFact result;
  result.set_kind(std::string(registries.IdOf(WordList::kOutcomes, outcome.kind())));
  result.set_summary(outcome.summary());
  for (const auto topic : TopicIds(outcome.topics(), registries)) {
    result.add_topics(std::string(topic));
  }
  const auto& date = outcome.has_date() ? outcome.date() : outcome.next_meeting();
  if (!date.edtf().empty()) *result.mutable_date() = date;
  return result;
}

v1::StatementFact StatementOf(const v1::StatementMade& made, const Registries& registries) {
  v1::StatementFact statement;
  statement.set_who(made.who());
  statement.set_post(std::string(registries.IdOf(WordList::kPosts, made.post())));
  statement.set_said_on(made.said_on());
  statement.set_summary(made.summary());
  for (const auto topic : TopicIds(made.topics(), registries)) {
    statement.add_topics(std::string(topic));
  }
  *statement.mutable_about() = made.about();
  std::ranges::sort(*statement.mutable_about());
  return statement;
}

v1::ClaimFact ClaimOf(const v1::ClaimRecorded& recorded, const Registries& registries) {
  v1::ClaimFact claim;
  claim.set_claim(recorded.claim());
  claim.set_value(recorded.value());
  auto& scope = *claim.mutable_scope();
  scope.set_window(recorded.scope().window());
  if (!recorded.scope().kind().empty()) {
    scope.set_kind(std::string(registries.IdOf(WordList::kKinds, recorded.scope().kind())));
  }
  if (!recorded.scope().party().empty()) {
    scope.set_party(std::string(registries.CodeOf(recorded.scope().party())));
  }
  return claim;
}

void FoldResults(const Telling& telling, v1::Meeting& meeting) {
  Gathering results(*meeting.mutable_results());
  for (const Said* said : telling.speaking) {
    if (!said->facts->has_outcome_recorded()) continue;
    results.Add(ResultOf(said->facts->outcome_recorded(), telling.registries), said->spoken_by);
  }
}

void FoldStatements(const Telling& telling,
                    google::protobuf::RepeatedPtrField<v1::StatementFact>& statements) {
  Gathering gathering(statements);
  for (const Said* said : telling.speaking) {
    if (!said->facts->has_statement_made()) continue;
    gathering.Add(StatementOf(said->facts->statement_made(), telling.registries), said->spoken_by);
  }
}

void FoldClaims(const Telling& telling, google::protobuf::RepeatedPtrField<v1::ClaimFact>& claims) {
  Gathering gathering(claims);
  for (const Said* said : telling.speaking) {
    if (!said->facts->has_claim_recorded()) continue;
    gathering.Add(ClaimOf(said->facts->claim_recorded(), telling.registries), said->spoken_by);
  }
}

}  // namespace entente::domain
