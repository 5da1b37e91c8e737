// One sentence for each kind of change of a meeting: with a known, an uncertain and an unknown
// date, and of two and of many parties. The golden sentences are what a reader gets; change one
// only for a better one.
#include <gtest/gtest.h>

#include <functional>
#include <set>

#include "domain/words/describe.h"
#include "tests/words/story.h"

namespace entente::domain {
namespace {

using Type = v1::ChangeType;

std::string Tell(const v1::Change& change, const State& before, const State& after,
                 const v1::Report& report) {
  return ChangeInWords(change, before.meeting(), after.meeting(), report, PartyRegistry::BuiltIn(),
                       Vocabulary::BuiltIn());
}

constexpr std::string_view kSource = " Source: The Example Daily, 5 May 2021, p. 14";

struct Told {
  State before;
  State after;
  v1::Report report;
  v1::Change change;
};

// What happens, made from the meeting as it was planned, and the six sentences.
struct Case {
  const char* name;
  std::function<Told(const State&)> happens;
  std::vector<const char*> expected;
  std::string_view source = kSource;
};

const Case kCases[] = {
    {"announced",
     [](const State& plan) {
       return Told{State(), plan, Says("meeting_announced {}"), Because({Type::announced})};
     },
     {"Japan-India two-plus-two announced for 24 April 2021.",
      "Japan-India two-plus-two announced for a day between 5 May and the end of 2021.",
      "Japan-India two-plus-two announced, no date yet.",
      "Two-plus-two of Japan, India and three others announced for 24 April 2021.",
      "Two-plus-two of Japan, India and three others announced for a day between 5 May and the end "
      "of 2021.",
      "Two-plus-two of Japan, India and three others announced, no date yet."}},
    {"announced by media only",
     [](const State& plan) {
       return Told{State(), plan.Reported(), Says("meeting_announced {}"),
                   Because({Type::announced})};
     },
     {"Japan-India two-plus-two reported to be planned for 24 April 2021.",
      "Japan-India two-plus-two reported to be planned for a day between 5 May and the end of "
      "2021.",
      "Japan-India two-plus-two reported to be planned, no date yet.",
      "Two-plus-two of Japan, India and three others reported to be planned for 24 April 2021.",
      "Two-plus-two of Japan, India and three others reported to be planned for a day between 5 "
      "May and the end of 2021.",
      "Two-plus-two of Japan, India and three others reported to be planned, no date yet."}},
    {"scheduled",
     [](const State& plan) {
       return Told{plan, plan.On("2021-06-20").In("Tokyo"), Says("meeting_scheduled {}"),
                   Because({Type::scheduled})};
     },
     {"Japan-India two-plus-two set for 20 June 2021 in Tokyo (before: 24 April 2021).",
      "Japan-India two-plus-two set for 20 June 2021 in Tokyo (before: between 5 May and the end "
      "of 2021).",
      "Japan-India two-plus-two set for 20 June 2021 in Tokyo.",
      "Two-plus-two of Japan, India and three others set for 20 June 2021 in Tokyo (before: 24 "
      "April 2021).",
      "Two-plus-two of Japan, India and three others set for 20 June 2021 in Tokyo (before: "
      "between 5 May and the end of 2021).",
      "Two-plus-two of Japan, India and three others set for 20 June 2021 in Tokyo."}},
    {"rescheduled",
     [](const State& plan) {
       return Told{plan, plan.On("2021-06-20"), Says("meeting_rescheduled {}"),
                   Because({Type::rescheduled})};
     },
     {"Japan-India two-plus-two rescheduled from 24 April 2021 to 20 June 2021.",
      "Japan-India two-plus-two rescheduled to 20 June 2021 (was between 5 May and the end of "
      "2021).",
      "Japan-India two-plus-two rescheduled to 20 June 2021.",
      "Two-plus-two of Japan, India and three others rescheduled from 24 April 2021 to 20 June "
      "2021.",
      "Two-plus-two of Japan, India and three others rescheduled to 20 June 2021 (was between 5 "
      "May and the end of 2021).",
      "Two-plus-two of Japan, India and three others rescheduled to 20 June 2021."}},
    {"postponed",
     [](const State& plan) {
       return Told{plan, plan.Postponed("epidemic"), Says("meeting_postponed {}"),
                   Because({Type::postponed})};
     },
     {"Japan-India two-plus-two of 24 April 2021 postponed, no new date (epidemic).",
      "Japan-India two-plus-two (between 5 May and the end of 2021) postponed, no new date "
      "(epidemic).",
      "Japan-India two-plus-two postponed, no new date (epidemic).",
      "Two-plus-two of Japan, India and three others (24 April 2021) postponed, no new date "
      "(epidemic).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) "
      "postponed, no new date (epidemic).",
      "Two-plus-two of Japan, India and three others postponed, no new date (epidemic)."}},
    {"postponed until",
     [](const State& plan) {
       return Told{plan, plan.Postponed("", "2021-22"), Says("meeting_postponed {}"),
                   Because({Type::postponed})};
     },
     {"Japan-India two-plus-two of 24 April 2021 postponed until summer 2021 (no reason given).",
      "Japan-India two-plus-two (between 5 May and the end of 2021) postponed until summer 2021 "
      "(no reason given).",
      "Japan-India two-plus-two postponed until summer 2021 (no reason given).",
      "Two-plus-two of Japan, India and three others (24 April 2021) postponed until summer 2021 "
      "(no reason given).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) postponed "
      "until summer 2021 (no reason given).",
      "Two-plus-two of Japan, India and three others postponed until summer 2021 (no reason "
      "given)."}},
    {"called off",
     [](const State& plan) {
       return Told{plan, plan.Outcome(v1::Meeting::called_off).Because("dispute"),
                   Says("meeting_called_off {}"), Because({Type::called_off})};
     },
     {"Japan-India two-plus-two of 24 April 2021 called off, unclear whether for good (dispute "
      "between the parties).",
      "Japan-India two-plus-two (between 5 May and the end of 2021) called off, unclear whether "
      "for good (dispute between the parties).",
      "Japan-India two-plus-two called off, unclear whether for good (dispute between the "
      "parties).",
      "Two-plus-two of Japan, India and three others (24 April 2021) called off, unclear whether "
      "for good (dispute between the parties).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) called "
      "off, unclear whether for good (dispute between the parties).",
      "Two-plus-two of Japan, India and three others called off, unclear whether for good (dispute "
      "between the parties)."}},
    {"cancelled",
     [](const State& plan) {
       return Told{plan, plan.Outcome(v1::Meeting::cancelled).Because("election"),
                   Says("meeting_cancelled {}"), Because({Type::cancelled})};
     },
     {"Japan-India two-plus-two of 24 April 2021 cancelled (election).",
      "Japan-India two-plus-two (between 5 May and the end of 2021) cancelled (election).",
      "Japan-India two-plus-two cancelled (election).",
      "Two-plus-two of Japan, India and three others (24 April 2021) cancelled (election).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) cancelled "
      "(election).",
      "Two-plus-two of Japan, India and three others cancelled (election)."}},
    {"reinstated",
     [](const State& plan) {
       return Told{plan.Outcome(v1::Meeting::called_off), plan, Says("meeting_reinstated {}"),
                   Because({Type::reinstated})};
     },
     {"Japan-India two-plus-two on again for 24 April 2021.",
      "Japan-India two-plus-two on again for a day between 5 May and the end of 2021.",
      "Japan-India two-plus-two on again, no date yet.",
      "Two-plus-two of Japan, India and three others on again for 24 April 2021.",
      "Two-plus-two of Japan, India and three others on again for a day between 5 May and the end "
      "of 2021.",
      "Two-plus-two of Japan, India and three others on again, no date yet."}},
    {"moved",
     [](const State& plan) {
       return Told{plan.In("Tokyo").By("in_person"), plan.In("New Delhi").By("video"),
                   Says("meeting_moved {}"), Because({Type::moved})};
     },
     {"Japan-India two-plus-two of 24 April 2021 now to be held in New Delhi (not Tokyo) by video "
      "(not in person).",
      "Japan-India two-plus-two (between 5 May and the end of 2021) now to be held in New Delhi "
      "(not Tokyo) by video (not in person).",
      "Japan-India two-plus-two now to be held in New Delhi (not Tokyo) by video (not in person).",
      "Two-plus-two of Japan, India and three others (24 April 2021) now to be held in New Delhi "
      "(not Tokyo) by video (not in person).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) now to be "
      "held in New Delhi (not Tokyo) by video (not in person).",
      "Two-plus-two of Japan, India and three others now to be held in New Delhi (not Tokyo) by "
      "video (not in person)."}},
    {"held",
     [](const State& plan) {
       return Told{plan, plan.Held().By("video"), Says("meeting_held {}"), Because({Type::held})};
     },
     {"Japan-India two-plus-two held on 24 April 2021 by video.",
      "Japan-India two-plus-two held between 5 May and the end of 2021 by video.",
      "Japan-India two-plus-two held by video.",
      "Two-plus-two of Japan, India and three others held on 24 April 2021 by video.",
      "Two-plus-two of Japan, India and three others held between 5 May and the end of 2021 by "
      "video.",
      "Two-plus-two of Japan, India and three others held by video."}},
    {"held after all",
     [](const State& plan) {
       return Told{plan.Postponed("epidemic"), plan.On("2022-09-08").Held().In("Tokyo"),
                   Says("meeting_held {}"), Because({Type::held, Type::moved})};
     },
     {"Japan-India two-plus-two held on 8 September 2022 in Tokyo (postponed from 24 April 2021).",
      "Japan-India two-plus-two held on 8 September 2022 in Tokyo (postponed; was planned between "
      "5 May and the end of 2021).",
      "Japan-India two-plus-two held on 8 September 2022 in Tokyo.",
      "Two-plus-two of Japan, India and three others held on 8 September 2022 in Tokyo (postponed "
      "from 24 April 2021).",
      "Two-plus-two of Japan, India and three others held on 8 September 2022 in Tokyo (postponed; "
      "was planned between 5 May and the end of 2021).",
      "Two-plus-two of Japan, India and three others held on 8 September 2022 in Tokyo."}},
    {"not held",
     [](const State& plan) {
       return Told{plan, plan, Says("meeting_not_held { instead: cancelled reason: 'weather' }"),
                   Because({Type::not_held})};
     },
     {"Japan-India two-plus-two of 24 April 2021 did not take place: cancelled (weather).",
      "Japan-India two-plus-two (between 5 May and the end of 2021) did not take place: cancelled "
      "(weather).",
      "Japan-India two-plus-two did not take place: cancelled (weather).",
      "Two-plus-two of Japan, India and three others (24 April 2021) did not take place: cancelled "
      "(weather).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) did not "
      "take place: cancelled (weather).",
      "Two-plus-two of Japan, India and three others did not take place: cancelled (weather)."}},
    {"a party joins",
     [](const State& plan) {
       return Told{plan, plan.With("US"), Says("parties_changed {}"),
                   Because({Type::parties_changed})};
     },
     {"The United States joins Japan-India two-plus-two of 24 April 2021.",
      "The United States joins Japan-India two-plus-two (between 5 May and the end of 2021).",
      "The United States joins Japan-India two-plus-two.",
      "The United States joins two-plus-two of Japan, India and three others (24 April 2021).",
      "The United States joins two-plus-two of Japan, India and three others (between 5 May and "
      "the end of 2021).",
      "The United States joins two-plus-two of Japan, India and three others."}},
    {"one party for another",
     [](const State& plan) {
       return Told{plan, plan.With("GB NL").Without("IN"), Says("parties_changed {}"),
                   Because({Type::parties_changed})};
     },
     {"The United Kingdom and the Netherlands join Japan-India two-plus-two of 24 April 2021 and "
      "India leaves.",
      "The United Kingdom and the Netherlands join Japan-India two-plus-two (between 5 May and the "
      "end of 2021) and India leaves.",
      "The United Kingdom and the Netherlands join Japan-India two-plus-two and India leaves.",
      "The United Kingdom and the Netherlands join two-plus-two of Japan, India and three others "
      "(24 April 2021) and India leaves.",
      "The United Kingdom and the Netherlands join two-plus-two of Japan, India and three others "
      "(between 5 May and the end of 2021) and India leaves.",
      "The United Kingdom and the Netherlands join two-plus-two of Japan, India and three others "
      "and India leaves."}},
    {"attendees named",
     [](const State& plan) {
       return Told{
           plan, plan,
           Says("attendees_named { attendees { party: 'JP' post: 'foreign-minister' person: "
                "'Toshimitsu Motegi' } attendees { party: 'JP' post: 'defence-minister' } "
                "attendees { party: 'IN' post: 'foreign-minister' } }"),
           Because({Type::attendees_named})};
     },
     {"At Japan-India two-plus-two of 24 April 2021, for Japan: Toshimitsu Motegi (foreign "
      "minister) and the defence minister; for India: the foreign minister.",
      "At Japan-India two-plus-two (between 5 May and the end of 2021), for Japan: Toshimitsu "
      "Motegi (foreign minister) and the defence minister; for India: the foreign minister.",
      "At Japan-India two-plus-two, for Japan: Toshimitsu Motegi (foreign minister) and the "
      "defence minister; for India: the foreign minister.",
      "At two-plus-two of Japan, India and three others (24 April 2021), for Japan: Toshimitsu "
      "Motegi (foreign minister) and the defence minister; for India: the foreign minister.",
      "At two-plus-two of Japan, India and three others (between 5 May and the end of 2021), for "
      "Japan: Toshimitsu Motegi (foreign minister) and the defence minister; for India: the "
      "foreign minister.",
      "At two-plus-two of Japan, India and three others, for Japan: Toshimitsu Motegi (foreign "
      "minister) and the defence minister; for India: the foreign minister."}},
    {"topic tagged",
     [](const State& plan) {
       return Told{plan, plan,
                   Says("topics_tagged { topic: 'maritime-security' relation: 'discussed' }"),
                   Because({Type::topics_tagged})};
     },
     {"Maritime security discussed at Japan-India two-plus-two of 24 April 2021.",
      "Maritime security discussed at Japan-India two-plus-two (between 5 May and the end of "
      "2021).",
      "Maritime security discussed at Japan-India two-plus-two.",
      "Maritime security discussed at two-plus-two of Japan, India and three others (24 April "
      "2021).",
      "Maritime security discussed at two-plus-two of Japan, India and three others (between 5 May "
      "and the end of 2021).",
      "Maritime security discussed at two-plus-two of Japan, India and three others."}},
    {"result recorded",
     [](const State& plan) {
       return Told{plan, plan,
                   Says("outcome_recorded { kind: 'planned_exercise' summary: 'joint drills with a "
                        "German frigate' date { edtf: '2021-22' } next_meeting { edtf: '2022' } }"),
                   Because({Type::outcome_recorded, Type::topics_tagged})};
     },
     {"Result of Japan-India two-plus-two of 24 April 2021: planned exercise (summer 2021), joint "
      "drills with a German frigate; to meet again in 2022.",
      "Result of Japan-India two-plus-two (between 5 May and the end of 2021): planned exercise "
      "(summer 2021), joint drills with a German frigate; to meet again in 2022.",
      "Result of Japan-India two-plus-two: planned exercise (summer 2021), joint drills with a "
      "German frigate; to meet again in 2022.",
      "Result of two-plus-two of Japan, India and three others (24 April 2021): planned exercise "
      "(summer 2021), joint drills with a German frigate; to meet again in 2022.",
      "Result of two-plus-two of Japan, India and three others (between 5 May and the end of "
      "2021): planned exercise (summer 2021), joint drills with a German frigate; to meet again in "
      "2022.",
      "Result of two-plus-two of Japan, India and three others: planned exercise (summer 2021), "
      "joint drills with a German frigate; to meet again in 2022."}},
    {"statement made",
     [](const State& plan) {
       return Told{
           plan, plan,
           Says("statement_made { who: 'Toshimitsu Motegi' post: 'foreign-minister' said_on: "
                "'2021-04-23' summary: 'hopes for candid talks at an early date' }"),
           Because({Type::statement_made})};
     },
     {"On Japan-India two-plus-two of 24 April 2021, Toshimitsu Motegi (foreign minister) said on "
      "23 April 2021: hopes for candid talks at an early date.",
      "On Japan-India two-plus-two (between 5 May and the end of 2021), Toshimitsu Motegi (foreign "
      "minister) said on 23 April 2021: hopes for candid talks at an early date.",
      "On Japan-India two-plus-two, Toshimitsu Motegi (foreign minister) said on 23 April 2021: "
      "hopes for candid talks at an early date.",
      "On two-plus-two of Japan, India and three others (24 April 2021), Toshimitsu Motegi "
      "(foreign minister) said on 23 April 2021: hopes for candid talks at an early date.",
      "On two-plus-two of Japan, India and three others (between 5 May and the end of 2021), "
      "Toshimitsu Motegi (foreign minister) said on 23 April 2021: hopes for candid talks at an "
      "early date.",
      "On two-plus-two of Japan, India and three others, Toshimitsu Motegi (foreign minister) said "
      "on 23 April 2021: hopes for candid talks at an early date."}},
    {"claim recorded",
     [](const State& plan) {
       return Told{plan, plan,
                   Says("claim_recorded { claim: nth_meeting value: 8 scope { party: 'JP' } }"),
                   Because({Type::claim_recorded})};
     },
     {"Japan-India two-plus-two of 24 April 2021 said to be Japan's eighth.",
      "Japan-India two-plus-two (between 5 May and the end of 2021) said to be Japan's eighth.",
      "Japan-India two-plus-two said to be Japan's eighth.",
      "Two-plus-two of Japan, India and three others (24 April 2021) said to be Japan's eighth.",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) said to "
      "be Japan's eighth.",
      "Two-plus-two of Japan, India and three others said to be Japan's eighth."}},
    {"confirmed",
     [](const State& plan) {
       return Told{plan, plan, Says("meeting_announced {}"), Because({Type::confirmed})};
     },
     {"Another report on Japan-India two-plus-two, nothing new: set for 24 April 2021.",
      "Another report on Japan-India two-plus-two, nothing new: planned for a day between 5 May "
      "and the end of 2021.",
      "Another report on Japan-India two-plus-two, nothing new: announced, no date yet.",
      "Another report on two-plus-two of Japan, India and three others, nothing new: set for 24 "
      "April 2021.",
      "Another report on two-plus-two of Japan, India and three others, nothing new: planned for a "
      "day between 5 May and the end of 2021.",
      "Another report on two-plus-two of Japan, India and three others, nothing new: announced, no "
      "date yet."}},
    {"corrected",
     [](const State& plan) {
       return Told{plan.In("Osaka"), plan.In("Tokyo"), Says("report_corrected { basis: source }"),
                   Because({Type::corrected})};
     },
     {"Correction by The Example Daily on Japan-India two-plus-two of 24 April 2021: the place is "
      "Tokyo, not Osaka.",
      "Correction by The Example Daily on Japan-India two-plus-two (between 5 May and the end of "
      "2021): the place is Tokyo, not Osaka.",
      "Correction by The Example Daily on Japan-India two-plus-two: the place is Tokyo, not Osaka.",
      "Correction by The Example Daily on two-plus-two of Japan, India and three others (24 April "
      "2021): the place is Tokyo, not Osaka.",
      "Correction by The Example Daily on two-plus-two of Japan, India and three others (between 5 "
      "May and the end of 2021): the place is Tokyo, not Osaka.",
      "Correction by The Example Daily on two-plus-two of Japan, India and three others: the place "
      "is Tokyo, not Osaka."}},
    {"retracted",
     [](const State& plan) {
       return Told{plan, plan.Withdrawn(),
                   Says("report_retracted { basis: source why: 'it was another trip' }"),
                   Because({Type::retracted})};
     },
     {"The Example Daily withdraws a report on Japan-India two-plus-two of 24 April 2021 (it was "
      "another trip); no other report speaks of the meeting.",
      "The Example Daily withdraws a report on Japan-India two-plus-two (between 5 May and the end "
      "of 2021; it was another trip); no other report speaks of the meeting.",
      "The Example Daily withdraws a report on Japan-India two-plus-two (it was another trip); no "
      "other report speaks of the meeting.",
      "The Example Daily withdraws a report on two-plus-two of Japan, India and three others (24 "
      "April 2021; it was another trip); no other report speaks of the meeting.",
      "The Example Daily withdraws a report on two-plus-two of Japan, India and three others "
      "(between 5 May and the end of 2021; it was another trip); no other report speaks of the "
      "meeting.",
      "The Example Daily withdraws a report on two-plus-two of Japan, India and three others (it "
      "was another trip); no other report speaks of the meeting."}},
    {"merged",
     [](const State& plan) {
       return Told{
           plan, plan.But([](v1::Meeting& m) { m.add_absorbed("meeting/feed-0815"); }),
           Says("meetings_merged { survivor: 'meeting/jp-in-2021' absorbed: 'meeting/feed-0815' }"),
           Because({Type::merged})};
     },
     {"Japan-India two-plus-two of 24 April 2021 takes in feed-0815: they are one and the same.",
      "Japan-India two-plus-two (between 5 May and the end of 2021) takes in feed-0815: they are "
      "one and the same.",
      "Japan-India two-plus-two takes in feed-0815: they are one and the same.",
      "Two-plus-two of Japan, India and three others (24 April 2021) takes in feed-0815: they are "
      "one and the same.",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) takes in "
      "feed-0815: they are one and the same.",
      "Two-plus-two of Japan, India and three others takes in feed-0815: they are one and the "
      "same."}},
    {"split",
     [](const State& plan) {
       return Told{plan, plan,
                   Says("meeting_split { from: 'meeting/jp-in-2021' to: 'meeting/jp-in-b' "
                        "event_ids: 'a' event_ids: 'b' }"),
                   Because({Type::split})};
     },
     {"Two reports on Japan-India two-plus-two of 24 April 2021 belong to another meeting, "
      "jp-in-b.",
      "Two reports on Japan-India two-plus-two (between 5 May and the end of 2021) belong to "
      "another meeting, jp-in-b.",
      "Two reports on Japan-India two-plus-two belong to another meeting, jp-in-b.",
      "Two reports on two-plus-two of Japan, India and three others (24 April 2021) belong to "
      "another meeting, jp-in-b.",
      "Two reports on two-plus-two of Japan, India and three others (between 5 May and the end of "
      "2021) belong to another meeting, jp-in-b.",
      "Two reports on two-plus-two of Japan, India and three others belong to another meeting, "
      "jp-in-b."}},
    {"linked",
     [](const State& plan) {
       return Told{plan, plan,
                   Says("meeting_linked { other: 'meeting/jp-in-2022' relation: 'successor' }"),
                   Because({Type::linked})};
     },
     {"Japan-India two-plus-two of 24 April 2021 followed by meeting jp-in-2022.",
      "Japan-India two-plus-two (between 5 May and the end of 2021) followed by meeting "
      "jp-in-2022.",
      "Japan-India two-plus-two followed by meeting jp-in-2022.",
      "Two-plus-two of Japan, India and three others (24 April 2021) followed by meeting "
      "jp-in-2022.",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021) followed "
      "by meeting jp-in-2022.",
      "Two-plus-two of Japan, India and three others followed by meeting jp-in-2022."}},
    {"disputed",
     [](const State& plan) {
       const auto disputed_place = [](v1::Meeting& m) {
         m.mutable_place()->set_disputed(true);
         auto* rival = m.mutable_place()->add_rivals();
         rival->set_value("Osaka");
         rival->set_why(v1::Fact::Rival::disputed);
       };
       return Told{plan.In("Tokyo"), plan.In("Tokyo").But(disputed_place),
                   Says("meeting_moved { place: 'Osaka' }"), Because({Type::disputed})};
     },
     {"Japan-India two-plus-two of 24 April 2021: sources disagree on the place (Tokyo or Osaka).",
      "Japan-India two-plus-two (between 5 May and the end of 2021): sources disagree on the place "
      "(Tokyo or Osaka).",
      "Japan-India two-plus-two: sources disagree on the place (Tokyo or Osaka).",
      "Two-plus-two of Japan, India and three others (24 April 2021): sources disagree on the "
      "place (Tokyo or Osaka).",
      "Two-plus-two of Japan, India and three others (between 5 May and the end of 2021): sources "
      "disagree on the place (Tokyo or Osaka).",
      "Two-plus-two of Japan, India and three others: sources disagree on the place (Tokyo or "
      "Osaka)."}},
    {"unconfirmed change",
     [](const State& plan) {
       return Told{plan, plan,
                   Says("meeting_called_off { reason: 'dispute' }", v1::Source::unnamed_sources),
                   Because({Type::unconfirmed_change})};
     },
     {"Unconfirmed: Japan-India two-plus-two of 24 April 2021 said by unnamed sources to have been "
      "called off (dispute between the parties); it still stands as set for 24 April 2021.",
      "Unconfirmed: Japan-India two-plus-two (between 5 May and the end of 2021) said by unnamed "
      "sources to have been called off (dispute between the parties); it still stands as planned "
      "for a day between 5 May and the end of 2021.",
      "Unconfirmed: Japan-India two-plus-two said by unnamed sources to have been called off "
      "(dispute between the parties); it still stands as announced, no date yet.",
      "Unconfirmed: two-plus-two of Japan, India and three others (24 April 2021) said by unnamed "
      "sources to have been called off (dispute between the parties); it still stands as set for "
      "24 April 2021.",
      "Unconfirmed: two-plus-two of Japan, India and three others (between 5 May and the end of "
      "2021) said by unnamed sources to have been called off (dispute between the parties); it "
      "still stands as planned for a day between 5 May and the end of 2021.",
      "Unconfirmed: two-plus-two of Japan, India and three others said by unnamed sources to have "
      "been called off (dispute between the parties); it still stands as announced, no date yet."},
     " Source: The Example Daily (unnamed sources), 5 May 2021, p. 14"},
};

