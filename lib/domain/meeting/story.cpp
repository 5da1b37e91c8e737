#include "domain/meeting/story.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <utility>

namespace entente::domain {

namespace {

using Kind = DateWord::Kind;
using Facts = v1::Facts;

std::optional<DateWord> WordOn(const Said& said, Kind kind, const v1::MeetingDate& given,
                               const Registries& registries, ParsedDates& dates) {
  if (given.edtf().empty()) return std::nullopt;
  const UncertainDate* const date = dates.Parse(given.edtf());
  if (!date) return std::nullopt;
  DateWord word{&said, kind, date, given.last_day(), {}};
  if (!given.stated_by().empty()) word.stated_by = registries.CodeOf(given.stated_by());
  return word;
}

// One report that is being told.
struct Teller {
  const Said& said;
  const Registries& registries;
  ParsedDates& dates;
  Story& story;

  void Outcome(std::string_view value) { InsertByRank(story.outcomes, {&said, value}); }
  void Plan(const v1::MeetingDate* old_date, Kind kind, const v1::MeetingDate* date) {
    if (old_date) {
      if (auto word = WordOn(said, Kind::kOldDate, *old_date, registries, dates)) {
        InsertByRank(story.plans, *word);
      }
    }
    if (!date) {
      InsertByRank(story.plans, {&said, kind, nullptr, {}, {}});
    } else if (auto word = WordOn(said, kind, *date, registries, dates)) {
      InsertByRank(story.plans, *word);
    }
  }
  void Off(const UncertainDate* day) { InsertByRank(story.off, {&said, day}); }
  const UncertainDate* DayOf(const v1::MeetingDate& date) {
    return date.edtf().empty() ? nullptr : dates.Parse(date.edtf());
  }
};

// That it is on. A postponement is not: it is to take place, but not then.
bool IsPlan(const Facts& facts) {
  return facts.has_meeting_announced() || facts.has_meeting_scheduled() ||
         facts.has_meeting_rescheduled() || facts.has_meeting_reinstated() ||
         facts.has_meeting_moved();
}

void TellNotHeld(Teller& teller, const UncertainDate* planned) {
  const auto& not_held = teller.said.facts->meeting_not_held();
  const UncertainDate* const day = teller.DayOf(not_held.date());
  const bool as_planned = !day || !planned || !Exclude(*day, *planned);
  if (as_planned) {
    std::string_view value = kCalledOff;
    if (not_held.instead() == v1::MeetingNotHeld::cancelled) value = kCancelled;
    if (not_held.instead() == v1::MeetingNotHeld::postponed) {
      value = kOpen;
      teller.Plan(&not_held.date(), Kind::kPostponed, nullptr);
    }
    teller.Outcome(value);
  }
  teller.story.not_held.push_back({&teller.said, day});
}

// A disputed plan is for any of its days.
const UncertainDate* PlannedDay(const std::vector<DateWord>& plans, ParsedDates& dates) {
  return dates.Parse(SettleDates(plans, Extent::kOutline).fact.fact().value());
}

// Who denies that it was held, or calls it off, without naming a day means the one planned until
// then: a later plan does not change what was meant.
void FindDaysMeant(const std::vector<DateWord>& plans, ParsedDates& dates,
                   std::vector<Denial>& denials) {
  std::map<ReportedDay, const UncertainDate*> planned_on;
  for (Denial& denial : denials) {
    if (denial.day) continue;
    const ReportedDay day = denial.said->rank.day;
    auto known = planned_on.find(day);
    if (known == planned_on.end()) {
      std::vector<DateWord> until_then;
      std::ranges::copy_if(plans, std::back_inserter(until_then),
                           [&](const DateWord& word) { return word.said->rank.day <= day; });
      known = planned_on.emplace(day, PlannedDay(until_then, dates)).first;
    }
    denial.day = known->second;
  }
}

}  // namespace

bool TellsOfLife(const Facts& facts) {
  switch (facts.payload_case()) {
    case Facts::kMeetingAnnounced:
    case Facts::kMeetingScheduled:
    case Facts::kMeetingRescheduled:
    case Facts::kMeetingPostponed:
    case Facts::kMeetingCalledOff:
    case Facts::kMeetingCancelled:
    case Facts::kMeetingReinstated:
    case Facts::kMeetingMoved:
    case Facts::kMeetingHeld:
    case Facts::kMeetingNotHeld:
      return true;
    default:
      return false;
  }
}

void Tell(const Said& said, const Registries& registries, ParsedDates& dates, Story& story) {
  const Facts& facts = *said.facts;
  Teller teller{said, registries, dates, story};
  switch (facts.payload_case()) {
    case Facts::kMeetingAnnounced:
      teller.Outcome(kOpen);
      teller.Plan(nullptr, Kind::kDate, &facts.meeting_announced().date());
      break;
    case Facts::kMeetingScheduled:
      teller.Outcome(kOpen);
      teller.Plan(nullptr, Kind::kDate, &facts.meeting_scheduled().date());
      break;
    case Facts::kMeetingRescheduled:
      teller.Outcome(kOpen);
      teller.Plan(&facts.meeting_rescheduled().previous_date(), Kind::kNewDate,
                  &facts.meeting_rescheduled().new_date());
      break;
    case Facts::kMeetingPostponed:
      teller.Outcome(kOpen);
      teller.Plan(&facts.meeting_postponed().old_date(), Kind::kPostponed, nullptr);
      teller.Off(teller.DayOf(facts.meeting_postponed().old_date()));
      break;
    case Facts::kMeetingCalledOff:
      teller.Outcome(kCalledOff);
      teller.Off(nullptr);
      break;
    case Facts::kMeetingCancelled:
      teller.Outcome(kCancelled);
      teller.Off(nullptr);
      break;
    case Facts::kMeetingReinstated: {
      teller.Outcome(kOpen);
      const auto& date = facts.meeting_reinstated().date();
      if (date.edtf().empty()) {
        teller.Plan(nullptr, Kind::kOnAgain, nullptr);
      } else {
        teller.Plan(nullptr, Kind::kNewDate, &date);
      }
      break;
    }
    case Facts::kMeetingMoved:
      teller.Outcome(kOpen);
      break;
    case Facts::kMeetingHeld:
      if (auto word = WordOn(said, Kind::kDate, facts.meeting_held().date(), registries, dates)) {
        InsertByRank(story.held, *word);
      }
      break;
    case Facts::kMeetingNotHeld:
      InsertByRank(story.denying, &said);
      break;
    default:
      break;
  }
  if (IsPlan(facts) && said.rank.authority == Authority::kOfficial) {
    InsertByRank(story.official_plans, &said);
  }
}

void Untell(const Said& said, Story& story) {
  const auto is_its = [&](const auto& word) { return word.said == &said; };
  std::erase_if(story.plans, is_its);
  std::erase_if(story.held, is_its);
  std::erase_if(story.outcomes, is_its);
  std::erase_if(story.off, is_its);
  std::erase(story.official_plans, &said);
  std::erase(story.denying, &said);
}

bool TurnsOnPlans(const Story& story) {
  if (!story.denying.empty()) return true;
  return !story.held.empty() &&
         std::ranges::any_of(story.off, [](const Denial& denial) { return !denial.day; });
}

void Conclude(const Registries& registries, ParsedDates& dates, Story& story) {
  if (!story.held.empty()) FindDaysMeant(story.plans, dates, story.off);
  if (story.denying.empty()) return;
  const std::vector<DateWord> plans = story.plans;
  const UncertainDate* const planned = PlannedDay(plans, dates);
  for (const Said* said : story.denying) {
    Teller teller{*said, registries, dates, story};
    TellNotHeld(teller, planned);
  }
  if (!story.held.empty()) FindDaysMeant(plans, dates, story.not_held);
}

}  // namespace entente::domain
