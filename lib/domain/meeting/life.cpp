#include "domain/meeting/life.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "domain/meeting/dates.h"
#include "domain/meeting/held.h"
#include "domain/meeting/settle.h"

namespace entente::domain {

namespace {

using Kind = DateWord::Kind;
using Facts = v1::Facts;

constexpr std::string_view kOpen = "open";
constexpr std::string_view kCalledOff = "called_off";
constexpr std::string_view kCancelled = "cancelled";
constexpr std::string_view kHeld = "held";

std::optional<DateWord> Word(const Said& said, Kind kind, const v1::MeetingDate& given,
                             const Registries& registries) {
  if (given.edtf().empty()) return std::nullopt;
  auto date = UncertainDate::Parse(given.edtf());
  if (!date) return std::nullopt;
  DateWord word{&said, kind, std::move(*date), given.last_day(), {}};
  if (!given.stated_by().empty()) word.stated_by = registries.CodeOf(given.stated_by());
  return word;
}

// Everything said on the life of one meeting, taken apart once.
struct Story {
  std::vector<DateWord> plans;
  std::vector<DateWord> held;
  std::vector<Assertion> outcomes;  // open, called off, cancelled
  std::vector<Denial> not_held;
  std::vector<Denial> off;              // postponed, called off, cancelled
  const Said* official_plan = nullptr;  // the highest-ranked official report that it is on
};

void AddPlan(std::vector<DateWord>& plans, const Said& said, const v1::MeetingDate* old_date,
             Kind kind, const v1::MeetingDate* date, const Registries& registries) {
  if (old_date) {
    if (auto word = Word(said, Kind::kOldDate, *old_date, registries)) plans.push_back(*word);
  }
  if (date) {
    if (auto word = Word(said, kind, *date, registries)) plans.push_back(std::move(*word));
  } else {
    plans.push_back({&said, kind, std::nullopt, {}, {}});
  }
}

std::optional<UncertainDate> DayOf(const v1::MeetingDate& date) {
  if (date.edtf().empty()) return std::nullopt;
  auto parsed = UncertainDate::Parse(date.edtf());
  if (!parsed) return std::nullopt;
  return std::move(*parsed);
}

// That it is on. A postponement is not: it is to take place, but not then.
bool IsPlan(const Facts& facts) {
  return facts.has_meeting_announced() || facts.has_meeting_scheduled() ||
         facts.has_meeting_rescheduled() || facts.has_meeting_reinstated() ||
         facts.has_meeting_moved();
}

// What everything but NotHeld says. Reports come in ascending rank.
void Tell(const Said& said, const Registries& registries, Story& story) {
  const Facts& facts = *said.facts;
  const auto outcome = [&](std::string_view value) {
    story.outcomes.push_back({&said, std::string(value)});
  };
  switch (facts.payload_case()) {
    case Facts::kMeetingAnnounced:
      outcome(kOpen);
      AddPlan(story.plans, said, nullptr, Kind::kDate, &facts.meeting_announced().date(),
              registries);
      break;
    case Facts::kMeetingScheduled:
      outcome(kOpen);
      AddPlan(story.plans, said, nullptr, Kind::kDate, &facts.meeting_scheduled().date(),
              registries);
      break;
    case Facts::kMeetingRescheduled:
      outcome(kOpen);
      AddPlan(story.plans, said, &facts.meeting_rescheduled().previous_date(), Kind::kNewDate,
              &facts.meeting_rescheduled().new_date(), registries);
      break;
    case Facts::kMeetingPostponed:
      outcome(kOpen);
      AddPlan(story.plans, said, &facts.meeting_postponed().old_date(), Kind::kPostponed, nullptr,
              registries);
      story.off.push_back({&said, DayOf(facts.meeting_postponed().old_date())});
      break;
    case Facts::kMeetingCalledOff:
      outcome(kCalledOff);
      story.off.push_back({&said, std::nullopt});
      break;
    case Facts::kMeetingCancelled:
      outcome(kCancelled);
      story.off.push_back({&said, std::nullopt});
      break;
    case Facts::kMeetingReinstated: {
      outcome(kOpen);
      const auto& date = facts.meeting_reinstated().date();
      if (date.edtf().empty()) {
        AddPlan(story.plans, said, nullptr, Kind::kOnAgain, nullptr, registries);
      } else {
        AddPlan(story.plans, said, nullptr, Kind::kNewDate, &date, registries);
      }
      break;
    }
    case Facts::kMeetingMoved:
      outcome(kOpen);
      break;
    case Facts::kMeetingHeld:
      if (auto word = Word(said, Kind::kDate, facts.meeting_held().date(), registries)) {
        story.held.push_back(std::move(*word));
      }
      break;
    default:
      break;
  }
  if (IsPlan(facts) && said.rank.authority == Authority::kOfficial) story.official_plan = &said;
}

// That it did not take place on a day says something on the plan only if it was planned for then.
void TellNotHeld(const Said& said, const std::optional<UncertainDate>& planned,
                 const Registries& registries, Story& story) {
  const auto& not_held = said.facts->meeting_not_held();
  auto day = DayOf(not_held.date());
  const bool as_planned = !day || !planned || !Exclude(*day, *planned);
  if (as_planned) {
    std::string_view value = kCalledOff;
    if (not_held.instead() == v1::MeetingNotHeld::cancelled) value = kCancelled;
    if (not_held.instead() == v1::MeetingNotHeld::postponed) {
      value = kOpen;
      AddPlan(story.plans, said, &not_held.date(), Kind::kPostponed, nullptr, registries);
    }
    story.outcomes.push_back({&said, std::string(value)});
  }
  story.not_held.push_back({&said, std::move(day)});
}

template <class Words>
void SortByRank(Words& words) {
  std::ranges::stable_sort(words, {}, [](const auto& word) { return word.said->rank; });
}

// A disputed plan is for any of its days.
std::optional<UncertainDate> PlannedDay(const std::vector<DateWord>& plans) {
  auto date = UncertainDate::Parse(SettleDates(plans).fact.fact().value());
  if (!date) return std::nullopt;
  return std::move(*date);
}

// Who denies that it was held, or calls it off, without naming a day means the one planned until
// then: a later plan does not change what was meant.
void FindDaysMeant(const std::vector<DateWord>& plans, std::vector<Denial>& denials) {
  std::map<Day, std::optional<UncertainDate>> planned_on;
  for (Denial& denial : denials) {
    if (denial.day) continue;
    const Day day = denial.said->rank.day;
    auto known = planned_on.find(day);
    if (known == planned_on.end()) {
      std::vector<DateWord> until_then;
      std::ranges::copy_if(plans, std::back_inserter(until_then),
                           [&](const DateWord& word) { return word.said->rank.day <= day; });
      known = planned_on.emplace(day, PlannedDay(until_then)).first;
    }
    denial.day = known->second;
  }
}

Story TellAll(const Telling& telling) {
  Story story;
  std::vector<const Said*> denials;
  for (const Said* said : telling.speaking) {
    if (said->facts->has_meeting_not_held()) denials.push_back(said);
    Tell(*said, telling.registries, story);
  }
  if (!story.held.empty()) FindDaysMeant(story.plans, story.off);
  if (denials.empty()) return story;

  const auto plans = story.plans;
  const auto planned = PlannedDay(plans);
  for (const Said* said : denials) TellNotHeld(*said, planned, telling.registries, story);
  if (!story.held.empty()) FindDaysMeant(plans, story.not_held);
  SortByRank(story.plans);
  SortByRank(story.outcomes);
  return story;
}

std::string_view ReasonOf(const Facts& facts) {
  switch (facts.payload_case()) {
    case Facts::kMeetingPostponed:
      return facts.meeting_postponed().reason();
    case Facts::kMeetingCalledOff:
      return facts.meeting_called_off().reason();
    case Facts::kMeetingCancelled:
      return facts.meeting_cancelled().reason();
    case Facts::kMeetingNotHeld:
      return facts.meeting_not_held().reason();
    default:
      return {};
  }
}

// "unknown" is no reason: whoever gives one is not contradicted by whoever does not know.
void FoldReason(const std::vector<const Said*>& off_now, const Telling& telling,
                v1::Meeting& meeting, Findings& findings) {
  std::vector<Assertion> reasons;
  std::vector<Assertion> untils;
  for (const Said* said : off_now) {
    const auto reason = telling.registries.IdOf(WordList::kReasons, ReasonOf(*said->facts));
    if (!reason.empty() && reason != "unknown") reasons.push_back({said, std::string(reason)});
    const auto& until = said->facts->meeting_postponed().until();
    if (!until.empty()) untils.push_back({said, until});
  }
  if (!reasons.empty()) {
    *meeting.mutable_reason() = Settle(reasons);
    findings.AddFor("reason", "the reason", meeting.reason(), telling.reports,
                    [&](const std::string& reason) {
                      return telling.registries.NameOf(WordList::kReasons, reason);
                    });
  }
  if (!untils.empty()) {
    *meeting.mutable_until() = Settle(untils);
    findings.AddFor("until", "the time it is postponed to", meeting.until(), telling.reports);
  }
}

// The reports by which it is off today.
std::vector<const Said*> WhoTookItOff(const Story& story, const v1::Meeting& meeting) {
  std::vector<const Said*> off;
  const auto& outcome = meeting.outcome();
  if (outcome.value() == v1::Meeting::called_off || outcome.value() == v1::Meeting::cancelled) {
    const std::string_view value =
        outcome.value() == v1::Meeting::called_off ? kCalledOff : kCancelled;
    for (const Assertion& assertion : story.outcomes) {
      if (assertion.value == value) off.push_back(assertion.said);
    }
  } else if (meeting.date().state() == v1::DateFact::postponed) {
    // Since it last had a date.
    for (const DateWord& word : story.plans) {
      const bool dated = word.kind == Kind::kDate || word.kind == Kind::kNewDate;
      if (dated && Firm(*word.said)) off.clear();
      if (word.kind == Kind::kPostponed) off.push_back(word.said);
    }
  }
  return off;
}

v1::Meeting::Outcome OutcomeOf(std::string_view value) {
  if (value == kCalledOff) return v1::Meeting::called_off;
  if (value == kCancelled) return v1::Meeting::cancelled;
  return v1::Meeting::open;
}

std::string OutcomeInWords(const std::string& value) {
  if (value == kOpen) return "on";
  return value == kCalledOff ? "called off" : value;
}

// What a report against its having been held has it as.
std::string_view OtherwiseBy(const Facts& facts) {
  switch (facts.payload_case()) {
    case Facts::kMeetingPostponed:
      return kPostponedWord;
    case Facts::kMeetingCancelled:
      return kCancelled;
    case Facts::kMeetingNotHeld:
      if (facts.meeting_not_held().instead() == v1::MeetingNotHeld::postponed)
        return kPostponedWord;
      if (facts.meeting_not_held().instead() == v1::MeetingNotHeld::cancelled) return kCancelled;
      return kCalledOff;
    default:
      return kCalledOff;
  }
}

// What it may be instead of being held.
std::set<std::string> RivalsOfHeld(const HeldVerdict& held) {
  std::set<std::string> rivals;
  for (const Said* said : held.disputing) rivals.emplace(OtherwiseBy(*said->facts));
  return rivals;
}

// What it may be, of one that is on or off.
std::set<std::string> RivalsOfPlan(const v1::Fact& settled, const SettledDate& plan) {
  const bool postponed = plan.fact.state() == v1::DateFact::postponed;
  const std::string_view on = postponed ? kPostponedWord : kOpen;
  std::set<std::string> rivals;
  bool may_be_on = OutcomeOf(settled.value()) == v1::Meeting::open;
  for (const auto& rival : settled.rivals()) {
    if (rival.why() != v1::Fact::Rival::disputed) continue;
    may_be_on |= rival.value() == kOpen;
    rivals.emplace(rival.value() == kOpen ? on : std::string_view(rival.value()));
  }
  if (may_be_on && plan.postponement_disputed) {
    rivals.emplace(postponed ? kOpen : kPostponedWord);
  }
  return rivals;
}

std::vector<std::uint32_t> Voices(const std::vector<const Said*>& said) {
  std::vector<std::uint32_t> voices;
  voices.reserve(said.size());
  for (const Said* one : said) voices.push_back(one->spoken_by);
  return voices;
}

void NoteHeld(const HeldVerdict& held, bool beaten, bool unconfirmed, Findings& findings) {
  for (const Said* said : held.premature) {
    findings.Add(v1::Finding::inconsistent, "outcome",
                 fmt::format("{} reports it as held on {}, which is after the report itself.",
                             NameOf(*said), said->facts->meeting_held().date().edtf()),
                 {said->spoken_by});
  }
  std::vector<const Said*> sayers;
  for (auto word = held.words.rbegin(); word != held.words.rend(); ++word) {
    sayers.push_back(word->said);
  }
  if (unconfirmed) {
    findings.Add(
        v1::Finding::unconfirmed_change, "outcome",
        fmt::format("{} has the meeting as held, which is not confirmed and does not undo a plan.",
                    NamesOf(sayers)),
        Voices(sayers));
  }
  if (beaten) return;
  if (held.against.empty()) return;
  std::vector<std::uint32_t> cited = Voices(sayers);
  for (const std::uint32_t voice : Voices(held.against)) cited.push_back(voice);
  const auto kind = held.disputed ? v1::Finding::disputed : v1::Finding::unconfirmed_change;
  findings.Add(kind, "outcome",
               fmt::format("{} has the meeting as held; {} has it otherwise.", NamesOf(sayers),
                           NamesOf(held.against)),
               cited);
}

// A plan made after the fact, for a day after it.
bool PlannedAfterwards(const DateWord& plan, const SettledDate& held) {
  return plan.said->rank > held.finest->said->rank &&
         Compare(plan.date->bounds(), held.finest->date->bounds()) == DateOrder::kAfter;
}

void NotePlansAfterwards(const Story& story, const SettledDate& when, Findings& findings) {
  if (!when.finest || story.held.empty()) return;
  for (const DateWord& plan : story.plans) {
    if (plan.kind != Kind::kDate && plan.kind != Kind::kNewDate) continue;
    if (!Firm(*plan.said) || !PlannedAfterwards(plan, when)) continue;
    findings.Add(v1::Finding::inconsistent, "date",
                 fmt::format("{} plans it for {}, after {} had reported it as held on {}.",
                             NameOf(*plan.said), plan.date->text(), NameOf(*when.finest->said),
                             when.finest->date->text()),
                 {plan.said->spoken_by, when.finest->said->spoken_by});
  }
}

void NoteAstray(const SettledDate& plan, Findings& findings) {
  for (const DateWord* word : plan.astray) {
    findings.Add(v1::Finding::inconsistent, "date",
                 fmt::format("{} says that it had been set for {}, which no report before it does.",
                             NameOf(*word->said), word->date->text()),
                 {word->said->spoken_by});
  }
}

// A plan for the day on which it was held came true and one made afterwards is amiss; the others
// were lost.
void AddLostPlans(const SettledDate& plan, const SettledDate& held, v1::DateFact& date) {
  for (const auto& earlier : plan.fact.previous()) {
    if (!Nest(*UncertainDate::Parse(earlier), *held.finest->date)) date.add_previous(earlier);
  }
  if (plan.finest && !Nest(*plan.finest->date, *held.finest->date) &&
      !PlannedAfterwards(*plan.finest, held)) {
    date.add_previous(plan.finest->date->text());
  }
}

}  // namespace

bool AssertsMeeting(const v1::Facts& facts) { return StageOf(facts.payload_case()) != 0; }

v1::Meeting::Standing StandingOf(const std::vector<const Said*>& speaking, bool retracted) {
  bool asserted = false;
  for (const Said* said : speaking) {
    if (!AssertsMeeting(*said->facts)) continue;
    asserted = true;
    // Who denies that it took place does not announce it.
    const bool denies = said->facts->has_meeting_not_held();
    if (said->rank.authority == Authority::kOfficial && !denies) return v1::Meeting::announced;
    if (said->facts->meeting_announced().announced_by_size() > 0) return v1::Meeting::announced;
  }
  if (asserted) return v1::Meeting::reported;
  return retracted ? v1::Meeting::withdrawn : v1::Meeting::unspecified;
}

std::vector<const Said*> FoldLife(const Telling& telling, v1::Meeting& meeting,
                                  Findings& findings) {
  const Story story = TellAll(telling);
  SettledDate plan = SettleDates(story.plans);
  HeldVerdict held = JudgeHeld(story.held, story.not_held, story.off, story.official_plan);

  const bool beaten = held.value == HeldVerdict::Value::kPossible && !story.outcomes.empty();
  const bool unconfirmed =
      beaten && held.words.back().said->rank > story.outcomes[*WinnerOf(story.outcomes)].said->rank;
  auto& outcome = *meeting.mutable_outcome();
  NoteAstray(plan, findings);
  NoteHeld(held, beaten, unconfirmed, findings);
  if (held.value != HeldVerdict::Value::kNot && !beaten) {
    outcome.set_value(v1::Meeting::held);
    for (auto word = held.words.rbegin(); word != held.words.rend(); ++word) {
      outcome.add_said_by(word->said->spoken_by);
    }
    outcome.set_disputed(held.disputed);
    outcome.set_unconfirmed(held.unconfirmed);
    outcome.set_possible_only(held.disputed || held.value == HeldVerdict::Value::kPossible);
    for (const std::string& rival : RivalsOfHeld(held)) outcome.add_rivals(rival);
    SettledDate when = SettleDates(held.words);
    NotePlansAfterwards(story, when, findings);
    AddLostPlans(plan, when, when.fact);
    *meeting.mutable_date() = std::move(when.fact);
  } else {
    v1::Fact settled = Settle(story.outcomes);
    if (const auto winner = WinnerOf(story.outcomes)) {
      const Said& off = *story.outcomes[*winner].said;
      for (const Said* denied : held.denied) {
        if (!Peers(*denied, off) || !Contradict(*denied, off)) continue;
        AddRival(settled, std::string(kHeld), v1::Fact::Rival::disputed, denied->spoken_by);
      }
    }
    findings.AddFor("outcome", "the meeting", settled, telling.reports, OutcomeInWords);
    outcome.set_value(OutcomeOf(settled.value()));
    *outcome.mutable_said_by() = settled.said_by();
    outcome.set_disputed(settled.disputed());
    outcome.set_unconfirmed(settled.unconfirmed() || unconfirmed);
    for (const std::string& rival : RivalsOfPlan(settled, plan)) outcome.add_rivals(rival);
    *meeting.mutable_date() = std::move(plan.fact);
    const auto off = WhoTookItOff(story, meeting);
    if (meeting.date().state() == v1::DateFact::postponed && !off.empty()) {
      const Said& first = **std::ranges::min_element(off, {}, &Said::latest);
      meeting.mutable_date()->set_postponed_since(first.latest.Iso());
    }
    FoldReason(off, telling, meeting, findings);
  }
  if (meeting.date().state() == v1::DateFact::unspecified) {
    meeting.mutable_date()->set_state(v1::DateFact::undated);
  }
  v1::Fact date = meeting.date().fact();
  if (meeting.date().state() == v1::DateFact::postponed)
    date.set_value(std::string(kPostponedWord));
  findings.AddFor("date", "the date", date, telling.reports);
  return std::move(held.denied);
}

}  // namespace entente::domain