TEST(ChangeMatrix, EveryKindWithEveryDateAndTwoOrManyParties) {
  for (const Case& c : kCases) {
    ASSERT_EQ(c.expected.size(), 6u) << c.name;
    std::size_t i = 0;
    for (const char* parties : {"JP IN", "JP IN AU KR FR"}) {
      for (const char* date : {"2021-04-24", "2021-05-05/2021", ""}) {
        const State plan = *date == 0 ? State::Of(parties) : State::Of(parties).On(date);
        const Told told = c.happens(plan);
        EXPECT_EQ(Tell(told.change, told.before, told.after, told.report),
                  c.expected[i] + std::string(c.source))
            << c.name << ", " << parties << ", `" << date << "`";
        ++i;
      }
    }
  }
}

// A new type of change needs a row above, by which it is what the change is first of all.
TEST(ChangeMatrix, EveryTypeOfChangeOfAMeetingHasARow) {
  const std::set<Type::Value> of_no_meeting = {Type::rhythm_agreed, Type::coverage_declared,
                                               Type::mentioned};
  std::set<Type::Value> leads;
  for (const Case& c : kCases) {
    leads.insert(c.happens(State::Of("JP IN").On("2021-04-24")).change.reasons(0));
  }
  const auto* types = Type::Value_descriptor();
  for (int i = 0; i < types->value_count(); ++i) {
    const auto type = static_cast<Type::Value>(types->value(i)->number());
    if (type == Type::unspecified) continue;
    EXPECT_EQ(leads.contains(type), !of_no_meeting.contains(type))
        << types->value(i)->name()
        << (of_no_meeting.contains(type) ? " is said to be of no meeting and has a row."
                                         : " has no golden sentences: write a row in kCases.");
  }
}

}  // namespace
}  // namespace entente::domain
