// One line for each rule: what is laid over a well-formed event, and the exact faults.
#include "domain/event/check.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/event/sample_events.h"

namespace entente::domain {
namespace {

Errors Check(const v1::NewEvent& event) {
  return CheckEvent(event, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
}

// "DATE_INVALID meeting_held.date.edtf; …"
std::string Faults(const v1::NewEvent& event) {
  std::string line;
  for (const Error& error : Check(event)) {
    if (!line.empty()) line += "; ";
    line.append(Describe(error.reason).name).append(" ").append(error.field);
  }
  return line;
}

struct Case {
  const char* text;
  const char* faults;
};

void ExpectFaults(std::initializer_list<Case> cases) {
  for (const Case& c : cases) EXPECT_EQ(Faults(EventFromText(c.text)), c.faults) << c.text;
}

TEST(CheckEvent, FindsNothingInWellFormedEvents) {
  for (const SampleEvent& sample : SampleEvents()) {
    EXPECT_EQ(Faults(sample.event), "") << sample.name;
  }
}

TEST(CheckEvent, ListsAllFaultsInTheOrderOfTheCatalogue) {
  EXPECT_EQ(Faults(v1::NewEvent()),
            "FIELD_REQUIRED stream; FIELD_REQUIRED payload; PROVENANCE_MISSING reported; "
            "PROVENANCE_MISSING source.publisher; PROVENANCE_MISSING source.class");
  ExpectFaults(
      {{R"(stream: "meeting/X" reported: "soon" meeting { kind: "tea" parties { name: "Jpan" } }
           meeting_postponed { old_date { edtf: "2021-13" } reason: "whim" })",
        "STREAM_INVALID stream; DATE_INVALID meeting_postponed.old_date.edtf; "
        "TIME_INVALID reported; PARTY_UNKNOWN meeting.parties[2].name; "
        "WORD_UNKNOWN meeting.kind; WORD_UNKNOWN meeting_postponed.reason"}});
}

TEST(CheckEvent, SaysWhatToUseInstead) {
  const Errors errors = Check(EventFromText(
      R"(meeting { parties { name: "Japanese" } } meeting_cancelled { reason: "epidemik" })"));
  ASSERT_EQ(errors.size(), 2u);
  EXPECT_EQ(errors[0].field, "meeting.parties[2].name");
  EXPECT_EQ(errors[0].value, "Japanese");
  EXPECT_EQ(errors[0].suggestions, std::vector<std::string>{"JP (Japan)"});
  EXPECT_EQ(errors[1].suggestions, std::vector<std::string>{"epidemic"});
}

TEST(CheckEvent, EchoesLongValuesInPart) {
  v1::NewEvent event = EventFromText("meeting_cancelled {}");
  std::string title(199, 'a');
  title += "é";  // would be cut in two at 200
  title += std::string(2000, 'b');
  event.mutable_source()->set_title(title);
  const Errors errors = Check(event);
  ASSERT_EQ(errors.size(), 1u);
  EXPECT_EQ(errors[0].reason, Reason::kMessageTooLarge);
  EXPECT_EQ(errors[0].value, std::string(199, 'a'));
}

TEST(CheckEvent, Stream) {
  ExpectFaults({
      {R"(stream: "" meeting_held { date { edtf: "2021" } })", "FIELD_REQUIRED stream"},
      {R"(stream: "meeting/Ab" meeting_cancelled {})", "STREAM_INVALID stream"},
      {R"(stream: "admin/clock" statement_made { who: "JP" summary: "x" })",
       "STREAM_MISMATCH stream"},
      // names in a stream's name are canonical, or two streams would be one
      {R"(stream: "kind/2plus2" statement_made { who: "JP" summary: "x" })", "WORD_UNKNOWN stream"},
      {R"(stream: "series/ausmin" statement_made { who: "JP" summary: "x" })",
       "STREAM_INVALID stream"},
      {R"(stream: "country/japan" statement_made { who: "JP" summary: "x" })",
       "STREAM_INVALID stream"},
      {R"(stream: "country/XX" statement_made { who: "JP" summary: "x" })", "PARTY_UNKNOWN stream"},
      {R"(stream: "country/UK" statement_made { who: "JP" summary: "x" })",
       "STREAM_INVALID stream"},
      {R"(stream: "pair/JP-XX" statement_made { who: "JP" summary: "x" })", "PARTY_UNKNOWN stream"},
      {R"(stream: "pair/JP-eu" statement_made { who: "JP" summary: "x" })", ""},
      {R"(stream: "country/SU" statement_made { who: "JP" summary: "x" })", ""},
  });
}

TEST(CheckEvent, StreamAndPayloadFit) {
  const struct {
    const char* payload;
    bool meeting, series, pair;
  } rows[] = {
      {R"(meeting_announced {})", true, false, false},
      {R"(meeting_scheduled { date { edtf: "2021" } })", true, false, false},
      {R"(meeting_rescheduled { new_date { edtf: "2021" } })", true, false, false},
      {R"(meeting_postponed {})", true, false, false},
      {R"(meeting_called_off {})", true, false, false},
      {R"(meeting_cancelled {})", true, false, false},
      {R"(meeting_reinstated {})", true, false, false},
      {R"(meeting_moved { mode: video })", true, false, false},
      {R"(meeting_held { date { edtf: "2021" } })", true, false, false},
      {R"(meeting_not_held {})", true, false, false},
      {R"(parties_changed { removed: "IN" })", true, false, false},
      {R"(attendees_named { attendees { party: "JP" post: "minister" } })", true, false, false},
      {R"(topics_tagged { topic: "cyber" relation: "agenda" })", true, false, false},
      {R"(outcome_recorded { kind: "press" })", true, false, false},
      {R"(statement_made { who: "JP" summary: "x" })", true, true, true},
      {R"(claim_recorded { claim: first })", true, true, true},
      {R"(rhythm_agreed { series: "jp-us-two-plus-two" every: "P1Y" })", true, true, true},
      {R"(coverage_declared { kind: "summit" from: "2021-01-01" })", false, true, true},
      {R"(mention_recorded { coder: "icews" code: "040" day: "2021-04-24" })", false, false, true},
      {R"(meeting_linked { other: "meeting/abd" relation: "part_of" })", true, false, false},
      {R"(report_retracted { target: "a" basis: source })", true, true, true},
      {R"(report_corrected { target: "a" basis: source replacement { claim_recorded {
          claim: first } } })",
       true, true, true},
      {R"(report_corrected { target: "a" basis: source replacement { meeting_postponed {} } })",
       true, false, false},
  };
  for (const auto& row : rows) {
    const auto faults = [&](const char* stream) {
      return Faults(EventFromText(std::string(row.payload) + " stream: \"" + stream + "\""));
    };
    const auto expected = [](bool fits) { return fits ? "" : "STREAM_MISMATCH stream"; };
    EXPECT_EQ(faults("meeting/abc"), expected(row.meeting)) << row.payload;
    EXPECT_EQ(faults("series/jp-us-two-plus-two"), expected(row.series)) << row.payload;
    EXPECT_EQ(faults("pair/IN-JP"), expected(row.pair)) << row.payload;
  }
}

