#include <fmt/format.h>

#include <map>
#include <set>

#include "domain/words/date_words.h"
#include "domain/words/describe.h"
#include "domain/words/plain_words.h"
#include "domain/words/sentence.h"
#include "domain/words/telling.h"

namespace entente::domain {
namespace {

std::map<std::string, v1::Party::Role> RolesOf(const v1::Meeting& meeting) {
  std::map<std::string, v1::Party::Role> roles;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (!party.removed()) roles.emplace(party.code(), party.role());
  }
  return roles;
}

// "Germany and France", and whether a verb after it takes no s.
struct Who {
  std::string names;
  bool plural = false;
};

Who WhoOf(const std::vector<std::string>& codes, const Names& names) {
  return {names.Parties(codes), codes.size() > 1};
}

// Those in the first list and not in the second, by how they take part; a venue does not.
std::map<std::string_view, std::vector<std::string>> NewByRole(const v1::Meeting& meeting,
                                                               const v1::Meeting& other) {
  const auto known = RolesOf(other);
  std::map<std::string_view, std::vector<std::string>> by_role;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (party.removed() || known.contains(party.code())) continue;
    by_role[RoleInWords(party.role())].push_back(party.code());
  }
  return by_role;
}

// "Toshimitsu Motegi (foreign minister)", "the foreign minister", and whom the person replaces.
std::string AttendeeWords(const v1::Attendee& attendee, const std::string& party,
                          const Telling& telling) {
  const std::string post = telling.names.Word(WordList::kPosts, attendee.post());
  if (attendee.person().empty()) return "the " + post;
  std::string replaced;
  for (const v1::AttendeeFact& known : telling.before.attendees()) {
    if (known.party() == party && known.post() == attendee.post() &&
        known.person().value() != attendee.person() && !known.person().value().empty()) {
      replaced = ", not " + OneLine(known.person().value());
    }
  }
  return fmt::format("{} ({}{})", OneLine(attendee.person()), post, replaced);
}

std::string TopicRelation(const std::string& relation, bool removed, bool lead) {
  if (relation == "agenda") return removed ? "no longer on the agenda" : "on the agenda";
  if (relation == "discussed") {
    if (removed) return lead ? "not discussed after all at" : "not discussed after all";
    return lead ? "discussed at" : "discussed";
  }
  if (relation == "statement")
    return removed ? "not named in the statement" : "named in the statement";
  return removed ? "no longer a topic" : "a topic";
}

}  // namespace

std::string PartiesClause(const Telling& telling, bool lead) {
  if (telling.before.parties_size() == 0) return {};
  // The name it had: who joins is not in it yet.
  const std::string meeting = lead ? " " + telling.names.DatedMeeting(telling.before) : "";
  std::vector<std::string> parts;
  for (const auto& [role, codes] : NewByRole(telling.after, telling.before)) {
    const Who who = WhoOf(codes, telling.names);
    parts.push_back(fmt::format(
        "{} {}{}{}", who.names, who.plural ? "join" : "joins", parts.empty() ? meeting : "",
        role.empty() ? "" : fmt::format(" as {}{}", role, who.plural ? "s" : "")));
  }
  for (const auto& [role, codes] : NewByRole(telling.before, telling.after)) {
    const Who who = WhoOf(codes, telling.names);
    parts.push_back(fmt::format("{} {}{}", who.names, who.plural ? "leave" : "leaves",
                                parts.empty() ? meeting : ""));
  }
  const std::string& level = telling.report.facts().parties_changed().level();
  if (!level.empty()) {
    const std::string words = "at the level of " + telling.names.Word(WordList::kLevels, level);
    parts.push_back(parts.empty() && lead ? telling.Dated() + " now " + words : "now " + words);
  }
  if (parts.empty() && lead) return fmt::format("participants of {} as known", telling.Dated());
  return AndList(parts);
}

std::string AttendeesClause(const Telling& telling, bool lead) {
  const v1::Facts& facts = telling.report.facts();
  const auto& attendees = facts.has_meeting_held() ? facts.meeting_held().attendees()
                                                   : facts.attendees_named().attendees();
  std::vector<std::pair<std::string, std::vector<std::string>>> by_party;
  for (const v1::Attendee& attendee : attendees) {
    const auto known = telling.names.parties.Resolve(attendee.party());
    const std::string code = known ? (*known)->code : attendee.party();
    if (by_party.empty() || by_party.back().first != code) by_party.push_back({code, {}});
    by_party.back().second.push_back(AttendeeWords(attendee, code, telling));
  }
  if (by_party.empty()) return {};
  std::string words;
  for (const auto& [code, people] : by_party) {
    words += fmt::format("{}for {}: {}", words.empty() ? "" : "; ", telling.names.Party(code),
                         AndList(people));
  }
  return lead ? fmt::format("at {}, {}", telling.Dated(), words) : words;
}

std::string TopicsClause(const Telling& telling, bool lead) {
  const v1::Facts& facts = telling.report.facts();
  if (facts.has_topics_tagged()) {
    const v1::TopicsTagged& tagged = facts.topics_tagged();
    const std::string relation = TopicRelation(tagged.relation(), tagged.remove(), lead);
    const std::string topic = telling.names.Word(WordList::kTopics, tagged.topic());
    if (!lead) return fmt::format("{} {}", topic, relation);
    return fmt::format("{} {}{} {}", topic, relation, relation.ends_with(" at") ? "" : " of",
                       telling.Dated());
  }
  std::set<std::string> known;
  for (const v1::TopicFact& topic : telling.before.topics()) known.insert(topic.topic());
  std::vector<std::string> added;
  for (const v1::TopicFact& topic : telling.after.topics()) {
    if (known.insert(topic.topic()).second) {
      added.push_back(telling.names.Word(WordList::kTopics, topic.topic()));
    }
  }
  if (added.empty()) return {};
  return lead ? fmt::format("new among the topics of {}: {}", telling.Dated(), AndList(added))
              : fmt::format("topics: {}", AndList(added));
}

std::string ResultClause(const Telling& telling) {
  const v1::OutcomeRecorded& result = telling.report.facts().outcome_recorded();
  std::string words = fmt::format("result of {}: {}", telling.Dated(),
                                  telling.names.Word(WordList::kOutcomes, result.kind()));
  if (!result.date().edtf().empty()) {
    words += fmt::format(" ({})", DateInWords(result.date().edtf()));
  }
  if (!result.summary().empty()) words += ", " + OneLine(result.summary());
  if (!result.next_meeting().edtf().empty()) {
    words += "; to meet again " + OnDateInWords(result.next_meeting().edtf());
  }
  return words;
}

std::string StatementClause(const v1::Report& report, const std::string& about,
                            const Names& names) {
  const v1::StatementMade& said = report.facts().statement_made();
  std::string who = names.Party(said.who());
  if (!said.post().empty()) {
    who += fmt::format(" ({})", names.Word(WordList::kPosts, said.post()));
  }
  const bool other_day = !said.said_on().empty() && said.said_on() != report.reported();
  return fmt::format("on {}, {} said{}: {}", about, who,
                     other_day ? " " + OnDateInWords(said.said_on()) : "", OneLine(said.summary()));
}

}  // namespace entente::domain
