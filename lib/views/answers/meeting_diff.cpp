#include "views/answers/meeting_diff.h"

#include <fmt/format.h>

#include <map>
#include <set>
#include <vector>

#include "domain/meeting/fold.h"
#include "domain/words/describe.h"
#include "domain/words/plain_words.h"

namespace entente::views {
namespace {

bool IsThere(const v1::Meeting* meeting) {
  return meeting != nullptr && (meeting->standing() == v1::Meeting::reported ||
                                meeting->standing() == v1::Meeting::announced);
}

std::string Joined(const std::set<std::string>& values) {
  std::string joined;
  for (const std::string& value : values) joined += (joined.empty() ? "" : "; ") + value;
  return joined;
}

std::string Doubted(std::string value, bool disputed, bool unconfirmed) {
  const char* const doubt = disputed ? "disputed" : unconfirmed ? "unconfirmed" : nullptr;
  if (doubt == nullptr) return value;
  return value.empty() ? doubt : fmt::format("{} ({})", value, doubt);
}

std::string FactOf(const v1::Fact& fact) {
  return Doubted(fact.value(), fact.disputed(), fact.unconfirmed());
}

std::string DateOf(const v1::Meeting& meeting) {
  const v1::DateFact& date = meeting.date();
  std::string text = FactOf(date.fact());
  if (!date.last_day().empty()) text += " to " + date.last_day();
  if (date.state() != v1::DateFact::postponed) return text;
  return text.empty() ? "none" : "none; was " + text;
}

std::string PartiesOf(const v1::Meeting& meeting) {
  std::set<std::string> parties;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (party.removed()) continue;
    const std::string_view role = domain::RoleInWords(party.role());
    parties.insert(
        Doubted(role.empty() ? party.code() : fmt::format("{} as {}", party.code(), role),
                party.disputed(), false));
  }
  return Joined(parties);
}

std::string StatusOf(const v1::Meeting& meeting, Day today) {
  return Doubted(std::string(domain::StatusInWords(domain::PrintedStatus(meeting, today))),
                 meeting.outcome().disputed(), meeting.outcome().unconfirmed());
}

template <class List, class Text>
std::string Each(const List& list, const Text& text) {
  std::set<std::string> values;
  for (const auto& one : list) values.insert(text(one));
  return Joined(values);
}

// Facts by name, in the order in which a person asks for them.
std::vector<std::pair<std::string, std::string>> FactsOf(const v1::Meeting& meeting, Day today) {
  return {
      {"status", StatusOf(meeting, today)},
      {"standing", v1::Meeting::Standing_Name(meeting.standing())},
      {"date", DateOf(meeting)},
      {"place", FactOf(meeting.place())},
      {"mode", FactOf(meeting.mode())},
      {"reason", FactOf(meeting.reason())},
      {"until", FactOf(meeting.until())},
      {"parties", PartiesOf(meeting)},
      {"kind", FactOf(meeting.kind())},
      {"series", FactOf(meeting.series())},
      {"ordinal", FactOf(meeting.ordinal())},
      {"title", FactOf(meeting.title())},
      {"attendees", Each(meeting.attendees(),
                         [](const v1::AttendeeFact& one) {
                           return fmt::format("{} {} {}", one.party(), one.post(),
                                              FactOf(one.person()));
                         })},
      {"topics", Each(meeting.topics(), [](const v1::TopicFact& one) { return one.topic(); })},
      {"results", Each(meeting.results(),
                       [](const v1::ResultFact& one) {
                         return fmt::format("{}: {}", one.kind(), one.summary());
                       })},
      {"statements", Each(meeting.statements(),
                          [](const v1::StatementFact& one) {
                            return fmt::format("{} on {}: {}", one.who(), one.said_on(),
                                               one.summary());
                          })},
      {"claims", Each(meeting.claims(),
                      [](const v1::ClaimFact& one) {
                        return fmt::format("{} {}", v1::ClaimRecorded::Claim_Name(one.claim()),
                                           one.value());
                      })},
      {"links", Each(meeting.links(),
                     [](const v1::LinkFact& one) {
                       return fmt::format("{} {}", one.relation(), one.other());
                     })},
      {"absorbed", Each(meeting.absorbed(), [](const std::string& one) { return one; })},
      {"pairs", Each(meeting.pairs(), [](const std::string& one) { return one; })},
  };
}

void AddFacts(const v1::Meeting* before, const v1::Meeting* after, Day today,
              v1::MeetingDiff* diff) {
  const auto was = before ? FactsOf(*before, today) : decltype(FactsOf(*after, today))();
  const auto is = after ? FactsOf(*after, today) : decltype(was)();
  const std::size_t facts = std::max(was.size(), is.size());
  for (std::size_t i = 0; i < facts; ++i) {
    const std::string old = was.empty() ? "" : was[i].second;
    const std::string now = is.empty() ? "" : is[i].second;
    if (old == now) continue;
    v1::MeetingDiff::FactDiff& fact = *diff->add_facts();
    fact.set_fact(was.empty() ? is[i].first : was[i].first);
    fact.set_before(old);
    fact.set_after(now);
  }
}

bool IsOff(v1::Meeting::Status status) {
  return status == v1::Meeting::status_cancelled || status == v1::Meeting::status_called_off;
}

// Of a meeting that is in both states, what weighs most of the facts that differ.
v1::MeetingDiff::What WhatChanged(const v1::Meeting& before, const v1::Meeting& after, Day today) {
  const v1::Meeting::Status was = domain::PrintedStatus(before, today);
  const v1::Meeting::Status is = domain::PrintedStatus(after, today);
  if (IsOff(is) && !IsOff(was)) return v1::MeetingDiff::cancelled;
  if (is == v1::Meeting::status_postponed && is != was) return v1::MeetingDiff::postponed;
  return DateOf(before) == DateOf(after) ? v1::MeetingDiff::changed : v1::MeetingDiff::moved;
}

}  // namespace

std::optional<v1::MeetingDiff> DiffMeetings(const std::string& id, const v1::Meeting* before,
                                            const v1::Meeting* after, Day today,
                                            const domain::PartyRegistry& parties,
                                            const domain::Vocabulary& vocabulary) {
  const v1::Meeting* const was = IsThere(before) ? before : nullptr;
  const v1::Meeting* const is = IsThere(after) ? after : nullptr;
  if (was == nullptr && is == nullptr) return std::nullopt;
  v1::MeetingDiff diff;
  diff.set_id(id);
  diff.set_title(domain::MeetingInWords(is != nullptr ? *is : *was, parties, vocabulary));
  const bool was_itself = was != nullptr && was->id() == id;
  if (is != nullptr && is->id() != id) {
    // What it is now is the survivor's to tell.
    if (!was_itself) return std::nullopt;
    diff.set_what(v1::MeetingDiff::merged);
    diff.set_into(is->id());
    diff.set_title(domain::MeetingInWords(*was, parties, vocabulary));
    return diff;
  }
  AddFacts(was_itself ? was : nullptr, is, today, &diff);
  if (!was_itself) {
    diff.set_what(v1::MeetingDiff::added);
  } else if (is == nullptr) {
    diff.set_what(v1::MeetingDiff::removed);
  } else {
    if (diff.facts().empty()) return std::nullopt;
    diff.set_what(WhatChanged(*was, *is, today));
  }
  return diff;
}

}  // namespace entente::views
