#include "services/ingest/status.h"

#include <google/protobuf/util/time_util.h>

#include "services/settings/version.h"

namespace entente::ingest {

v1::StatusReply MakeStatus(const log::LogStatus& log, const std::string& data_directory,
                           const std::string& marker) {
  v1::StatusReply status;
  status.set_service("ingest");
  status.set_version(std::string(settings::Version()));
  status.set_health(log.read_only       ? v1::StatusReply::red
                    : log.notes.empty() ? v1::StatusReply::green
                                        : v1::StatusReply::amber);
  status.mutable_notes()->Assign(log.notes.begin(), log.notes.end());
  status.set_ready(!log.read_only);
  status.set_durable_position(log.durable.position.value());
  status.set_checkpoint(log.durable.position.value());
  if (log.durable.position > Position()) {
    *status.mutable_last_progress() =
        google::protobuf::util::TimeUtil::MillisecondsToTimestamp(log.last_recorded.value());
  }
  status.set_chain_hash(log.durable.hash.data(), log.durable.hash.size());
  status.set_index_backlog(log.index_backlog);
  status.set_data_directory(data_directory);
  status.set_marker(marker);
  return status;
}

}  // namespace entente::ingest
