#include "replies.h"

#include <gmock/gmock.h>

#include "cli/render/append_summary.h"
#include "cli/render/changes.h"
#include "cli/render/diff.h"
#include "cli/render/generations.h"
#include "cli/render/meeting.h"
#include "cli/render/pending.h"
#include "cli/render/stats.h"
#include "cli/render/status.h"
#include "cli/render/subscriptions.h"
#include "cli/render/vocabulary.h"

namespace entente::cli::render {
namespace {

const char* const kContext = "context { today: '2021-05-05' as_of { reported: '2021-05-05' } }";

TEST(PendingText, KeepsTheLapsedApart) {
  const auto reply = Read<v1::PendingReply>(
      "entries { certain: true why: postponed meeting { " + MeetingFields("jp-in", "IN") +
      "status: status_postponed date { state: postponed fact { value: '2021-04-24' } } "
      "reason { value: 'epidemic' said_by: 0 } " +
      ReportAt(20, "p. 14", "meeting_postponed {}") +
      "} } entries { why: lapsed certain: true meeting { " + MeetingFields("jp-us-again", "US") +
      "status: status_lapsed date { state: dated fact { value: '2021-05-05/2021' } } " +
      ReportAt(8, "p. 5", "meeting_announced {}") + "} }" + kAnswered);
  EXPECT_EQ(
      Pending(Read<v1::PendingRequest>(kContext), reply, BuiltInNames(), {.width = 110}),
      R"(meeting                   why        when                             reason    last report
Japan-India two-plus-two  postponed  no new date (was 24 April 2021)  epidemic  5 May 2021
jp-in · a Japanese daily, 5 May 2021, p. 14

Lapsed: the latest day has passed, and nothing was reported since.
meeting                why     when                               reason  no news since
Japan-US two-plus-two  lapsed  between 5 May and the end of 2021          5 May 2021
jp-us-again · a Japanese daily, 5 May 2021, p. 5

Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021 is not
  over; position 22.
)");
}

TEST(StatsText, PartnersWithWhatIsClaimedOfThem) {
  const auto reply = Read<v1::StatsReply>(
      "counts { key: 'GB' certain: 1 possible: 1 first: '2021-02-03' last: '2021-02-03' rank: 1 "
      "tied: true first_in_log: true } "
      "counts { key: 'DE' certain: 1 possible: 1 first: '2021-04-01' last: '2021-04-30' rank: 1 "
      "tied: true claims { claim: nth_partner value: 8 scope { kind: 'two-plus-two' party: 'JP' } "
      "said_by: 0 verdict: open counted: 4 why: 'Not contradicted, not confirmed: our log holds 4 "
      "partners.' } " +
      ReportAt(7, "p. 4", "claim_recorded {}") +
      "} counts { key: 'IN' pending: 1 certainly_pending: 1 }" + kAnswered);
  EXPECT_EQ(Stats(Read<v1::StatsRequest>(std::string(kContext) + "by: partner"), reply,
                  BuiltInNames(), {.width = 100}),
            R"(partner         certain  possible  planned  pending  when             rank
United Kingdom        1         1        0        0  3 February 2021    1=
  first in our log
Germany               1         1        0        0  April 2021         1=
  claimed: the 8th partner of Japan in two-plus-two (a Japanese daily, 5 May 2021, p. 4). Not
  contradicted, not confirmed: our log holds 4 partners.
India                 0         0        0        1

Certain and possible count meetings that were held; planned ones never count as held.
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021
  is not over; position 22.
)");
}

TEST(StatsText, AYearThatIsNotOver) {
  const auto reply = Read<v1::StatsReply>(
      std::string("counts { key: '2021' certain: 4 possible: 4 planned: 1 "
                  "certainly_planned: 1 pending: 1 "
                  "certainly_pending: 1 first: '2021-02-03' last: '2021-04-30' "
                  "unfinished: true }") +
      kAnswered);
  EXPECT_EQ(Stats(Read<v1::StatsRequest>(std::string(kContext) + "by: year"), reply, BuiltInNames(),
                  {.width = 100}),
            R"(year             certain  possible  planned  pending  when
2021 (not over)        4         4        1        1  3 February 2021 to 30 April 2021

Certain and possible count meetings that were held; planned ones never count as held.
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021
  is not over; position 22.
)");
}

TEST(MeetingText, EachFactWithItsReports) {
  const auto reply = Read<v1::MeetingReply>(
      "meeting { " + MeetingFields("jp-in", "IN") +
      R"pb(
        status: status_postponed
        asked_as: "meeting/jp-in-old"
        absorbed: "meeting/jp-in-old"
        date {
          state: postponed
          fact {
            value: "2021-04-24"
            said_by: 0
            said_by: 1
            rivals { value: "2021-04" why: coarser said_by: 1 }
          }
        }
        outcome { value: open said_by: 0 }
        reason { value: "epidemic" said_by: 0 }
        mode {
          value: "in_person"
          said_by: 1
          disputed: true
          rivals { value: "video" why: disputed said_by: 0 }
        }
        attendees {
          party: "JP"
          post: "foreign-minister"
          person { value: "Toshimitsu Motegi" said_by: 1 }
        }
        topics { topic: "defence-cooperation" relation: "agenda" said_by: 1 }
        results {
          kind: "planned_exercise"
          summary: "Joint drills."
          date { edtf: "2021-22" }
          said_by: 1
        }
        statements {
          who: "Toshimitsu Motegi"
          post: "foreign-minister"
          said_on: "2021-04-23"
          summary: "Hopes for talks"
          topics: "defence-cooperation"
          said_by: 1
        }
        claims {
          claim: nth_meeting
          value: 2
          scope { kind: "two-plus-two" }
          said_by: 1
          verdict: contradicted
          counted: 3
          why: "Contradicted: our log holds 3."
        }
        links { other: "meeting/jp-in-2022" relation: "successor" suggested: true }
        findings {
          kind: disputed
          facet: "mode"
          text: "In person by one, by video by the other."
          reports: 0
          reports: 1
        }
      )pb" +
      ReportAt(20, "p. 14", "meeting_postponed {}") + ReportAt(22, "p. 15", "statement_made {}") +
      "}" + kAnswered);
  EXPECT_EQ(Meeting(Read<v1::MeetingRequest>(kContext), reply, BuiltInNames(), {.width = 100}),
            R"(Japan-India two-plus-two
postponed · no new date (was 24 April 2021) · jp-in
jp-in-old was merged into this meeting.

  kind        two-plus-two  [1]
  parties     Japan  [1]
              India  [1]
  standing    reported
  outcome     open  [1]
  date        24 April 2021  [1] [2]
              also said, less precisely: April 2021  [2]
  postponed   no new date
  reason      epidemic  [1]
  mode        in person, disputed  [2]
              disputed by: video  [1]
  place       unknown
  attendees   Japan, foreign-minister: Toshimitsu Motegi  [2]
  topics      defence-cooperation (agenda)  [2]
  results     planned exercise: Joint drills. (summer 2021)  [2]
  statements  Toshimitsu Motegi (foreign-minister), 23 April 2021: Hopes for talks; topics:
              defence-cooperation  [2]
  claims      their 2nd two-plus-two. Contradicted: our log holds 3.  [2]
  links       perhaps followed by jp-in-2022 (no source says so: the next of its kind and parties)

What does not fit
  disputed mode  In person by one, by video by the other.  [1] [2]

Reports
  [1]  postponed       a Japanese daily, 5 May 2021, p. 14 (media)
                       e20 · position 20 · recorded 2021-05-05 09:01:07 UTC
  [2]  statement made  a Japanese daily, 5 May 2021, p. 15 (media)
                       e22 · position 22 · recorded 2021-05-05 09:01:07 UTC

Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021
  is not over; position 22.
)");
}

TEST(SubjectText, StatementsAndClaims) {
  const auto reply = Read<v1::SubjectReply>(
      R"pb(subject { id: "kind/two-plus-two"
                     rhythm { value: "P2Y" said_by: 0 }
                     coverage { kind: "two-plus-two" party: "JP" from: "2010-01-01" }
                     claims {
                       claim: most_frequent
                       scope { kind: "two-plus-two" party: "JP" }
                       said_by: 0
                     }
      )pb" +
      ReportAt(9, "p. 6", "claim_recorded {}") + "}" + kAnswered);
  EXPECT_EQ(Subject(Read<v1::SubjectRequest>(kContext), reply, BuiltInNames(), {.width = 100}),
            R"(kind/two-plus-two

  rhythm    P2Y  [1]
  coverage  two-plus-two of Japan complete from 1 January 2010 on
  claims    more two-plus-two meetings of Japan than ever. Not contradicted, not confirmed.  [1]

Reports
  [1]  claim recorded  a Japanese daily, 5 May 2021, p. 6 (media)
                       e9 · position 9 · recorded 2021-05-05 09:01:07 UTC

Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021
  is not over; position 22.
)");
}

