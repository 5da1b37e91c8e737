// One line for each rule of what every event has.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/event/expect_faults.h"
#include "tests/event/sample_events.h"

namespace entente::domain {
namespace {

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

}  // namespace
}  // namespace entente::domain
