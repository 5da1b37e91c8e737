#include <fmt/format.h>

#include <algorithm>

#include "domain/dates/uncertain_date.h"
#include "domain/words/date_words.h"
#include "domain/words/describe.h"
#include "domain/words/plain_words.h"
#include "domain/words/sentence.h"
#include "domain/words/telling.h"

namespace entente::domain {
namespace {

const std::string& DateOf(const v1::Meeting& meeting) { return meeting.date().fact().value(); }

bool Held(const v1::Meeting& meeting) { return meeting.outcome().value() == v1::Meeting::held; }

// Neither held nor off: what a report on the plan can be about.
bool Open(const v1::Meeting& meeting) { return meeting.outcome().value() <= v1::Meeting::open; }

// The day by another party's calendar, which is no other date.
bool IsLocalDay(const v1::Meeting& meeting, const std::string& edtf) {
  const auto& rivals = meeting.date().fact().rivals();
  return std::any_of(rivals.begin(), rivals.end(), [&](const v1::Fact::Rival& rival) {
    return rival.why() == v1::Fact::Rival::local_day && rival.value() == edtf;
  });
}

// What the report gives as a plan is what holds, or may be the same.
bool Stands(const v1::MeetingDate& given, const v1::Meeting& after) {
  const auto said = UncertainDate::Parse(given.edtf());
  const auto holds = UncertainDate::Parse(DateOf(after));
  return !said || !holds || said->bounds().Overlaps(holds->bounds()) ||
         IsLocalDay(after, given.edtf());
}

// A date that this report made one of several.
bool NowDisputed(const Telling& telling) {
  return telling.after.date().fact().disputed() && !telling.before.date().fact().disputed();
}

bool Postponed(const v1::Meeting& meeting) {
  return meeting.date().state() == v1::DateFact::postponed;
}

std::string Target(const v1::Meeting& meeting) {
  return TargetDateInWords(DateOf(meeting), meeting.date().last_day());
}

// The day by another party's calendar: " (6 January 2022 in the United States)".
std::string LocalDays(const Telling& telling) {
  std::string words;
  for (const v1::Fact::Rival& rival : telling.after.date().fact().rivals()) {
    if (rival.why() != v1::Fact::Rival::local_day) continue;
    std::string where = "by local date";
    for (const std::uint32_t index : rival.said_by()) {
      if (index >= static_cast<std::uint32_t>(telling.after.reports_size())) continue;
      const v1::Facts& facts = telling.after.reports(static_cast<int>(index)).facts();
      const std::string& party = facts.has_meeting_held()
                                     ? facts.meeting_held().date().stated_by()
                                     : facts.meeting_scheduled().date().stated_by();
      if (!party.empty()) where = "in " + telling.names.Party(party);
    }
    words += fmt::format(" ({} {})", DateInWords(rival.value()), where);
  }
  return words;
}

// Who announced it, of the report's list: " by Japan and India".
std::string ByWhom(const Telling& telling) {
  const auto& announced_by = telling.report.facts().meeting_announced().announced_by();
  if (announced_by.empty()) return {};
  std::vector<std::string> names;
  for (const std::string& party : announced_by) names.push_back(telling.names.Party(party));
  return " by " + AndList(names);
}

std::string Announced(const Telling& telling) {
  const v1::Meeting& after = telling.after;
  if (!Open(after) || Postponed(after) || NowDisputed(telling) ||
      !Stands(telling.report.facts().meeting_announced().date(), after)) {
    return {};
  }
  const bool announced = after.standing() == v1::Meeting::announced;
  const bool reported_before = telling.before.standing() == v1::Meeting::reported;
  std::string words =
      fmt::format("{} {}{}", telling.Name(), reported_before && announced ? "now " : "",
                  announced ? "announced" : "reported to be planned");
  if (announced) words += ByWhom(telling);
  return DateOf(after).empty()
             ? fmt::format("{}{}, no date yet", words, PlaceAndMode(after))
             : fmt::format("{} for {}{}", words, Target(after), PlaceAndMode(after));
}

// " (was 24 April 2021)", where there was a date and it is another now.
std::string OldDate(const Telling& telling, std::string_view how) {
  std::string was = DateOf(telling.before);
  if (was.empty()) was = telling.report.facts().meeting_rescheduled().previous_date().edtf();
  if (was.empty() || was == DateOf(telling.after) || IsLocalDay(telling.after, was)) return {};
  return fmt::format(" ({} {})", how, DateInWords(was));
}

std::string_view PostponedFrom(const Telling& telling) {
  return ReadsAfterOf(DateOf(telling.before)) ? "postponed from" : "postponed; was planned";
}

std::string Scheduled(const Telling& telling) {
  if (DateOf(telling.after).empty() || !Open(telling.after) || Postponed(telling.after) ||
      NowDisputed(telling) ||
      !Stands(telling.report.facts().meeting_scheduled().date(), telling.after)) {
    return {};
  }
  const bool official_or_media = telling.report.class_() == v1::Source::official ||
                                 telling.report.class_() == v1::Source::media;
  const std::string_view was = Postponed(telling.before) ? PostponedFrom(telling) : "before:";
  return fmt::format("{} {}set for {}{}{}{}", telling.Name(),
                     official_or_media ? "" : "said to be ", Target(telling.after),
                     LocalDays(telling), PlaceAndMode(telling.after), OldDate(telling, was));
}

std::string Rescheduled(const Telling& telling) {
  if (DateOf(telling.after).empty() || !Open(telling.after) || Postponed(telling.after) ||
      NowDisputed(telling) ||
      !Stands(telling.report.facts().meeting_rescheduled().new_date(), telling.after)) {
    return {};
  }
  if (IsLocalDay(telling.after, DateOf(telling.before))) {
    return fmt::format("{} set for {}{}", telling.Name(), Target(telling.after),
                       LocalDays(telling));
  }
  if (Postponed(telling.before)) {
    return fmt::format("postponed {} now set for {}{}", telling.Name(), Target(telling.after),
                       OldDate(telling, "was"));
  }
  std::string was = DateOf(telling.before);
  if (was.empty()) was = telling.report.facts().meeting_rescheduled().previous_date().edtf();
  const bool from_to = !was.empty() && was != DateOf(telling.after) && ReadsAfterOf(was);
  return fmt::format("{} rescheduled {}to {}{}", telling.Name(),
                     from_to ? "from " + DateInWords(was) + " " : "", Target(telling.after),
                     from_to ? "" : OldDate(telling, "was"));
}

std::string PostponedClause(const Telling& telling) {
  if (!Postponed(telling.after)) return {};
  return fmt::format("{} {}{}", telling.Dated(), StateInWords(telling.after),
                     ReasonInBrackets(telling));
}

std::string OffClause(const Telling& telling, v1::Meeting::Outcome outcome,
                      std::string_view words) {
  if (telling.after.outcome().value() != outcome) return {};
  return fmt::format("{} {}{}", telling.Dated(), words, ReasonInBrackets(telling));
}

std::string Reinstated(const Telling& telling) {
  if (!Open(telling.after) || Postponed(telling.after)) return {};
  const std::string why = telling.report.facts().meeting_reinstated().reason();
  const std::string reason =
      why.empty() || why == "unknown"
          ? ""
          : fmt::format(" ({})", telling.names.Word(WordList::kReasons, why));
  return DateOf(telling.after).empty()
             ? fmt::format("{} on again, no date yet{}", telling.Name(), reason)
             : fmt::format("{} on again for {}{}{}", telling.Name(), Target(telling.after),
                           OldDate(telling, "was"), reason);
}

std::string Moved(const Telling& telling) {
  const v1::Meeting& before = telling.before;
  const v1::Meeting& after = telling.after;
  const bool held = Held(after);
  std::vector<std::string> parts;
  if (!after.place().value().empty() && after.place().value() != before.place().value()) {
    parts.push_back("in " + OneLine(after.place().value()));
    if (!before.place().value().empty()) {
      parts.back() += fmt::format(" (not {})", OneLine(before.place().value()));
    }
  }
  const std::string_view mode = ModeInWords(after.mode().value());
  const std::string_view old_mode = ModeInWords(before.mode().value());
  if (!mode.empty() && mode != old_mode) {
    parts.push_back(std::string(mode));
    if (!old_mode.empty()) parts.back() += fmt::format(" (not {})", old_mode);
  }
  if (parts.empty()) return {};
  std::string where;
  for (const std::string& part : parts) where += (where.empty() ? "" : " ") + part;
  return fmt::format("{} {} {}", telling.Dated(), held ? "was held" : "now to be held", where);
}

std::string HeldClause(const Telling& telling) {
  const v1::Meeting& after = telling.after;
  if (!Held(after)) return {};
  const bool possible = after.outcome().possible_only() && !after.outcome().disputed();
  std::string words = telling.Name() + (possible ? " said to have been held" : " held");
  if (!DateOf(after).empty()) {
    words += " " + OnDateInWords(DateOf(after), after.date().last_day());
  }
  words += LocalDays(telling) + PlaceAndMode(after);
  if (Held(telling.before)) {
    words += NowDisputed(telling) ? "" : OldDate(telling, "before:");
  } else {
    if (Postponed(telling.before)) {
      words += OldDate(telling, PostponedFrom(telling));
    } else if (const auto was = UncertainDate::Parse(DateOf(telling.before))) {
      const auto is = UncertainDate::Parse(DateOf(after));
      if (is && Compare(was->bounds(), is->bounds()) != DateOrder::kUnknown) {
        words += OldDate(telling, "had been planned for");
      }
    }
  }
  return possible ? words + "; not confirmed" : words;
}

std::string Instead(v1::MeetingNotHeld::Instead instead) {
  switch (instead) {
    case v1::MeetingNotHeld::postponed:
      return ": postponed";
    case v1::MeetingNotHeld::called_off:
      return ": called off, unclear whether for good";
    case v1::MeetingNotHeld::cancelled:
      return ": cancelled";
    case v1::MeetingNotHeld::unknown:
      return "; what became of it is not known";
    default:
      return "; whether it is put off or cancelled was not said";
  }
}

std::string NotHeld(const Telling& telling) {
  if (Held(telling.after)) return {};
  const v1::MeetingNotHeld& facts = telling.report.facts().meeting_not_held();
  const std::string& day = facts.date().edtf();
  // The day it was not held on, where the meeting has another by now.
  const bool own_day = !day.empty() && day != DateOf(telling.after);
  const std::string reason =
      facts.reason().empty() || facts.reason() == "unknown"
          ? ""
          : fmt::format(" ({})", telling.names.Word(WordList::kReasons, facts.reason()));
  return fmt::format("{} did not take place{}{}{}", own_day ? telling.Name() : telling.Dated(),
                     own_day ? " " + OnDateInWords(day) : "",
                     telling.report.facts().has_meeting_not_held() ? Instead(facts.instead()) : "",
                     reason);
}

}  // namespace

std::string LifecycleClause(v1::ChangeType::Value type, const Telling& telling) {
  switch (type) {
    case v1::ChangeType::announced:
      return Announced(telling);
    case v1::ChangeType::scheduled:
      return Scheduled(telling);
    case v1::ChangeType::rescheduled:
      return Rescheduled(telling);
    case v1::ChangeType::postponed:
      return PostponedClause(telling);
    case v1::ChangeType::called_off:
      return OffClause(telling, v1::Meeting::called_off, "called off, unclear whether for good");
    case v1::ChangeType::cancelled:
      return OffClause(telling, v1::Meeting::cancelled, "cancelled");
    case v1::ChangeType::reinstated:
      return Reinstated(telling);
    case v1::ChangeType::moved:
      return Moved(telling);
    case v1::ChangeType::held:
      return HeldClause(telling);
    case v1::ChangeType::not_held:
      return NotHeld(telling);
    default:
      return {};
  }
}

std::string AllegedInWords(const v1::Facts& facts, const Names& names) {
  const auto brackets = [&](const std::string& reason) {
    return reason.empty() || reason == "unknown"
               ? std::string()
               : fmt::format(" ({})", names.Word(WordList::kReasons, reason));
  };
  const auto target = [](const v1::MeetingDate& date) {
    return TargetDateInWords(date.edtf(), date.last_day());
  };
  const auto planned = [&](std::string_view words, const v1::MeetingDate& date) {
    return date.edtf().empty() ? std::string(words) : fmt::format("{} for {}", words, target(date));
  };
  switch (facts.payload_case()) {
    case v1::Facts::kMeetingAnnounced:
      return planned("to be planned", facts.meeting_announced().date());
    case v1::Facts::kMeetingScheduled:
      return planned("to be set", facts.meeting_scheduled().date());
    case v1::Facts::kMeetingRescheduled:
      return "to have been rescheduled to " + target(facts.meeting_rescheduled().new_date());
    case v1::Facts::kMeetingPostponed: {
      const std::string& until = facts.meeting_postponed().until();
      return "to have been postponed" +
             (until.empty() ? "" : " until " + TargetDateInWords(until)) +
             brackets(facts.meeting_postponed().reason());
    }
    case v1::Facts::kMeetingCalledOff:
      return "to have been called off" + brackets(facts.meeting_called_off().reason());
    case v1::Facts::kMeetingCancelled:
      return "to have been cancelled" + brackets(facts.meeting_cancelled().reason());
    case v1::Facts::kMeetingReinstated:
      return planned("to be on again", facts.meeting_reinstated().date());
    case v1::Facts::kMeetingMoved: {
      const auto& moved = facts.meeting_moved();
      const std::string_view mode = ModeInWords(moved.mode());
      std::string words = "to be held";
      if (!moved.place().empty()) words += " in " + OneLine(moved.place());
      if (!mode.empty()) words += " " + std::string(mode);
      return words;
    }
    case v1::Facts::kMeetingHeld: {
      const v1::MeetingDate& date = facts.meeting_held().date();
      return "to have been held " + OnDateInWords(date.edtf(), date.last_day());
    }
    case v1::Facts::kMeetingNotHeld:
      return "not to have been held" + brackets(facts.meeting_not_held().reason());
    case v1::Facts::kPartiesChanged: {
      std::vector<std::string> changes;
      for (const v1::Party& party : facts.parties_changed().added()) {
        changes.push_back("to include " + names.Party(party.name()));
      }
      for (const std::string& party : facts.parties_changed().removed()) {
        changes.push_back("to go on without " + names.Party(party));
      }
      return AndList(changes);
    }
    default:
      return {};
  }
}

}  // namespace entente::domain
