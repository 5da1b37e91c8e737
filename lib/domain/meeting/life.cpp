#include "domain/meeting/life.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "domain/meeting/settle.h"

namespace entente::domain {

namespace {

using Kind = DateWord::Kind;
using Facts = v1::Facts;

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

struct WhyOff {
  std::vector<Assertion> reasons;
  std::vector<Assertion> untils;
};

// "unknown" is no reason: whoever gives one is not contradicted by whoever does not know.
WhyOff WhyItIsOff(const std::vector<const Said*>& off_now, const Registries& registries) {
  WhyOff why;
  for (const Said* said : off_now) {
    const auto reason = registries.IdOf(WordList::kReasons, ReasonOf(*said->facts));
    if (!reason.empty() && reason != "unknown") why.reasons.push_back({said, reason});
    const auto& until = said->facts->meeting_postponed().until();
    if (!until.empty()) why.untils.push_back({said, until});
  }
  return why;
}

void FoldReason(const std::vector<const Said*>& off_now, const Telling& telling,
                v1::Meeting& meeting, Findings& findings) {
  const auto [reasons, untils] = WhyItIsOff(off_now, telling.registries);
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
std::vector<const Said*> WhoTookItOff(const Story& story, v1::Meeting::Outcome outcome,
                                      v1::DateFact::State state) {
  std::vector<const Said*> off;
  if (outcome == v1::Meeting::called_off || outcome == v1::Meeting::cancelled) {
    const std::string_view value = outcome == v1::Meeting::called_off ? kCalledOff : kCancelled;
    for (const Assertion& assertion : story.outcomes) {
      if (assertion.value == value) off.push_back(assertion.said);
    }
  } else if (state == v1::DateFact::postponed) {
    // Since it last had a date.
    for (auto word = story.plans.rbegin(); word != story.plans.rend(); ++word) {
      const bool dated = word->kind == Kind::kDate || word->kind == Kind::kNewDate;
      if (dated && Firm(*word->said)) break;
      if (word->kind == Kind::kPostponed) off.push_back(word->said);
    }
    std::ranges::reverse(off);
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

// What it may be, of one that is on or off: `disputed` are the values that are as good.
std::set<std::string> RivalsOfPlan(std::string_view value,
                                   const std::vector<std::string_view>& disputed,
                                   const SettledDate& plan) {
  const bool postponed = plan.fact.state() == v1::DateFact::postponed;
  const std::string_view on = postponed ? kPostponedWord : kOpen;
  std::set<std::string> rivals;
  bool may_be_on = OutcomeOf(value) == v1::Meeting::open;
  for (const std::string_view rival : disputed) {
    may_be_on |= rival == kOpen;
    rivals.emplace(rival == kOpen ? on : rival);
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

std::vector<const DateWord*> PlansAfterwards(const Story& story, const SettledDate& when) {
  std::vector<const DateWord*> afterwards;
  if (!when.finest || story.held.empty()) return afterwards;
  for (auto plan = story.plans.rbegin(); plan != story.plans.rend(); ++plan) {
    if (plan->said->rank <= when.finest->said->rank) break;
    if (plan->kind != Kind::kDate && plan->kind != Kind::kNewDate) continue;
    if (Firm(*plan->said) && PlannedAfterwards(*plan, when)) afterwards.push_back(&*plan);
  }
  std::ranges::reverse(afterwards);
  return afterwards;
}

void NotePlansAfterwards(const Story& story, const SettledDate& when, Findings& findings) {
  for (const DateWord* at : PlansAfterwards(story, when)) {
    const DateWord& plan = *at;
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
// were lost, before any day that it was once said to have been held on.
void AddLostPlans(const SettledDate& plan, const SettledDate& held, v1::DateFact& date) {
  const google::protobuf::RepeatedPtrField<std::string> of_held =
      std::move(*date.mutable_previous());
  date.clear_previous();
  const auto add = [&](const std::string& lost) {
    if (std::ranges::find(of_held, lost) == of_held.end()) date.add_previous(lost);
  };
  for (const auto& earlier : plan.fact.previous()) {
    if (!Nest(*UncertainDate::Parse(earlier), *held.finest->date)) add(earlier);
  }
  if (plan.finest && !Nest(*plan.finest->date, *held.finest->date) &&
      !PlannedAfterwards(*plan.finest, held)) {
    add(std::string(plan.finest->date->text()));
  }
  date.mutable_previous()->MergeFrom(of_held);
}

const Said* OfficialPlan(const Story& story) {
  return story.official_plans.empty() ? nullptr : story.official_plans.back();
}

// What may only possibly have been held does not undo a plan.
bool IsBeaten(const HeldVerdict& held, const Story& story) {
  return held.value == HeldVerdict::Value::kPossible && !story.outcomes.empty();
}

bool IsNewer(const HeldVerdict& held, const Story& story) {
  return held.words.back().said->rank > story.outcomes[*WinnerOf(story.outcomes)].said->rank;
}

void SetHeld(const HeldVerdict& held, v1::OutcomeFact& outcome) {
  outcome.set_value(v1::Meeting::held);
  outcome.set_disputed(held.disputed);
  outcome.set_unconfirmed(held.unconfirmed);
  outcome.set_possible_only(held.disputed || held.value == HeldVerdict::Value::kPossible);
  for (const std::string& rival : RivalsOfHeld(held)) outcome.add_rivals(rival);
}

// Reports of it as held that a denial beats and that are as good as what holds.
std::vector<const Said*> DeniedAsGood(const HeldVerdict& held, const Story& story) {
  std::vector<const Said*> as_good;
  const auto winner = WinnerOf(story.outcomes);
  if (!winner) return as_good;
  const Said& off = *story.outcomes[*winner].said;
  std::ranges::copy_if(held.denied, std::back_inserter(as_good), [&](const Said* denied) {
    return Peers(*denied, off) && Contradict(*denied, off);
  });
  return as_good;
}

// How many findings of different words such plans make.
std::uint32_t CountTold(const std::vector<const DateWord*>& plans) {
  std::set<std::tuple<std::string, std::string_view>> told;
  for (const DateWord* plan : plans) told.emplace(NameOf(*plan->said), plan->date->text());
  return static_cast<std::uint32_t>(told.size());
}

}  // namespace

bool AssertsMeeting(const v1::Facts& facts) { return StageOf(facts.payload_case()) != 0; }

bool Announces(const Said& said) {
  // Who denies that it took place does not announce it.
  const bool denies = said.facts->has_meeting_not_held();
  if (said.rank.authority == Authority::kOfficial && !denies) return true;
  return said.facts->meeting_announced().announced_by_size() > 0;
}

v1::Meeting::Standing StandingOf(const std::vector<const Said*>& speaking, bool retracted) {
  bool asserted = false;
  for (const Said* said : speaking) {
    if (!AssertsMeeting(*said->facts)) continue;
    asserted = true;
    if (Announces(*said)) return v1::Meeting::announced;
  }
  if (asserted) return v1::Meeting::reported;
  return retracted ? v1::Meeting::withdrawn : v1::Meeting::unspecified;
}

std::vector<const Said*> FoldLife(const Telling& telling, v1::Meeting& meeting,
                                  Findings& findings) {
  ParsedDates dates;
  Story story;
  for (const Said* said : telling.speaking) Tell(*said, telling.registries, dates, story);
  Conclude(telling.registries, dates, story);
  SettledDate plan = SettleDates(story.plans);
  HeldVerdict held = JudgeHeld(story.held, story.not_held, story.off, OfficialPlan(story));

  const bool beaten = IsBeaten(held, story);
  const bool unconfirmed = beaten && IsNewer(held, story);
  auto& outcome = *meeting.mutable_outcome();
  NoteAstray(plan, findings);
  NoteHeld(held, beaten, unconfirmed, findings);
  if (held.value != HeldVerdict::Value::kNot && !beaten) {
    SetHeld(held, outcome);
    for (auto word = held.words.rbegin(); word != held.words.rend(); ++word) {
      outcome.add_said_by(word->said->spoken_by);
    }
    SettledDate when = SettleDates(held.words);
    NotePlansAfterwards(story, when, findings);
    AddLostPlans(plan, when, when.fact);
    *meeting.mutable_date() = std::move(when.fact);
  } else {
    v1::Fact settled = Settle(story.outcomes);
    for (const Said* denied : DeniedAsGood(held, story)) {
      AddRival(settled, kHeld, v1::Fact::Rival::disputed, denied->spoken_by);
    }
    findings.AddFor("outcome", "the meeting", settled, telling.reports, OutcomeInWords);
    std::vector<std::string_view> disputed;
    for (const auto& rival : settled.rivals()) {
      if (rival.why() == v1::Fact::Rival::disputed) disputed.push_back(rival.value());
    }
    outcome.set_value(OutcomeOf(settled.value()));
    *outcome.mutable_said_by() = settled.said_by();
    outcome.set_disputed(settled.disputed());
    outcome.set_unconfirmed(settled.unconfirmed() || unconfirmed);
    for (const std::string& rival : RivalsOfPlan(settled.value(), disputed, plan)) {
      outcome.add_rivals(rival);
    }
    *meeting.mutable_date() = std::move(plan.fact);
    const auto off = WhoTookItOff(story, outcome.value(), meeting.date().state());
    if (meeting.date().state() == v1::DateFact::postponed && !off.empty()) {
      const Said& first = **std::ranges::min_element(off, {}, &Said::latest);
      meeting.mutable_date()->set_postponed_since(first.latest.day().Iso());
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

LifeOutline OutlineLife(const Story& story, const Registries& registries) {
  LifeOutline life;
  HeldVerdict held = JudgeHeld(story.held, story.not_held, story.off, OfficialPlan(story));
  const bool beaten = IsBeaten(held, story);
  const bool unconfirmed = beaten && IsNewer(held, story);
  FindingCount& about_outcome = life.findings[Facet::kOutcome];
  if (unconfirmed) ++about_outcome.unconfirmed;
  if (!beaten && !held.words.empty() && !held.against.empty()) {
    ++(held.disputed ? about_outcome.disputed : about_outcome.unconfirmed);
  }
  if (held.value != HeldVerdict::Value::kNot && !beaten) {
    SetHeld(held, life.outcome);
    SettledDate when = SettleDates(held.words, Extent::kOutline);
    life.findings[Facet::kDate].inconsistent = CountTold(PlansAfterwards(story, when));
    life.date = std::move(when.fact);
  } else {
    Decision settled = Decide(story.outcomes);
    if (!DeniedAsGood(held, story).empty()) settled.disputed.push_back(kHeld);
    about_outcome += FindingCount::Of(settled);
    life.outcome.set_value(OutcomeOf(settled.value));
    life.outcome.set_disputed(!settled.disputed.empty());
    SettledDate plan = SettleDates(story.plans, Extent::kOutline);
    for (const std::string& rival : RivalsOfPlan(settled.value, settled.disputed, plan)) {
      life.outcome.add_rivals(rival);
    }
    life.date = std::move(plan.fact);
    const auto why =
        WhyItIsOff(WhoTookItOff(story, life.outcome.value(), life.date.state()), registries);
    life.reason = Decide(why.reasons);
    life.until = Decide(why.untils);
    life.findings[Facet::kReason] = FindingCount::Of(life.reason);
    life.findings[Facet::kUntil] = FindingCount::Of(life.until);
  }
  if (life.date.state() == v1::DateFact::unspecified) life.date.set_state(v1::DateFact::undated);
  life.findings[Facet::kDate] += FindingCount::Of(life.date.fact());
  life.denied = std::move(held.denied);
  return life;
}

}  // namespace entente::domain
