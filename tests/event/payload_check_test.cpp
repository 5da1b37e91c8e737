// One line for each rule of `meeting` and the payloads.
#include <gtest/gtest.h>

#include "tests/event/expect_faults.h"

namespace entente::domain {
namespace {

TEST(CheckPayload, Meeting) {
  ExpectFaults({
      {R"(meeting { parties { name: "" } } meeting_cancelled {})",
       "FIELD_REQUIRED meeting.parties[2].name"},
      {R"(meeting { parties { name: "Korea" } } meeting_cancelled {})",
       "PARTY_AMBIGUOUS meeting.parties[2].name"},
      {R"(meeting { parties { name: "Tokyo" } } meeting_cancelled {})",
       "PARTY_NOT_A_NAME meeting.parties[2].name"},
      {R"(meeting { parties { name: "GB" role: 77 } } meeting_cancelled {})",
       "FIELD_INVALID meeting.parties[2].role"},
      {R"(meeting { series: "jp-xx-two-plus-two" } meeting_cancelled {})",
       "WORD_UNKNOWN meeting.series"},
      {R"(meeting { kind: "2+2" series: "AUSMIN" parties { name: "Great Britain" } }
          meeting_cancelled {})",
       ""},
  });
}

TEST(CheckPayload, Dates) {
  ExpectFaults({
      {R"(meeting_held {})", "FIELD_REQUIRED meeting_held.date.edtf"},
      {R"(meeting_held { date {} })", "FIELD_REQUIRED meeting_held.date.edtf"},
      {R"(meeting_scheduled { place: "Tokyo" })", "FIELD_REQUIRED meeting_scheduled.date.edtf"},
      {R"(meeting_rescheduled { previous_date { edtf: "2021" } })",
       "FIELD_REQUIRED meeting_rescheduled.new_date.edtf"},
      {R"(meeting_announced { date {} })", ""},
      {R"(meeting_announced { date { last_day: "2021-04-25" } })",
       "FIELD_REQUIRED meeting_announced.date.edtf"},
      {R"(meeting_announced { date { stated_by: "JP" } })",
       "FIELD_REQUIRED meeting_announced.date.edtf"},
      {R"(meeting_held { date { edtf: "2021-04-31" } })", "DATE_INVALID meeting_held.date.edtf"},
      {R"(meeting_held { date { edtf: "2021-00" } })", "DATE_INVALID meeting_held.date.edtf"},
      {R"(meeting_held { date { edtf: "0000-01" } })", "DATE_INVALID meeting_held.date.edtf"},
      {R"(meeting_held { date { edtf: "2021-22" } })", ""},
      {R"(meeting_held { date { edtf: "2021-04-24T10:00:00Z" } })",
       "DATE_INVALID meeting_held.date.edtf"},
      {R"(meeting_held { date { edtf: "2021-04-24" last_day: "2021-04" } })",
       "DATE_INVALID meeting_held.date.last_day"},
      {R"(meeting_held { date { edtf: "2021-04-24" last_day: "2021-04-23" } })",
       "DATE_INVALID meeting_held.date.last_day"},
      {R"(meeting_held { date { edtf: "2021-04" last_day: "2021-04-02" } })", ""},
      {R"(meeting_held { date { edtf: "2021-04-24" stated_by: "Tokyo" } })",
       "PARTY_NOT_A_NAME meeting_held.date.stated_by"},
      {R"(meeting_postponed { until: "later" })", "DATE_INVALID meeting_postponed.until"},
      {R"(outcome_recorded { kind: "press" date { edtf: "x" } next_meeting { edtf: "y" } })",
       "DATE_INVALID outcome_recorded.date.edtf; DATE_INVALID outcome_recorded.next_meeting.edtf"},
  });
}

TEST(CheckPayload, MeetingPayloads) {
  ExpectFaults({
      {R"(meeting_announced { announced_by: "" })",
       "FIELD_REQUIRED meeting_announced.announced_by[0]"},
      {R"(meeting_announced { mode: 9 })", "FIELD_INVALID meeting_announced.mode"},
      {R"(meeting_called_off { reason: "whim" })", "WORD_UNKNOWN meeting_called_off.reason"},
      {R"(meeting_cancelled { reason: "whim" })", "WORD_UNKNOWN meeting_cancelled.reason"},
      {R"(meeting_reinstated { reason: "whim" })", "WORD_UNKNOWN meeting_reinstated.reason"},
      {R"(meeting_moved {})", "FIELD_REQUIRED meeting_moved"},
      {R"(meeting_held { date { edtf: "2021" } duration: "90 minutes" })",
       "DURATION_INVALID meeting_held.duration"},
      {R"(meeting_held { date { edtf: "2021" } attendees {} })",
       "FIELD_REQUIRED meeting_held.attendees[0].party; "
       "FIELD_REQUIRED meeting_held.attendees[0].post"},
      {R"(attendees_named { attendees { party: "JP" post: "astronaut" } })",
       "WORD_UNKNOWN attendees_named.attendees[0].post"},
      {R"(attendees_named {})", "FIELD_REQUIRED attendees_named.attendees"},
      {R"(meeting_not_held { instead: 12 })", "FIELD_INVALID meeting_not_held.instead"},
      {R"(parties_changed {})", "FIELD_REQUIRED parties_changed"},
      {R"(parties_changed { level: "ministers" })", "FIELD_REQUIRED parties_changed"},
      {R"(parties_changed { removed: "" })", "FIELD_REQUIRED parties_changed.removed[0]"},
      {R"(parties_changed { removed: "Atlantis" })", "PARTY_UNKNOWN parties_changed.removed[0]"},
      {R"(parties_changed { removed: "IN" level: "kings" })", "WORD_UNKNOWN parties_changed.level"},
      {R"(topics_tagged {})",
       "FIELD_REQUIRED topics_tagged.topic; FIELD_REQUIRED topics_tagged.relation"},
      {R"(topics_tagged { topic: "cricket" relation: "agenda" })",
       "WORD_UNKNOWN topics_tagged.topic"},
      {R"(topics_tagged { topic: "cyber" relation: "successor" })",
       "FIELD_INVALID topics_tagged.relation"},
      {R"(outcome_recorded {})", "FIELD_REQUIRED outcome_recorded.kind"},
      {R"(outcome_recorded { kind: "press" topics: "cricket" })",
       "WORD_UNKNOWN outcome_recorded.topics[0]"},
  });
}

TEST(CheckPayload, StatementsAndClaims) {
  ExpectFaults({
      {R"(statement_made {})",
       "FIELD_REQUIRED statement_made.who; FIELD_REQUIRED statement_made.summary"},
      {R"(statement_made { who: "A" summary: "x" post: "astronaut" })",
       "WORD_UNKNOWN statement_made.post"},
      {R"(statement_made { who: "A" summary: "x" said_on: "Friday" })",
       "DATE_INVALID statement_made.said_on"},
      {R"(statement_made { who: "A" summary: "x" about: "JP" })",
       "STREAM_INVALID statement_made.about[0]"},
      {R"(statement_made { who: "A" summary: "x" about: "" })",
       "FIELD_REQUIRED statement_made.about[0]"},
      {R"(statement_made { who: "A" summary: "x" about: "meeting/abc" about: "admin/clock" })",
       "STREAM_MISMATCH statement_made.about[1]"},
      {R"(statement_made { who: "A" summary: "x" about: "pair/IN-QQ" })",
       "PARTY_UNKNOWN statement_made.about[0]"},
      {R"(claim_recorded {})", "FIELD_REQUIRED claim_recorded.claim"},
      {R"(claim_recorded { claim: 9 value: 3 })", "FIELD_INVALID claim_recorded.claim"},
      {R"(claim_recorded { claim: nth_meeting })", "FIELD_REQUIRED claim_recorded.value"},
      {R"(claim_recorded { claim: first value: 1 })", "FIELD_INVALID claim_recorded.value"},
      {R"(claim_recorded { claim: first scope { kind: "tea" party: "Nowhere" window: "ever" } })",
       "DATE_INVALID claim_recorded.scope.window; PARTY_UNKNOWN claim_recorded.scope.party; "
       "WORD_UNKNOWN claim_recorded.scope.kind"},
      {R"(claim_recorded { claim: first scope { window: "P1X" } })",
       "DURATION_INVALID claim_recorded.scope.window"},
      {R"(rhythm_agreed {})", "FIELD_REQUIRED rhythm_agreed.every"},
      {R"(rhythm_agreed { every: "two years" })", "DURATION_INVALID rhythm_agreed.every"},
      {R"(stream: "pair/ID-JP" rhythm_agreed { every: "P2Y" })",
       "FIELD_REQUIRED rhythm_agreed.series"},
      {R"(stream: "country/JP" coverage_declared {})", "FIELD_REQUIRED coverage_declared.kind"},
      {R"(stream: "country/JP" coverage_declared { kind: "summit" from: "2021" })",
       "DATE_INVALID coverage_declared.from"},
      {R"(stream: "country/JP"
          coverage_declared { kind: "summit" from: "2021-02-01" to: "2021-01-31" })",
       "DATE_INVALID coverage_declared.to"},
      {R"(stream: "pair/IN-JP" mention_recorded { actors: "" })",
       "FIELD_REQUIRED mention_recorded.coder; FIELD_REQUIRED mention_recorded.code; "
       "FIELD_REQUIRED mention_recorded.actors[0]; FIELD_REQUIRED mention_recorded.day"},
  });
}

