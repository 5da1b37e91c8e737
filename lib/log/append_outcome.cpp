#include <google/protobuf/util/time_util.h>

#include "log/log.h"
#include "log/prepared_batch.h"

namespace entente::log {

void ToReply(const AppendOutcome& outcome, v1::AppendReply* reply) {
  reply->Clear();
  reply->mutable_events()->Reserve(static_cast<int>(outcome.events.size()));
  for (std::size_t i = 0; i < outcome.events.size(); ++i) {
    const AppendedEvent& appended = outcome.events[i];
    const std::string_view id = outcome.batch->id(outcome.batch->events[i]);
    v1::AppendedEvent* const event = reply->add_events();
    event->set_position(appended.position.value());
    event->set_revision(appended.revision.value());
    event->set_duplicate(appended.duplicate);
    event->set_id(id.data(), id.size());
  }
  if (outcome.recorded) {
    *reply->mutable_recorded() =
        google::protobuf::util::TimeUtil::MillisecondsToTimestamp(outcome.recorded->value());
  }
  reply->set_durable_position(outcome.durable.value());
}

}  // namespace entente::log
