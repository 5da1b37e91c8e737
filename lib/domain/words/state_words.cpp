#include <fmt/format.h>

#include <set>

#include "domain/dates/uncertain_date.h"
#include "domain/words/date_words.h"
#include "domain/words/describe.h"
#include "domain/words/plain_words.h"
#include "domain/words/sentence.h"
#include "domain/words/telling.h"

namespace entente::domain {
namespace {

const std::string& DateOf(const v1::Meeting& meeting) { return meeting.date().fact().value(); }

// "the place is Tokyo, not Osaka"; the old value only where there was one.
void Differ(std::vector<std::string>& list, std::string_view what, const std::string& was,
            const std::string& is) {
  if (was == is) return;
  if (is.empty()) {
    list.push_back(fmt::format("{} is not known", what));
  } else {
    list.push_back(fmt::format("{} is {}{}", what, is, was.empty() ? "" : ", not " + was));
  }
}

std::set<std::string> CodesOf(const v1::Meeting& meeting) {
  std::set<std::string> codes;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (!party.removed()) codes.insert(party.code());
  }
  return codes;
}

void DifferInParties(std::vector<std::string>& list, const Telling& telling) {
  const std::set<std::string> was = CodesOf(telling.before);
  const std::set<std::string> is = CodesOf(telling.after);
  for (const std::string& code : is) {
    if (!was.contains(code)) list.push_back(telling.names.Party(code) + " takes part");
  }
  for (const std::string& code : was) {
    if (!is.contains(code)) list.push_back(telling.names.Party(code) + " does not take part");
  }
}

std::set<std::string> TopicsOf(const v1::Meeting& meeting) {
  std::set<std::string> topics;
  for (const v1::TopicFact& topic : meeting.topics()) topics.insert(topic.topic());
  return topics;
}

void DifferInTopics(std::vector<std::string>& list, const Telling& telling) {
  const std::set<std::string> was = TopicsOf(telling.before);
  const std::set<std::string> is = TopicsOf(telling.after);
  const auto name = [&](const std::string& id) {
    return telling.names.Word(WordList::kTopics, id);
  };
  for (const std::string& id : is) {
    if (!was.contains(id)) list.push_back(name(id) + " is a topic");
  }
  for (const std::string& id : was) {
    if (!is.contains(id)) list.push_back(name(id) + " is no topic of it");
  }
}

}  // namespace

const v1::Meeting& Telling::Nameable() const {
  const auto nameable = [](const v1::Meeting& meeting) {
    return meeting.parties_size() > 0 || !meeting.title().value().empty();
  };
  return nameable(after) || !nameable(before) ? after : before;
}

std::string Telling::Name() const {
  const v1::Meeting& meeting = Nameable();
  if (!meeting.id().empty() || meeting.parties_size() > 0) return names.Meeting(meeting);
  return names.Meeting(before);
}

std::string Telling::Dated() const {
  if (!DateOf(Nameable()).empty() || DateOf(before).empty()) {
    return Nameable().id().empty() && Nameable().parties_size() == 0
               ? Name()
               : names.DatedMeeting(Nameable());
  }
  v1::Meeting dated = Nameable();
  dated.mutable_date()->mutable_fact()->set_value(DateOf(before));
  return names.DatedMeeting(dated);
}

bool Telling::First() const { return before.parties_size() == 0 && before.reports_size() == 0; }

std::string_view StateWord(const v1::Meeting& meeting) {
  if (meeting.standing() == v1::Meeting::withdrawn) return "withdrawn";
  if (meeting.standing() == v1::Meeting::unspecified) return "not asserted by anybody";
  switch (meeting.outcome().value()) {
    case v1::Meeting::held:
      return meeting.outcome().possible_only() ? "possibly held" : "held";
    case v1::Meeting::cancelled:
      return "cancelled";
    case v1::Meeting::called_off:
      return "called off";
    default:
      break;
  }
  return meeting.date().state() == v1::DateFact::postponed ? "postponed" : "planned";
}

std::string StateInWords(const v1::Meeting& meeting) {
  const std::string& date = DateOf(meeting);
  std::string word(StateWord(meeting));
  if (word == "held" || word == "possibly held") {
    return date.empty() ? word : word + " " + OnDateInWords(date, meeting.date().last_day());
  }
  if (word == "postponed") {
    const std::string& until = meeting.until().value();
    return until.empty() ? "postponed, no new date" : "postponed until " + TargetDateInWords(until);
  }
  if (word != "planned") return word;
  if (!date.empty()) {
    const auto read = UncertainDate::Parse(date);
    return fmt::format("{} for {}", read && read->FinerThanMonth() ? "set" : "planned",
                       TargetDateInWords(date, meeting.date().last_day()));
  }
  return meeting.standing() == v1::Meeting::announced ? "announced, no date yet"
                                                      : "reported to be planned, no date yet";
}

std::string ReasonInBrackets(const Telling& telling) {
  const std::string& reason = telling.after.reason().value();
  if (reason.empty() || reason == "unknown") return " (no reason given)";
  return fmt::format(" ({})", telling.names.Word(WordList::kReasons, reason));
}

std::string PlaceAndMode(const v1::Meeting& meeting) {
  std::string words;
  if (!meeting.place().value().empty()) words += " in " + OneLine(meeting.place().value());
  const std::string_view mode = ModeInWords(meeting.mode().value());
  // A place says as much as "in person".
  if (!mode.empty() && (words.empty() || mode != "in person")) words += " " + std::string(mode);
  return words;
}

std::vector<std::string> Differences(const Telling& telling) {
  const v1::Meeting& before = telling.before;
  const v1::Meeting& after = telling.after;
  std::vector<std::string> list;
  if (StateWord(before) != StateWord(after)) {
    list.push_back(fmt::format("it is {}, not {}", StateWord(after), StateWord(before)));
  }
  const auto date = [](const v1::Meeting& meeting) {
    return DateOf(meeting).empty() ? ""
                                   : TargetDateInWords(DateOf(meeting), meeting.date().last_day());
  };
  Differ(list, "the date", date(before), date(after));
  const auto kind = [&](const v1::Meeting& meeting) {
    return meeting.kind().value().empty()
               ? ""
               : telling.names.Word(WordList::kKinds, meeting.kind().value());
  };
  Differ(list, "the kind", kind(before), kind(after));
  DifferInParties(list, telling);
  Differ(list, "the place", OneLine(before.place().value()), OneLine(after.place().value()));
  const std::string_view mode = ModeInWords(after.mode().value());
  const std::string_view old_mode = ModeInWords(before.mode().value());
  if (mode != old_mode && !mode.empty()) {
    list.push_back(fmt::format("it is {}{}{}", mode, old_mode.empty() ? "" : ", not ", old_mode));
  }
  const auto reason = [&](const v1::Meeting& meeting) {
    return meeting.reason().value().empty()
               ? ""
               : telling.names.Word(WordList::kReasons, meeting.reason().value());
  };
  Differ(list, "the reason", reason(before), reason(after));
  DifferInTopics(list, telling);
  return list;
}

}  // namespace entente::domain
