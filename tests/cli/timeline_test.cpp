#include "cli/render/timeline.h"

#include <gtest/gtest.h>

#include "replies.h"

namespace entente::cli::render {
namespace {

std::string Held(const std::string& id, const std::string& other, const std::string& edtf,
                 const std::string& rest) {
  return "meeting { " + MeetingFields(id, other) +
         " status: status_held date { state: dated fact { value: '" + edtf +
         "' said_by: 0 } } outcome { value: held said_by: 0 } " +
         ReportAt(1, "p. 3", "meeting_held {}") + rest + "} certain: true ";
}

v1::TimelineReply Sample() {
  return Read<v1::TimelineReply>(
      "entries { " +
      Held("jp-gb", "GB", "2021-02-03",
           "mode { value: 'video' } topics { topic: 'free-and-open-indo-pacific' } ") +
      "} entries { " + Held("jp-us", "US", "2021-03", "topics { topic: 'maritime-security' } ") +
      "tied_with_next: true } entries { " + Held("jp-id", "ID", "2021-03", "") +
      "} entries { meeting { " + MeetingFields("jp-in", "IN") +
      "status: status_postponed date { state: postponed fact { value: '2021-04-24' } } "
      "reason { value: 'epidemic' said_by: 0 } " +
      ReportAt(20, "p. 14", "meeting_postponed {}") + "} certain: true } entries { meeting { " +
      MeetingFields("jp-us-again", "US") +
      "status: status_lapsed date { state: dated fact { value: '2021-05-05/2021' } } " +
      ReportAt(8, "p. 5", "meeting_announced {}") + "} certain: true } certain: 5 possible: 5" +
      kAnswered);
}

v1::TimelineRequest Asked() {
  return Read<v1::TimelineRequest>(
      "context { today: '2021-05-05' as_of { reported: '2021-05-05' } }");
}

TEST(TimelineText, AsOneReadsItInAWideTerminal) {
  EXPECT_EQ(
      Timeline(Asked(), Sample(), BuiltInNames(), {.width = 120}),
      R"(   date                               status     meeting                       mode     topics
   3 February 2021                    held       Japan-Britain two-plus-two    video    free-and-open-indo-pacific
                                                 jp-gb · a Japanese daily, 5 May 2021, p. 3
┌  March 2021                         held       Japan-US two-plus-two         unknown  maritime-security
                                                 jp-us · a Japanese daily, 5 May 2021, p. 3
└  March 2021                         held       Japan-Indonesia two-plus-two  unknown
                                                 jp-id · a Japanese daily, 5 May 2021, p. 3
   no new date (was 24 April 2021)    postponed  Japan-India two-plus-two      unknown
                                                 jp-in · a Japanese daily, 5 May 2021, p. 14
   between 5 May and the end of 2021  lapsed     Japan-US two-plus-two         unknown
                                      jp-us-again · a Japanese daily, 5 May 2021, p. 5 · no news since 5 May 2021

┌ └ bind meetings whose order is not known.
5 meetings.
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021 is not over;
  position 22.
)");
}

TEST(TimelineText, AsOneReadsItInANarrowTerminal) {
  EXPECT_EQ(Timeline(Asked(), Sample(), BuiltInNames(), {.width = 72}),
            R"(   date              status     meeting               mode     topics
   3 February 2021   held       Japan-Britain         video    free-and-open-
                                two-plus-two                   indo-pacific
                     jp-gb · a Japanese daily, 5 May 2021, p. 3
┌  March 2021        held       Japan-US              unknown  maritime-
                                two-plus-two                   security
                     jp-us · a Japanese daily, 5 May 2021, p. 3
└  March 2021        held       Japan-Indonesia       unknown
                                two-plus-two
                     jp-id · a Japanese daily, 5 May 2021, p. 3
   no new date (was  postponed  Japan-India           unknown
   24 April 2021)               two-plus-two
                     jp-in · a Japanese daily, 5 May 2021, p. 14
   between 5 May     lapsed     Japan-US              unknown
   and the end of               two-plus-two
   2021
   jp-us-again · a Japanese daily, 5 May 2021, p. 5 · no news since 5
   May 2021

┌ └ bind meetings whose order is not known.
5 meetings.
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first
  meeting 3 February 2021; 2021 is not over; position 22.
)");
}

TEST(TimelineText, SaysThatNothingMatches) {
  EXPECT_EQ(Timeline(Asked(), Read<v1::TimelineReply>("answered { position: 22 horizon {} }"),
                     BuiltInNames(), {}),
            R"(Nothing matches.
Horizon: no reports; asked as of 5 May 2021; position 22.
)");
}

TEST(TimelineText, MarksWhatOnlyPossiblyLiesWithinTheDates) {
  v1::TimelineRequest asked = Asked();
  asked.mutable_filter()->set_from("2021-03-15");
  v1::TimelineReply reply = Sample();
  reply.mutable_entries()->DeleteSubrange(2, 3);
  reply.mutable_entries()->DeleteSubrange(0, 1);
  reply.mutable_entries(0)->set_certain(false);
  reply.mutable_entries(0)->set_tied_with_next(false);
  reply.set_certain(0);
  reply.set_possible(1);
  EXPECT_EQ(Timeline(asked, reply, BuiltInNames(), {}),
            R"(  date        status  meeting                mode     topics
  March 2021  held    Japan-US two-plus-two  unknown  maritime-security
                      jp-us · a Japanese daily, 5 May 2021, p. 3 · only possibly within these dates

1 meeting, 0 of them certainly within these dates.
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021 is not over; position 22.
)");
}

TEST(TimelineText, PrintsNoControlCharactersOfASource) {
  v1::TimelineReply reply = Sample();
  reply.mutable_entries(0)->mutable_meeting()->mutable_reports(0)->mutable_source()->set_publisher(
      "\x1b[2Ja daily");
  EXPECT_EQ(Timeline(Asked(), reply, BuiltInNames(), {}).find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace entente::cli::render
