#include "log/erasure_order.h"

namespace entente::log {

std::optional<ErasureOrder> OrderIn(const EventView& event) {
  const bool may_be = event.payload_field == v1::NewEvent::kEventErasedFieldNumber &&
                      event.stream == kErasuresStream && !event.erased;
  v1::NewEvent said;
  if (!may_be || !said.ParseFromArray(event.body.data(), static_cast<int>(event.body.size()))) {
    return std::nullopt;
  }
  const v1::EventErased& erased = said.event_erased();
  return ErasureOrder{Position(erased.position()),
                      erased.event_id(),
                      erased.authority(),
                      erased.why(),
                      event.position,
                      event.recorded};
}

v1::AppendRequest ToAppend(const ErasureOrder& order, RecordedTime now) {
  v1::AppendRequest batch;
  v1::NewEvent* const event = batch.add_events();
  event->set_stream(std::string(kErasuresStream));
  event->set_reported(ToRfc3339(now));
  event->mutable_source()->set_publisher("entente");
  event->mutable_source()->set_class_(v1::Source::official);
  v1::EventErased* const erased = event->mutable_event_erased();
  erased->set_position(order.position.value());
  erased->set_event_id(order.event_id);
  erased->set_authority(order.authority);
  erased->set_why(order.why);
  return batch;
}

}  // namespace entente::log
