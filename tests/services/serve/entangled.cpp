#include "tests/services/serve/entangled.h"

#include <fmt/format.h>

#include <string>

namespace entente::serve {
namespace {

constexpr int kChapter = 14;  // events

// The id of an event of a chapter.
std::string Id(int chapter, int place) { return fmt::format("chapter-{}-{}", chapter, place); }

std::string Day(int n) { return fmt::format("2021-{:02}-{:02}", n / 28 % 12 + 1, n % 28 + 1); }

v1::NewEvent Said(const std::string& stream, const std::string& id, int day) {
  v1::NewEvent event;
  event.set_stream(stream);
  event.set_id(id);
  event.set_reported(Day(day));
  event.mutable_source()->set_publisher(day % 3 == 0 ? "a ministry" : "a daily");
  event.mutable_source()->set_class_(day % 3 == 0 ? v1::Source::official : v1::Source::media);
  return event;
}

v1::NewEvent Retraction(const std::string& stream, const std::string& id, int day,
                        const std::string& target) {
  v1::NewEvent event = Said(stream, id, day);
  event.mutable_report_retracted()->set_target(target);
  event.mutable_report_retracted()->set_basis(v1::Basis::encoding);
  return event;
}

void Between(const char* one, const char* other, v1::NewEvent* event) {
  event->mutable_meeting()->set_kind("two-plus-two");
  event->mutable_meeting()->add_parties()->set_name(one);
  event->mutable_meeting()->add_parties()->set_name(other);
}

v1::NewEvent OfLongLife(const std::string& id, int n) {
  v1::NewEvent event = Said(kLongLife, id, n);
  Between("JP", n % 5 == 0 ? "US" : "IN", &event);
  switch (n % 4) {
    case 0:
      event.mutable_meeting_scheduled()->mutable_date()->set_edtf(Day(n + 40));
      break;
    case 1:
      event.mutable_meeting_postponed()->set_reason("epidemic");
      break;
    case 2:
      event.mutable_topics_tagged()->set_topic(n % 8 == 2 ? "maritime-security" : "cyber");
      event.mutable_topics_tagged()->set_relation("agenda");
      break;
    default:
      event.mutable_meeting_rescheduled()->mutable_new_date()->set_edtf(Day(n + 60));
  }
  return event;
}

}  // namespace

v1::NewEvent EarlyLife(int n) { return OfLongLife(fmt::format("early-life-{}", n), n); }

v1::NewEvent Entangled(int n) {
  const int chapter = n / kChapter;
  const int place = n % kChapter;
  const std::string a = fmt::format("meeting/a-{}", chapter);
  const std::string b = fmt::format("meeting/b-{}", chapter);
  const std::string id = Id(chapter, place);
  v1::NewEvent event = Said(a, id, n);
  switch (place) {
    case 0:
      Between("JP", "FR", &event);
      event.mutable_meeting_scheduled()->mutable_date()->set_edtf(Day(n + 30));
      return event;
    case 1:
      event.set_stream(b);
      Between("JP", "DE", &event);
      event.mutable_meeting_scheduled()->mutable_date()->set_edtf(Day(n + 31));
      return event;
    case 3:
      event.set_stream(b);
      event.mutable_meeting_postponed()->set_reason("domestic");
      return event;
    case 4:
      event.mutable_meetings_merged()->set_survivor(a);
      event.mutable_meetings_merged()->set_absorbed(b);
      return event;
    case 6: {
      v1::ReportCorrected& corrected = *event.mutable_report_corrected();
      corrected.set_target(Id(chapter, 0));
      corrected.set_basis(v1::Basis::encoding);
      corrected.mutable_replacement()->mutable_meeting_scheduled()->mutable_date()->set_edtf(
          Day(n + 50));
      return event;
    }
    case 7:
      event.mutable_statement_made()->set_who("a minister");
      event.mutable_statement_made()->set_summary("All of them matter.");
      event.mutable_statement_made()->add_about(a);
      event.mutable_statement_made()->add_about(b);
      event.mutable_statement_made()->add_about(kLongLife);
      return event;
    case 8:
      return Retraction(b, id, n, Id(chapter, 3));
    case 9:
      event.mutable_meeting_split()->set_from(a);
      event.mutable_meeting_split()->set_to(fmt::format("meeting/c-{}", chapter));
      event.mutable_meeting_split()->add_event_ids(Id(chapter, 0));
      return event;
    case 10:
      return Retraction(kLongLife, id, n, fmt::format("early-life-{}", chapter));
    case 11:
      if (chapter % 2 == 1) return Retraction(a, id, n, Id(chapter, 4));
      break;
    case 12:
      if (chapter % 3 == 0) return Retraction(a, id, n, Id(chapter, 9));
      break;
    case 13:
      Between("JP", "FR", &event);
      event.mutable_meeting_held()->mutable_date()->set_edtf(Day(n));
      return event;
    default:
      break;
  }
  return OfLongLife(id, n);
}

}  // namespace entente::serve