TEST(CheckEvent, Payload) {
  ExpectFaults({
      {"", "FIELD_REQUIRED payload"},
      {"clock_adjusted {}", "FIELD_INVALID clock_adjusted"},
      {"event_erased { position: 1 }", "FIELD_INVALID event_erased"},
  });
}

TEST(CheckEvent, Provenance) {
  ExpectFaults({
      {R"(reported: "" meeting_cancelled {})", "PROVENANCE_MISSING reported"},
      {R"(reported: "" source { published: "2021-05" } meeting_cancelled {})", ""},
      {R"(reported: "5 May 2021" meeting_cancelled {})", "TIME_INVALID reported"},
      {R"(reported: "2021-02-30" meeting_cancelled {})", "TIME_INVALID reported"},
      {R"(reported: "2021-05-05T09:30:00+09:00" meeting_cancelled {})", ""},
      {R"(source { published: "yesterday" } meeting_cancelled {})",
       "TIME_INVALID source.published"},
      {R"(source { publisher: "" } meeting_cancelled {})", "PROVENANCE_MISSING source.publisher"},
      {R"(source { class: unspecified } meeting_cancelled {})", "PROVENANCE_MISSING source.class"},
      {R"(source { class: 9 } meeting_cancelled {})", "FIELD_INVALID source.class"},
      {R"(source { url: "example.org/a" } meeting_cancelled {})", "FIELD_INVALID source.url"},
      {R"(source { url: "https://example.org/a b" } meeting_cancelled {})",
       "FIELD_INVALID source.url"},
      {R"(source { url: "urn:isbn:0451450523" } meeting_cancelled {})", ""},
      {R"(source { language: "English!" } meeting_cancelled {})", "FIELD_INVALID source.language"},
      {R"(source { language: "e" } meeting_cancelled {})", "FIELD_INVALID source.language"},
      {R"(source { language: "zh-Hant-TW" } meeting_cancelled {})", ""},
  });
}