TEST(ChangesText, OneSentenceEach) {
  const auto reply = Read<v1::ChangesReply>(
      std::string(
          R"pb(changes {
                 change { position: 20 subject: "meeting/jp-in" }
                 text: "Japan-India two-plus-two of 24 April 2021 postponed, no new date (epidemic). Source: a Japanese daily, 5 May 2021, p. 14"
                 recorded { seconds: 1620205267 }
               }
               covered_to: 22)pb") +
      kAnswered);
  EXPECT_EQ(Changes(Read<v1::ChangesRequest>(kContext), reply, {.width = 80}),
            R"(position  what changed
      20  Japan-India two-plus-two of 24 April 2021 postponed, no new date
          (epidemic). Source: a Japanese daily, 5 May 2021, p. 14
          jp-in · recorded 2021-05-05 09:01:07 UTC

1 change. Next time: --since 22
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3
  February 2021; 2021 is not over; position 22.
)");
  EXPECT_EQ(Alert(reply.changes(0), {.width = 80}),
            R"(● Japan-India two-plus-two of 24 April 2021 postponed, no new date (epidemic).
  Source: a Japanese daily, 5 May 2021, p. 14
  jp-in · position 20 · recorded 2021-05-05 09:01:07 UTC

)");
}

TEST(StatusText, WhoIsBehindAndWhoIsAway) {
  std::vector<ServiceStatus> services = {
      {"ingest", "tcp://127.0.0.1:7400",
       Read<v1::StatusReply>("health: green durable_position: 22 checkpoint: 22 version: '0.1.0' "
                             "data_directory: '/home/somebody/data' marker: 'SAMPLE'")},
      {"projector", "tcp://127.0.0.1:7401",
       Read<v1::StatusReply>("health: amber durable_position: 22 checkpoint: 20 version: '0.1.0' "
                             "generation: 'g2' projection_version: 2 notes: 'No room.' parked: 1 "
                             "last_progress { seconds: 1620205267 } since_progress_ms: 65000 "
                             "events_per_second: 812.4")},
      {"query", "tcp://127.0.0.1:7402", std::nullopt}};
  EXPECT_EQ(Status(services, "/home/somebody", {.width = 100}),
            R"(service    health      position   behind  endpoint              version
ingest     well              22  nothing  tcp://127.0.0.1:7400  0.1.0
projector  look below        20        2  tcp://127.0.0.1:7401  0.1.0
           No room.
           1 event could not be projected: entente parked says why
           last progress 65 s ago, 812 events a second
query      no answer                      tcp://127.0.0.1:7402

Views: g2, projection version 2
Data directory: ~/data (marked SAMPLE)
)");
}

