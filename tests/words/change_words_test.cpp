// What a sentence has to say beyond its kind: first reports, come-backs, other days, what else
// changed, claims, and meetings without a name.
#include <gtest/gtest.h>

#include "domain/words/describe.h"
#include "tests/words/story.h"

namespace entente::domain {
namespace {

using Type = v1::ChangeType;

const State kPlan = State::Of("JP IN").On("2021-04-24");

struct Told {
  State before;
  State after;
  v1::Report report;
  v1::Change change;
};

struct Single {
  Told told;
  const char* expected;
};

void ExpectAll(std::initializer_list<Single> singles) {
  for (const auto& [told, expected] : singles) {
    EXPECT_EQ(ChangeInWords(told.change, told.before.meeting(), told.after.meeting(), told.report,
                            PartyRegistry::BuiltIn(), Vocabulary::BuiltIn()),
              expected);
  }
}

TEST(ChangeWords, TheFirstReportOfAMeetingMayBeItsLast) {
  ExpectAll({
      {{State(), kPlan.Postponed("epidemic"),
        Says("meeting_postponed { old_date { edtf: '2021-04-24' } reason: 'epidemic' }"),
        Because({Type::announced, Type::postponed, Type::parties_changed})},
       "Japan-India two-plus-two of 24 April 2021 postponed, no new date (epidemic). Source: The "
       "Example Daily, 5 May 2021, p. 14"},
      {{State(), State::Of("JP GB").On("2021-02-03").Held().By("video"), Says("meeting_held {}"),
        Because({Type::announced, Type::held, Type::moved, Type::parties_changed})},
       "Japan-Britain two-plus-two held on 3 February 2021 by video. Source: The Example Daily, 5 "
       "May 2021, p. 14"},
  });
}

TEST(ChangeWords, PostponedMeetingsComeBack) {
  ExpectAll({
      {{kPlan.Postponed("epidemic"), kPlan.On("2022-09-08"), Says("meeting_rescheduled {}"),
        Because({Type::rescheduled})},
       "Postponed Japan-India two-plus-two now set for 8 September 2022 (was 24 April 2021). "
       "Source: The Example Daily, 5 May 2021, p. 14"},
      {{kPlan.Postponed("epidemic"), kPlan.On("2022-09-08"), Says("meeting_scheduled {}"),
        Because({Type::scheduled})},
       "Japan-India two-plus-two set for 8 September 2022 (postponed from 24 April 2021). Source: "
       "The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, CalledOffMeetingsComeBack) {
  ExpectAll({
      {{kPlan.Outcome(v1::Meeting::cancelled), kPlan.On("2021-05-01"),
        Says("meeting_reinstated { date { edtf: '2021-05-01' } reason: 'election' }"),
        Because({Type::reinstated, Type::rescheduled})},
       "Japan-India two-plus-two on again for 1 May 2021 (was 24 April 2021) (election). Source: "
       "The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, WhatDoesNotFitStandsInASentenceOfItsOwn) {
  const auto inconsistent = [](v1::Meeting& m) {
    auto* finding = m.add_findings();
    finding->set_kind(v1::Finding::inconsistent);
    finding->set_facet("date");
    finding->set_text("Kyodo (2021-04-27) plans it for 2021-05-08.");
  };
  ExpectAll({
      {{kPlan.Held(), kPlan.Held().But(inconsistent),
        Says("meeting_scheduled { date { edtf: '2021-05-08' } }"), Because({Type::scheduled})},
       "News on Japan-India two-plus-two: held on 24 April 2021. Kyodo (27 April 2021) plans it "
       "for "
       "8 May 2021. Source: The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, StandingRisesFromReportedToAnnounced) {
  ExpectAll({
      {{kPlan.Reported(), kPlan,
        Says("meeting_announced { announced_by: 'JP' announced_by: 'US' }"),
        Because({Type::announced})},
       "Japan-India two-plus-two now announced by Japan and the United States for 24 April 2021. "
       "Source: The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, HeldOnOtherDaysThanPlanned) {
  const auto local_day = [](v1::Meeting& m) {
    auto* rival = m.mutable_date()->mutable_fact()->add_rivals();
    rival->set_value("2022-01-06");
    rival->set_why(v1::Fact::Rival::local_day);
    rival->add_said_by(0);
    *m.add_reports() = Says("meeting_held { date { edtf: '2022-01-06' stated_by: 'US' } }");
  };
  ExpectAll({
      {{kPlan, kPlan.On("2021-04-26").Held(), Says("meeting_held {}"), Because({Type::held})},
       "Japan-India two-plus-two held on 26 April 2021 (had been planned for 24 April 2021). "
       "Source: The Example Daily, 5 May 2021, p. 14"},
      {{State::Of("JP IN").On("2021-04"), kPlan.Held(), Says("meeting_held {}"),
        Because({Type::held})},
       "Japan-India two-plus-two held on 24 April 2021. Source: The Example Daily, 5 May 2021, p. "
       "14"},
      {{kPlan, kPlan.On("2021-04-24", "2021-04-26").Held(), Says("meeting_held {}"),
        Because({Type::held})},
       "Japan-India two-plus-two held from 24 to 26 April 2021. Source: The Example Daily, 5 May "
       "2021, p. 14"},
      {{State::Of("JP US"), State::Of("JP US").On("2022-01-07").Held().But(local_day),
        Says("meeting_held {}"), Because({Type::held})},
       "Japan-US two-plus-two held on 7 January 2022 (6 January 2022 in the United States). "
       "Source: The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, SaysWhatElseChanged) {
  ExpectAll({
      {{kPlan, kPlan.With("OM", v1::Party::mediator).Held(),
        Says("meeting_held { attendees { party: 'JP' post: 'foreign-minister' person: 'A. B.' } }"),
        Because({Type::held, Type::parties_changed, Type::attendees_named})},
       "Japan-India two-plus-two held on 24 April 2021; Oman joins as mediator; for Japan: A. B. "
       "(foreign minister). Source: The Example Daily, 5 May 2021, p. 14"},
      {{kPlan.But([](v1::Meeting& m) {
          auto* attendee = m.add_attendees();
          attendee->set_party("JP");
          attendee->set_post("foreign-minister");
          attendee->mutable_person()->set_value("Toshimitsu Motegi");
        }),
        kPlan,
        Says("attendees_named { attendees { party: 'Japan' post: 'foreign-minister' person: "
             "'Yoshimasa Hayashi' } }"),
        Because({Type::attendees_named})},
       "At Japan-India two-plus-two of 24 April 2021, for Japan: Yoshimasa Hayashi (foreign "
       "minister, not Toshimitsu Motegi). Source: The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, Topics) {
  const auto tagged = [](const char* relation, bool remove) {
    return Says(std::string("topics_tagged { topic: 'maritime-security' relation: '") + relation +
                "' remove: " + (remove ? "true" : "false") + " }");
  };
  ExpectAll({
      {{kPlan, kPlan, tagged("agenda", false), Because({Type::topics_tagged})},
       "Maritime security on the agenda of Japan-India two-plus-two of 24 April 2021. Source: The "
       "Example Daily, 5 May 2021, p. 14"},
      {{kPlan, kPlan, tagged("agenda", true), Because({Type::topics_tagged})},
       "Maritime security no longer on the agenda of Japan-India two-plus-two of 24 April 2021. "
       "Source: The Example Daily, 5 May 2021, p. 14"},
      {{kPlan, kPlan, tagged("statement", false), Because({Type::topics_tagged})},
       "Maritime security named in the statement of Japan-India two-plus-two of 24 April 2021. "
       "Source: The Example Daily, 5 May 2021, p. 14"},
      {{kPlan, kPlan, tagged("discussed", true), Because({Type::topics_tagged})},
       "Maritime security not discussed after all at Japan-India two-plus-two of 24 April 2021. "
       "Source: The Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, Claims) {
  const State germany = State::Of("JP DE").On("2021-04").Held();
  const auto claim = [&](const char* words) {
    return Told{germany, germany, Says(std::string("claim_recorded { ") + words + " }"),
                Because({Type::claim_recorded})};
  };
  ExpectAll({
      {claim("claim: first"),
       "Japan-Germany two-plus-two of April 2021 said to be their first. Source: The Example "
       "Daily, 5 May 2021, p. 14"},
      {claim("claim: nth_partner value: 8 scope { party: 'JP' }"),
       "Germany said to be Japan's eighth two-plus-two partner; said of Japan-Germany two-plus-two "
       "of April 2021. Source: The Example Daily, 5 May 2021, p. 14"},
      {claim("claim: first_of_year scope { party: 'JP' }"),
       "Japan-Germany two-plus-two of April 2021 said to be Japan's first of the year. Source: The "
       "Example Daily, 5 May 2021, p. 14"},
      {claim("claim: nth_meeting value: 2 scope { window: '2021' }"),
       "Japan-Germany two-plus-two of April 2021 said to be their second in 2021. Source: The "
       "Example Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, WithoutKindOrPartiesByTitleOrId) {
  const auto title = [](v1::Meeting& m) { m.mutable_title()->set_value("Talks in\nthe park"); };
  ExpectAll({
      {{State(), State().On("2021-04-24").But(title), Says("meeting_cancelled {}"),
        Because({Type::announced})},
       "Talks in the park reported to be planned for 24 April 2021. Source: The Example Daily, 5 "
       "May 2021, p. 14"},
      {{State(), State().On("2021-04-24").Outcome(v1::Meeting::cancelled),
        Says("meeting_cancelled {}"), Because({Type::cancelled})},
       "Meeting jp-in-2021 of 24 April 2021 cancelled (no reason given). Source: The Example "
       "Daily, 5 May 2021, p. 14"},
  });
}

TEST(ChangeWords, AReasonThatTheStateDoesNotShowIsNotClaimed) {
  ExpectAll({
      {{kPlan, kPlan, Says("meeting_cancelled {}"), Because({Type::cancelled})},
       "News on Japan-India two-plus-two: set for 24 April 2021. Source: The Example Daily, 5 May "
       "2021, p. 14"},
  });
}

}  // namespace
}  // namespace entente::domain
