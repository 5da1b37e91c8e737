// Sentences on what was done to reports, and on what they leave unsettled.
#include <gtest/gtest.h>

#include "domain/words/describe.h"
#include "tests/words/story.h"

namespace entente::domain {
namespace {

using Type = v1::ChangeType;

const State kPlan = State::Of("JP IN").On("2021-04-24");

struct Case {
  v1::Change change;
  State before;
  State after;
  v1::Report report;
  const char* expected;  // without the source, which is always the same
};

void ExpectAll(std::initializer_list<Case> cases) {
  for (const auto& [change, before, after, report, expected] : cases) {
    const std::string told = ChangeInWords(change, before.meeting(), after.meeting(), report,
                                           PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
    EXPECT_EQ(told.substr(0, told.find(" Source: ")), expected);
    EXPECT_NE(told.find(" Source: The Example Daily"), std::string::npos);
  }
}

TEST(ActWords, Corrections) {
  const auto source = Says("report_corrected { basis: source }");
  const auto encoding = Says("report_corrected { basis: encoding why: 'read the wrong column' }");
  ExpectAll({
      {Because({Type::corrected, Type::rescheduled}), kPlan, kPlan.On("2021-04-25"), source,
       "Correction by The Example Daily on Japan-India two-plus-two: the date is 25 April 2021, "
       "not 24 April 2021."},
      {Because({Type::corrected}), kPlan.In("Osaka"), kPlan.In("Tokyo").By("video"), encoding,
       "Correction of our own record on Japan-India two-plus-two of 24 April 2021: the place is "
       "Tokyo, not Osaka; it is by video (read the wrong column)."},
      {Because({Type::corrected, Type::held}), kPlan.Held(), kPlan.Postponed("epidemic"), source,
       "Correction by The Example Daily on Japan-India two-plus-two of 24 April 2021: it is "
       "postponed, not held; the reason is epidemic."},
      {Because({Type::corrected, Type::parties_changed}), State::Of("JP FR").On("2021-04-24"),
       State::Of("JP DE").On("2021-04-24"), source,
       "Correction by The Example Daily on Japan-Germany two-plus-two of 24 April 2021: Germany "
       "takes part; France does not take part."},
      {Because({Type::corrected}), kPlan, kPlan, source,
       "Correction by The Example Daily on Japan-India two-plus-two of 24 April 2021: what holds "
       "stays the same."},
  });
}

TEST(ActWords, Retractions) {
  const auto source = Says("report_retracted { basis: source why: 'it was another trip' }");
  const auto encoding = Says("report_retracted { basis: encoding }");
  ExpectAll({
      {Because({Type::retracted}), kPlan, kPlan.Withdrawn(), source,
       "The Example Daily withdraws a report on Japan-India two-plus-two of 24 April 2021 (it was "
       "another trip); no other report speaks of the meeting."},
      {Because({Type::retracted, Type::scheduled}), kPlan, State::Of("JP IN").On("2021-04"),
       encoding,
       "Our record no longer counts a report on Japan-India two-plus-two of 24 April 2021; it now "
       "stands as planned for April 2021."},
      {Because({Type::retracted}), kPlan.Postponed("epidemic"), kPlan, encoding,
       "Our record no longer counts a report on Japan-India two-plus-two of 24 April 2021; it now "
       "stands as set for 24 April 2021."},
      {Because({Type::retracted}), kPlan, kPlan, encoding,
       "Our record no longer counts a report on Japan-India two-plus-two of 24 April 2021; what "
       "holds stays the same."},
      {Because({Type::retracted}), kPlan.Withdrawn(), kPlan, source,
       "The Example Daily withdraws a report on Japan-India two-plus-two of 24 April 2021 (it was "
       "another trip); the meeting stands again: set for 24 April 2021."},
      {Because({Type::retracted}), kPlan, State(), encoding,
       "Our record no longer counts a report on Japan-India two-plus-two of 24 April 2021; no "
       "other report speaks of the meeting."},
  });
}

TEST(ActWords, MergesAndSplits) {
  const auto merged =
      Says("meetings_merged { survivor: 'meeting/jp-in-2021' absorbed: 'meeting/feed-0815' }");
  const auto inferred =
      Says("meetings_merged { survivor: 'meeting/jp-in-2021' absorbed: 'meeting/feed-0815' }",
           v1::Source::inferred);
  const auto split = Says(
      "meeting_split { from: 'meeting/jp-in-2021' to: 'meeting/jp-in-b' event_ids: 'a' event_ids: "
      "'b' }");
  const State other = kPlan.But([](v1::Meeting& m) { m.set_id("meeting/jp-in-b"); });
  const State grown = kPlan.But([](v1::Meeting& m) { m.add_absorbed("meeting/feed-0815"); });
  ExpectAll({
      {Because({Type::merged}), kPlan, grown, merged,
       "Japan-India two-plus-two of 24 April 2021 takes in feed-0815: they are one and the same."},
      {Because({Type::merged, Type::moved}), kPlan, grown, inferred,
       "Japan-India two-plus-two of 24 April 2021 takes in feed-0815: they are one and the same, "
       "as a program found."},
      {Because({Type::merged}, "meeting/feed-0815"), kPlan, State(), merged,
       "Japan-India two-plus-two of 24 April 2021 is the same meeting as jp-in-2021 and goes on "
       "under that id."},
      {Because({Type::split}), kPlan, kPlan, split,
       "Two reports on Japan-India two-plus-two of 24 April 2021 belong to another meeting, "
       "jp-in-b."},
      {Because({Type::split}, "meeting/jp-in-b"), State(), other, split,
       "Japan-India two-plus-two of 24 April 2021 told apart from jp-in-2021, of which it takes "
       "two reports."},
  });
}

TEST(ActWords, Links) {
  const auto successor =
      Says("meeting_linked { other: 'meeting/jp-in-2022' relation: 'successor' }");
  const State suggested = kPlan.But([](v1::Meeting& m) {
    auto* link = m.add_links();
    link->set_other("meeting/jp-in-2022");
    link->set_relation("successor");
    link->set_suggested(true);
  });
  ExpectAll({
      {Because({Type::linked}), kPlan, kPlan, successor,
       "Japan-India two-plus-two of 24 April 2021 followed by meeting jp-in-2022."},
      {Because({Type::linked}), kPlan, suggested, Says("meeting_held {}"),
       "Japan-India two-plus-two of 24 April 2021 perhaps followed by meeting jp-in-2022."},
  });
}

TEST(ActWords, Disputes) {
  const auto disputed_date = [](v1::Meeting& m) {
    m.mutable_date()->mutable_fact()->set_value("[2021-04-24,2021-04-25]");
    m.mutable_date()->mutable_fact()->set_disputed(true);
  };
  const auto disputed_place = [](v1::Meeting& m) {
    m.mutable_place()->set_value("Tokyo");
    m.mutable_place()->set_disputed(true);
    auto* rival = m.mutable_place()->add_rivals();
    rival->set_value("Osaka");
    rival->set_why(v1::Fact::Rival::disputed);
  };
  const auto disputed_outcome = [](v1::Meeting& m) { m.mutable_outcome()->set_disputed(true); };
  const auto disputed_party = [](v1::Meeting& m) { m.mutable_parties(1)->set_disputed(true); };
  const auto held = Says("meeting_held {}");
  ExpectAll({
      {Because({Type::disputed}), kPlan, kPlan.But(disputed_date), Says("meeting_scheduled {}"),
       "Japan-India two-plus-two: sources disagree on the date (24 or 25 April 2021)."},
      {Because({Type::disputed}), kPlan, kPlan.But(disputed_place), Says("meeting_moved {}"),
       "Japan-India two-plus-two of 24 April 2021: sources disagree on the place (Tokyo or "
       "Osaka)."},
      {Because({Type::disputed}), kPlan.Held(), kPlan.Held().But(disputed_outcome),
       Says("meeting_not_held {}"),
       "Japan-India two-plus-two of 24 April 2021: sources disagree on whether it was held."},
      {Because({Type::disputed}), kPlan, kPlan.But(disputed_party), Says("parties_changed {}"),
       "Japan-India two-plus-two of 24 April 2021: sources disagree on whether India took part."},
      {Because({Type::held, Type::disputed}), kPlan, kPlan.Held().But(disputed_date), held,
       "Japan-India two-plus-two held on 24 or 25 April 2021; sources disagree on the date."},
  });
}

TEST(ActWords, UnconfirmedChanges) {
  const auto possible = [](v1::Meeting& m) { m.mutable_outcome()->set_possible_only(true); };
  const auto rumour = [](const char* facts) { return Says(facts, v1::Source::unnamed_sources); };
  const auto change = Because({Type::unconfirmed_change});
  ExpectAll({
      {change, kPlan, kPlan, rumour("meeting_called_off { reason: 'dispute' }"),
       "Unconfirmed: Japan-India two-plus-two of 24 April 2021 said by unnamed sources to have "
       "been called off (dispute between the parties); it still stands as set for 24 April 2021."},
      {change, kPlan, kPlan, rumour("meeting_rescheduled { new_date { edtf: '2021-06' } }"),
       "Unconfirmed: Japan-India two-plus-two of 24 April 2021 said by unnamed sources to have "
       "been rescheduled to June 2021; it still stands as set for 24 April 2021."},
      {change, kPlan, kPlan, rumour("meeting_postponed { until: '2021-22' }"),
       "Unconfirmed: Japan-India two-plus-two of 24 April 2021 said by unnamed sources to have "
       "been postponed until summer 2021; it still stands as set for 24 April 2021."},
      {change, kPlan, kPlan, rumour("meeting_moved { mode: video }"),
       "Unconfirmed: Japan-India two-plus-two of 24 April 2021 said by unnamed sources to be held "
       "by video; it still stands as set for 24 April 2021."},
      {Because({Type::held, Type::unconfirmed_change}), kPlan, kPlan.Held().But(possible),
       rumour("meeting_held {}"),
       "Japan-India two-plus-two said to have been held on 24 April 2021; not confirmed."},
      {Because({Type::rescheduled, Type::unconfirmed_change}), kPlan, kPlan.On("2021-06-20"),
       Says("meeting_rescheduled {}"),
       "Japan-India two-plus-two rescheduled from 24 April 2021 to 20 June 2021; not officially "
       "confirmed."},
  });
}

}  // namespace
}  // namespace entente::domain