TEST(StatusText, WhatIsBeingBuiltAndWhatItWaitsFor) {
  std::vector<ServiceStatus> services = {
      {"projector", "tcp://127.0.0.1:7401",
       Read<v1::StatusReply>(
           "health: amber durable_position: 1000 checkpoint: 1000 version: '0.1.0' paused_at: 21 "
           "last_progress { seconds: 1620205267 } building { generation: 'g3' purpose: rebuild "
           "position: 250 durable_position: 1000 events_per_second: 50 seconds_left: 15 }")}};
  EXPECT_EQ(Status(services, "", {.width = 110}),
            R"(service    health      position   behind  endpoint              version
projector  look below      1000  nothing  tcp://127.0.0.1:7401  0.1.0
           waits at position 21, which it cannot project
           g3 is being built from the log: position 250 of 1000 (25 %), 50 events a second, about 15 s left
)");
}

TEST(StatusText, WhereTheLogEndsMayBeUnknown) {
  const std::vector<ServiceStatus> services = {
      {"projector", "tcp://127.0.0.1:7401",
       Read<v1::StatusReply>("health: amber checkpoint: 1000 version: '0.1.0'")}};
  EXPECT_EQ(Status(services, "", {.width = 110}),
            R"(service    health      position   behind  endpoint              version
projector  look below      1000  unknown  tcp://127.0.0.1:7401  0.1.0
)");
}

