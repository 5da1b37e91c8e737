// Events for ingest to take.
#pragma once

#include <initializer_list>
#include <string>

#include "entente/v1/log.pb.h"

namespace entente::ingest {

// A well-formed report that a meeting is postponed.
inline v1::NewEvent Postponed(const std::string& id,
                              const std::string& stream = "meeting/jp-in-two-plus-two-2021-04") {
  v1::NewEvent event;
  event.set_id(id);
  event.set_stream(stream);
  event.set_reported("2021-05-05");
  event.mutable_source()->set_publisher("The Example Gazette");
  event.mutable_source()->set_class_(v1::Source::media);
  event.mutable_meeting()->set_kind("two-plus-two");
  event.mutable_meeting()->add_parties()->set_name("JP");
  event.mutable_meeting()->add_parties()->set_name("IN");
  event.mutable_meeting_postponed()->mutable_old_date()->set_edtf("2021-04-24");
  return event;
}

inline v1::AppendRequest Batch(std::initializer_list<v1::NewEvent> events) {
  v1::AppendRequest request;
  for (const v1::NewEvent& event : events) *request.add_events() = event;
  return request;
}

}  // namespace entente::ingest
