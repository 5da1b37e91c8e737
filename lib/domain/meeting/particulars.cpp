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

std::vector<std::string> TopicIds(const google::protobuf::RepeatedPtrField<std::string>& topics,
                                  const Registries& registries) {
  std::vector<std::string> ids;
  for (const auto& topic : topics) ids.emplace_back(registries.IdOf(WordList::kTopics, topic));
  std::ranges::sort(ids);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

void FoldSetting(const Telling& telling, v1::Meeting& meeting, Findings& findings) {
  std::vector<Assertion> modes;
  std::vector<Assertion> places;
  std::vector<Assertion> durations;
  std::vector<Assertion> levels;
  const auto say = [](std::vector<Assertion>& to, const Said* said, std::string_view value) {
    if (!value.empty()) to.push_back({said, std::string(value)});
  };
  for (const Said* said : telling.speaking) {
    if (const auto mode = ModeOf(*said->facts); mode != v1::Mode::unspecified) {
      modes.push_back({said, v1::Mode::Value_Name(mode)});
    }
    say(places, said, PlaceOf(*said->facts));
    say(durations, said, said->facts->meeting_held().duration());
    say(levels, said,
        telling.registries.IdOf(WordList::kLevels, said->facts->parties_changed().level()));
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
  for (const Said* said : telling.speaking) {
    const auto& attendees = said->facts->has_meeting_held()
                                ? said->facts->meeting_held().attendees()
                                : said->facts->attendees_named().attendees();
    for (const auto& attendee : attendees) {
      auto& words = seats[{telling.registries.CodeOf(attendee.party()),
                           telling.registries.IdOf(WordList::kPosts, attendee.post())}];
      if (attendee.person().empty()) {
        words.unnamed.push_back(said->spoken_by);
      } else if (!words.persons.empty() && words.persons.back().said == said) {
        // One report that names two persons for one seat means both.
        words.persons.back().value += ", " + attendee.person();
      } else {
        words.persons.push_back({said, attendee.person()});
      }
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
  constexpr std::string_view kTagged = "tagged";
  constexpr std::string_view kRemoved = "removed";
  constexpr std::string_view kStatement = "statement";
  constexpr std::string_view kDiscussed = "discussed";
  std::map<std::pair<std::string, std::string>, std::vector<Assertion>> tags;
  const auto tag = [&](const Said* said, std::string topic, std::string_view relation,
                       std::string_view value) {
    auto& words = tags[{std::move(topic), std::string(relation)}];
    if (words.empty() || words.back().said != said) words.push_back({said, std::string(value)});
  };
  for (const Said* said : telling.speaking) {
    const v1::Facts& facts = *said->facts;
    if (facts.has_topics_tagged()) {
      const auto& tagged = facts.topics_tagged();
      tag(said, std::string(telling.registries.IdOf(WordList::kTopics, tagged.topic())),
          telling.registries.IdOf(WordList::kRelations, tagged.relation()),
          tagged.remove() ? kRemoved : kTagged);
    } else if (facts.has_statement_made()) {
      for (auto& topic : TopicIds(facts.statement_made().topics(), telling.registries)) {
        tag(said, std::move(topic), kStatement, kTagged);
      }
    } else if (facts.has_outcome_recorded()) {
      const auto& outcome = facts.outcome_recorded();
      const bool statement =
          telling.registries.IdOf(WordList::kOutcomes, outcome.kind()) == "joint_statement";
      for (auto& topic : TopicIds(outcome.topics(), telling.registries)) {
        tag(said, std::move(topic), statement ? kStatement : kDiscussed, kTagged);
      }
    }
  }
  std::set<std::string> doubtful;
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
    topic.set_topic(key.first);
    topic.set_relation(key.second);
    *topic.mutable_said_by() = fact.said_by();
  }
  for (const std::string& topic : doubtful) meeting.add_doubtful_topics(topic);
}

void FoldResults(const Telling& telling, v1::Meeting& meeting) {
  Gathering results(*meeting.mutable_results());
  for (const Said* said : telling.speaking) {
    if (!said->facts->has_outcome_recorded()) continue;
    const auto& outcome = said->facts->outcome_recorded();
    v1::ResultFact result;
    result.set_kind(std::string(telling.registries.IdOf(WordList::kOutcomes, outcome.kind())));
    result.set_summary(outcome.summary());
    for (auto& topic : TopicIds(outcome.topics(), telling.registries)) {
      result.add_topics(std::move(topic));
    }
    const auto& date = outcome.has_date() ? outcome.date() : outcome.next_meeting();
    if (!date.edtf().empty()) *result.mutable_date() = date;
    results.Add(std::move(result), said->spoken_by);
  }
}

void FoldStatements(const Telling& telling,
                    google::protobuf::RepeatedPtrField<v1::StatementFact>& statements) {
  Gathering gathering(statements);
  for (const Said* said : telling.speaking) {
    if (!said->facts->has_statement_made()) continue;
    const auto& made = said->facts->statement_made();
    v1::StatementFact statement;
    statement.set_who(made.who());
    statement.set_post(std::string(telling.registries.IdOf(WordList::kPosts, made.post())));
    statement.set_said_on(made.said_on());
    statement.set_summary(made.summary());
    for (auto& topic : TopicIds(made.topics(), telling.registries)) {
      statement.add_topics(std::move(topic));
    }
    *statement.mutable_about() = made.about();
    std::ranges::sort(*statement.mutable_about());
    gathering.Add(std::move(statement), said->spoken_by);
  }
}

void FoldClaims(const Telling& telling, google::protobuf::RepeatedPtrField<v1::ClaimFact>& claims) {
  Gathering gathering(claims);
  for (const Said* said : telling.speaking) {
    if (!said->facts->has_claim_recorded()) continue;
    const auto& recorded = said->facts->claim_recorded();
    v1::ClaimFact claim;
    claim.set_claim(recorded.claim());
    claim.set_value(recorded.value());
    auto& scope = *claim.mutable_scope();
    scope.set_window(recorded.scope().window());
    if (!recorded.scope().kind().empty()) {
      scope.set_kind(
          std::string(telling.registries.IdOf(WordList::kKinds, recorded.scope().kind())));
    }
    if (!recorded.scope().party().empty()) {
      scope.set_party(std::string(telling.registries.CodeOf(recorded.scope().party())));
    }
    gathering.Add(std::move(claim), said->spoken_by);
  }
}

}  // namespace entente::domain