TEST(DiffText, OneRowForEachFactThatDiffers) {
  const auto reply =
      Read<v1::DiffReply>(std::string(R"pb(
                            from_position: 18
                            to_position: 22
                            meetings {
                              id: "meeting/jp-in"
                              what: changed
                              title: "Japan-India two-plus-two"
                              reasons: postponed
                              reasons: unconfirmed_change
                              facts { fact: "status" before: "scheduled" after: "postponed" }
                              facts { fact: "reason" after: "epidemic" }
                            }
                            meetings {
                              id: "meeting/jp-us"
                              what: added
                              title: "Japan-US two-plus-two"
                              reasons: announced
                              facts { fact: "status" after: "announced" }
                              facts { fact: "standing" after: "announced" }
                              facts { fact: "date" after: "2021" }
                            }
                            meetings {
                              id: "meeting/jp-us-again"
                              what: merged
                              into: "meeting/jp-us"
                              title: "Japan-US two-plus-two"
                            })pb") +
                          kAnswered);
  EXPECT_EQ(Diff(Read<v1::DiffRequest>(kContext), reply, {.width = 90}),
            R"(meeting                   what     fact    before       after
Japan-India two-plus-two  changed  status  scheduled    postponed
                                   reason               epidemic
jp-in · postponed, unconfirmed change
Japan-US two-plus-two     added    status               announced
                                   date                 2021
jp-us · announced
Japan-US two-plus-two     merged   id      jp-us-again  jp-us
jp-us-again

1 added, 1 merged, 1 changed, between positions 18 and 22.
Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February
  2021; 2021 is not over; position 22.
)");
  auto none = reply;
  none.clear_meetings();
  EXPECT_TRUE(Diff(Read<v1::DiffRequest>(kContext), none, {.width = 90})
                  .starts_with("No meeting differs between positions 18 and 22.\nHorizon: "));
}

