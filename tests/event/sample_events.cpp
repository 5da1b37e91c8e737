#include "tests/event/sample_events.h"

#include <google/protobuf/text_format.h>

#include <stdexcept>

namespace entente::domain {
namespace {

constexpr const char* kBase = R"(
  stream: "meeting/jp-in-two-plus-two-2021-04"
  reported: "2021-05-05"
  source { publisher: "A Japanese daily" class: media }
  meeting { kind: "two-plus-two" parties { name: "JP" } parties { name: "IN" } }
)";

constexpr const char* kFull = R"(
  source {
    title: "Two-plus-two talks" url: "https://example.org/a" published: "2021-05-05T09:30:00+09:00"
    locator: "p. 14" language: "en-GB"
  }
  meeting { series: "jp-in-two-plus-two" ordinal: 2 title: "Second meeting" }
  id: "report-1" origin { importer: "hand" version: "1" }
  correlation_id: "c-1" causation_id: "report-0" backfill: true
)";

struct Payload {
  const char* name;
  const char* text;
};

constexpr Payload kPayloads[] = {
    {"announced",
     R"(meeting_announced { date { edtf: "2021-04-24/.." last_day: "2021-04-25" stated_by: "JP" }
        place: "Tokyo" mode: in_person announced_by: "the Foreign Ministry" })"},
    {"scheduled",
     R"(meeting_scheduled { date { edtf: "2021-04-24" } place: "Tokyo" mode: video })"},
    {"rescheduled",
     R"(meeting_rescheduled { previous_date { edtf: "2021-04-24" } new_date { edtf: "2021-06" } })"},
    {"postponed",
     R"(meeting_postponed { old_date { edtf: "2021-04-24" } reason: "epidemic" until: "2021-22"
        wording: "the spread\nof the virus" })"},
    {"called off", R"(meeting_called_off { reason: "dispute" wording: "put off" })"},
    {"cancelled", R"(meeting_cancelled { reason: "unknown" wording: "will not be held" })"},
    {"reinstated", R"(meeting_reinstated { date { edtf: "2021-05-05/2021" } reason: "domestic" })"},
    {"moved", R"(meeting_moved { mode: video place: "Tokyo" })"},
    {"held",
     R"(meeting_held { date { edtf: "[2021-04-24,2021-04-25]" } mode: hybrid place: "Tokyo"
        attendees { party: "JP" post: "foreign-minister" person: "A. Name" } duration: "PT90M" })"},
    {"not held",
     R"(meeting_not_held { date { edtf: "2021-04-24" } instead: postponed reason: "epidemic" })"},
    {"parties changed",
     R"(parties_changed { added { name: "AU" role: observer } removed: "IN" level: "officials" })"},
    {"attendees",
     R"(attendees_named { attendees { party: "IN" post: "defence-minister" person: "B. Name" } })"},
    {"topic", R"(topics_tagged { topic: "FOIP" relation: "statement" remove: true })"},
    {"outcome",
     R"(outcome_recorded { kind: "planned_exercise" summary: "joint drills" topics: "joint-exercises"
        date { edtf: "2021-22" } next_meeting { edtf: "2022" } quote: "drills" })"},
    {"statement",
     R"(statement_made { who: "A. Name" post: "foreign-minister" about: "kind/two-plus-two"
        about: "pair/IN-JP" said_on: "2021-04-23" summary: "hopes for candid talks"
        topics: "security" quote: "at an early date" })"},
    {"claim",
     R"(claim_recorded { claim: nth_partner value: 8
        scope { kind: "two-plus-two" party: "Japan" window: "P1Y" } wording: "eighth" })"},
    {"claim over a period", R"(claim_recorded { claim: most_frequent scope { window: "2021" } })"},
    {"rhythm", R"(rhythm_agreed { series: "jp-in-two-plus-two" every: "P2Y" })"},
    {"coverage",
     R"(stream: "country/JP" coverage_declared { kind: "two-plus-two" party: "JP"
        from: "2021-01-01" to: "2021-12-31" })"},
    {"mention",
     R"(stream: "pair/IN-JP" mention_recorded { coder: "gdelt" code: "040" actors: "JPN"
        actors: "IND" day: "2021-04-24" url: "https://example.org/b" weight: 4 })"},
    {"linked",
     R"(meeting_linked { other: "meeting/jp-in-two-plus-two-2022-09" relation: "successor" })"},
    {"merged",
     R"(meetings_merged { survivor: "meeting/jp-in-two-plus-two-2021-04" absorbed: "meeting/feed-1"
        score: 0.9 reasons: "same kind and parties" })"},
    {"split",
     R"(meeting_split { from: "meeting/jp-in-two-plus-two-2021-04" to: "meeting/other"
        event_ids: "report-1" })"},
    {"corrected",
     R"(report_corrected { target: "report-1" basis: source why: "misprint"
        replacement { meeting { kind: "two-plus-two" parties { name: "JP" } title: "Talks" }
                      meeting_postponed { old_date { edtf: "2021-04-25" } } } })"},
    {"retracted",
     R"(report_retracted { target: "report-1" basis: encoding why: "wrong meeting" })"},
};

void Merge(const char* text, v1::NewEvent& event) {
  if (!google::protobuf::TextFormat::MergeFromString(text, &event)) {
    throw std::invalid_argument(text);
  }
}

}  // namespace

v1::NewEvent EventFromText(std::string_view text) {
  v1::NewEvent event;
  Merge(kBase, event);
  Merge(std::string(text).c_str(), event);
  return event;
}

const std::vector<SampleEvent>& SampleEvents() {
  static const std::vector<SampleEvent> events = [] {
    std::vector<SampleEvent> made;
    for (const Payload& payload : kPayloads) {
      v1::NewEvent event = EventFromText(kFull);
      Merge(payload.text, event);
      made.push_back({payload.name, std::move(event)});
    }
    return made;
  }();
  return events;
}

}  // namespace entente::domain
