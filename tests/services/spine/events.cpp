#include "tests/services/spine/events.h"

#include <fmt/format.h>

#include <utility>

namespace entente::spine {
namespace {

v1::NewEvent About(const std::string& meeting, const std::string& reported,
                   const std::string& what) {
  v1::NewEvent event;
  event.set_stream("meeting/" + meeting);
  event.set_id(fmt::format("{}-{}-{}", meeting, reported, what));
  event.set_reported(reported);
  event.mutable_source()->set_publisher("a daily");
  event.mutable_source()->set_class_(v1::Source::media);
  return event;
}

void Between(const std::vector<std::string>& parties, v1::NewEvent* event) {
  event->mutable_meeting()->set_kind("two-plus-two");
  for (const std::string& party : parties) event->mutable_meeting()->add_parties()->set_name(party);
}

}  // namespace

v1::NewEvent Scheduled(const std::string& meeting, const std::vector<std::string>& parties,
                       const std::string& day, const std::string& reported) {
  v1::NewEvent event = About(meeting, reported, "scheduled");
  Between(parties, &event);
  event.mutable_meeting_scheduled()->mutable_date()->set_edtf(day);
  return event;
}

v1::NewEvent Postponed(const std::string& meeting, const std::string& reported) {
  v1::NewEvent event = About(meeting, reported, "postponed");
  event.mutable_meeting_postponed()->set_reason("epidemic");
  return event;
}

v1::NewEvent Held(const std::string& meeting, const std::vector<std::string>& parties,
                  const std::string& day) {
  v1::NewEvent event = About(meeting, day, "held");
  Between(parties, &event);
  event.mutable_meeting_held()->mutable_date()->set_edtf(day);
  return event;
}

v1::NewEvent Numbered(int n) {
  const bool odd = n % 2 != 0;
  const std::string day =
      fmt::format("20{:02}-{:02}-{:02}", n / 336 % 100, n / 28 % 12 + 1, n % 28 + 1);
  return Held(fmt::format("numbered-{:06}", n), {odd ? "FR" : "IN", "JP"}, day);
}

v1::AppendRequest Batch(std::vector<v1::NewEvent> events) {
  v1::AppendRequest batch;
  for (v1::NewEvent& event : events) *batch.add_events() = std::move(event);
  return batch;
}

}  // namespace entente::spine