TEST(GenerationsText, WhichThereAreAndWhatIsBuilt) {
  const auto reply = Read<v1::GenerationsReply>(R"pb(
    generations {
      name: "g1"
      state: kept
      projection_version: 1
      at { position: 18 }
      bytes_on_disk: 900
    }
    generations {
      name: "g2"
      state: current
      projection_version: 2
      at { position: 22 }
      bytes_on_disk: 1572864
      of_this_program: true
    }
    generations {
      name: "g3"
      state: building
      projection_version: 2
      at { position: 11 }
      bytes_on_disk: 2048
      of_this_program: true
    }
    building {
      generation: "g3"
      purpose: rebuild
      position: 11
      durable_position: 22
      events_per_second: 1.4
      seconds_left: 7800
      parked: 1
    })pb");
  EXPECT_EQ(Generations(reply, {.width = 100}),
            R"(generation  state     position  version  on disk
g1          kept            18        1    900 B
            made by another version of the program, which alone can fold it forward
g2          current         22        2  1.5 MiB
g3          building        11        2  2.0 KiB

g3 is being built from the log: position 11 of 22 (50 %), 1 events a second, about 2 h 10 min left;
  1 event parked.
)");
  auto folding = reply;
  folding.mutable_building()->set_folding(true);
  EXPECT_THAT(Generations(folding, {.width = 100}),
              testing::HasSubstr("position 11 of 22 (50 %), its meetings are being folded;"));
  auto held = reply;
  held.mutable_building()->set_held(true);
  EXPECT_THAT(Generations(held, {}), testing::HasSubstr("g3          held"));
  EXPECT_THAT(Generations(held, {}), testing::HasSubstr("waits for: entente generations swap"));
  EXPECT_EQ(BuildInWords(Read<v1::GenerationBuild>("generation: 'g3' purpose: rollback")),
            "g3 is being folded forward: it has just begun");
  auto stuck = reply;
  stuck.mutable_building()->set_trouble("no space left on the device");
  EXPECT_THAT(BuildInWords(stuck.building()),
              testing::EndsWith(". It does not go on: no space left on the device"));
}

TEST(ParkedEventsText, WhereAndWhy) {
  const auto reply = Read<v1::ParkedEventsReply>(R"pb(
    parked {
      position: 21
      error {
        reason: UNSUPPORTED
        field: "event"
        value: "2"
        message: "Payload version 2 is newer than this program."
      }
    }
    parked {
      position: 4711
      error { reason: INTERNAL message: "A fault." }
    })pb");
  EXPECT_EQ(ParkedEvents(reply.parked(), {.width = 90}),
            R"(position  error        what is wrong
      21  UNSUPPORTED  Payload version 2 is newer than this program.
          event is "2"
    4711  INTERNAL     A fault.
)");
}

TEST(ParkedText, HowOftenItWasDeliveredAndHowToReplayIt) {
  auto parked = Read<v1::ParkedReply::Parked>(
      "change { text: 'Talks postponed.' change { position: 18 ordinal: 1 } } deliveries: 2 "
      "why: 'failed 2 times: no paper'");
  EXPECT_THAT(Parked(parked, {.width = 110}),
              testing::HasSubstr(
                  "  parked after 2 deliveries: failed 2 times: no paper; to replay it: 18,1\n"));
  parked.set_deliveries(1);
  EXPECT_THAT(Parked(parked, {.width = 110}), testing::HasSubstr("after 1 delivery: "));
}

TEST(VocabularyText, WordsWithTheirCounts) {
  const auto reply = Read<v1::VocabularyReply>(
      std::string("words { id: 'maritime-security' name: 'maritime security' meetings: 2 "
                  "certain: 1 broader: "
                  "'security' }") +
      kAnswered);
  EXPECT_EQ(VocabularyWords(Read<v1::VocabularyRequest>(std::string(kContext) + "what: topics"),
                            reply, {}),
            R"(word               name               meetings  broader
maritime-security  maritime security    1 to 2  security

Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021; 2021 is not over; position 22.
)");
}

TEST(AppendSummaryText, InOneSentence) {
  EXPECT_EQ(Summary({.appended = 22, .head = 22}, {}),
            R"(22 appended, 0 duplicates, none refused. The log stands at position 22.)");
  EXPECT_EQ(Summary({.appended = 20, .duplicates = 1, .refused = 2, .not_sent = 3}, {}),
            R"(20 appended, 1 duplicate, 2 refused, 3 not sent.)");
  EXPECT_EQ(Summary({.appended = 20, .backfill = 18}, {}),
            R"(20 appended (18 as history), 0 duplicates, none refused.)");
  EXPECT_EQ(Summary({.appended = 1, .dry_run = true}, {}),
            R"(1 would be appended, 0 duplicates, none refused.)");
}

}  // namespace
}  // namespace entente::cli::render