TEST(CheckPayload, ActsOfOurs) {
  ExpectFaults({
      {R"(meeting_linked {})",
       "FIELD_REQUIRED meeting_linked.other; FIELD_REQUIRED meeting_linked.relation"},
      {R"(meeting_linked { other: "country/JP" relation: "successor" })",
       "STREAM_MISMATCH meeting_linked.other"},
      {R"(meeting_linked { other: "meeting/jp-in-two-plus-two-2021-04" relation: "successor" })",
       "FIELD_INVALID meeting_linked.other"},
      {R"(meeting_linked { other: "meeting/abc" relation: "agenda" })",
       "FIELD_INVALID meeting_linked.relation"},
      {R"(meetings_merged {})",
       "FIELD_REQUIRED meetings_merged.survivor; FIELD_REQUIRED meetings_merged.absorbed"},
      {R"(meetings_merged { survivor: "meeting/abc" absorbed: "meeting/abc" })",
       "FIELD_INVALID meetings_merged.absorbed"},
      {R"(meetings_merged { survivor: "meeting/abc" absorbed: "meeting/abd" })",
       "STREAM_MISMATCH stream"},
      {R"(stream: "meeting/abc" meetings_merged { survivor: "meeting/abc" absorbed: "meeting/abd"
          score: 1.5 })",
       "FIELD_INVALID meetings_merged.score"},
      {R"(stream: "meeting/abc" meetings_merged { survivor: "meeting/abc" absorbed: "meeting/abd"
          score: nan })",
       "FIELD_INVALID meetings_merged.score"},
      {R"(stream: "meeting/abc" meeting_split { from: "meeting/abc" to: "meeting/abd" })",
       "FIELD_REQUIRED meeting_split.event_ids"},
      {R"(stream: "meeting/abc" meeting_split { from: "meeting/abc" to: "meeting/abd"
          event_ids: "a b" })",
       "EVENT_ID_INVALID meeting_split.event_ids[0]"},
  });
}