TEST(CheckEvent, Carriage) {
  ExpectFaults({
      {R"(id: "a b" meeting_cancelled {})", "EVENT_ID_INVALID id"},
      {R"(id: "a\n" meeting_cancelled {})", "EVENT_ID_INVALID id"},
      {R"(id: "caf\303\251" meeting_cancelled {})", "EVENT_ID_INVALID id"},
      {R"(id: "x-ABC~!" meeting_cancelled {})", ""},
  });
  for (const auto& [size, faults] :
       {std::pair(128u, std::string()), std::pair(129u, std::string("EVENT_ID_INVALID id"))}) {
    v1::NewEvent event = EventFromText("meeting_cancelled {}");
    event.set_id(std::string(size, 'a'));
    EXPECT_EQ(Faults(event), faults);
  }
}

TEST(CheckEvent, Meeting) {
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

TEST(CheckEvent, Dates) {
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

TEST(CheckEvent, MeetingPayloads) {
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

TEST(CheckEvent, StatementsAndClaims) {
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
      {R"(stream: "country/JP" coverage_declared {})",
       "FIELD_REQUIRED coverage_declared.kind; FIELD_REQUIRED coverage_declared.from"},
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

TEST(CheckEvent, ActsOfOurs) {
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

TEST(CheckEvent, CorrectionsAndRetractions) {
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

TEST(CheckEvent, Sizes) {
  v1::NewEvent parties = EventFromText("meeting_cancelled {}");
  for (int i = 0; i < 1000; ++i) parties.mutable_meeting()->add_parties()->set_name("JP");
  EXPECT_EQ(Faults(parties), "MESSAGE_TOO_LARGE meeting.parties");

  v1::NewEvent prose = EventFromText("meeting_cancelled {}");
  prose.mutable_meeting_cancelled()->set_wording(std::string(8000, 'a'));
  EXPECT_EQ(Faults(prose), "");
  prose.mutable_meeting_cancelled()->set_wording(std::string(8001, 'a'));
  EXPECT_EQ(Faults(prose), "MESSAGE_TOO_LARGE meeting_cancelled.wording");

  v1::NewEvent whole = EventFromText("meeting_announced {}");
  for (int i = 0; i < 300; ++i) {
    whole.mutable_meeting_announced()->add_announced_by(std::string(900, 'a'));
  }
  EXPECT_EQ(Faults(whole), "MESSAGE_TOO_LARGE ");
}

TEST(OtherSubjects, AreThoseTheFactsConcern) {
  const struct {
    const char* text;
    std::vector<std::string> subjects;
  } rows[] = {
      {R"(meeting_held {})", {}},
      {R"(meetings_merged { survivor: "meeting/a" absorbed: "meeting/b" })", {"meeting/b"}},
      {R"(meetings_merged { survivor: "meeting/b" absorbed: "meeting/a" })", {"meeting/b"}},
      {R"(meeting_split { from: "meeting/a" to: "meeting/c" })", {"meeting/c"}},
      {R"(meeting_linked { other: "meeting/d" })", {"meeting/d"}},
      {R"(statement_made { about: "pair/IN-JP" about: "kind/summit" about: "pair/IN-JP"
          about: "meeting/a" })",
       {"kind/summit", "pair/IN-JP"}},
      {R"(report_corrected { replacement { statement_made { about: "kind/summit" } } })",
       {"kind/summit"}},
      {R"(report_retracted { target: "x" })", {}},
  };
  for (const auto& row : rows) {
    const v1::NewEvent event = EventFromText(row.text);
    v1::Facts facts;
    ASSERT_TRUE(facts.ParseFromString(event.SerializeAsString()));
    EXPECT_EQ(OtherSubjects("meeting/a", facts), row.subjects) << row.text;
  }
}

}  // namespace
}  // namespace entente::domain