TEST(CheckPayload, CorrectionsAndRetractions) {
  ExpectFaults({
      {R"(report_retracted {})",
       "FIELD_REQUIRED report_retracted.target; FIELD_REQUIRED report_retracted.basis"},
      {R"(report_retracted { target: "a b" basis: 9 })",
       "FIELD_INVALID report_retracted.basis; EVENT_ID_INVALID report_retracted.target"},
      {R"(report_corrected {})",
       "FIELD_REQUIRED report_corrected.target; FIELD_REQUIRED report_corrected.basis; "
       "FIELD_REQUIRED report_corrected.replacement.payload"},
      {R"(report_corrected { target: "a" basis: source replacement { report_corrected {} } })",
       "FIELD_INVALID report_corrected.replacement"},
      {R"(report_corrected { target: "a" basis: source replacement { report_retracted {} } })",
       "FIELD_INVALID report_corrected.replacement"},
      {R"(report_corrected { target: "a" basis: source replacement { clock_adjusted {} } })",
       "FIELD_INVALID report_corrected.replacement.clock_adjusted"},
      {R"(report_corrected { target: "a" basis: source replacement {
            meeting { kind: "tea" } meeting_held { date { edtf: "2021-13" } } } })",
       "DATE_INVALID report_corrected.replacement.meeting_held.date.edtf; "
       "WORD_UNKNOWN report_corrected.replacement.meeting.kind"},
  });
}

}  // namespace
}  // namespace entente::domain
