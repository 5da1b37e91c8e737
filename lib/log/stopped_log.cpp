#include "log/stopped_log.h"

#include <utility>

#include "log/reader.h"
#include "log/recovery.h"
#include "log/witness.h"

namespace entente::log {

StoppedLog::StoppedLog(DirectoryLock lock, std::unique_ptr<RocksStore> store,
                       const ChainPoint& head)
    : lock_(std::move(lock)), store_(std::move(store)), head_(head) {}

Result<StoppedLog> StoppedLog::Open(const std::filesystem::path& directory) {
  const LogFiles files(directory);
  if (!std::filesystem::exists(files.commits)) {
    return Fail(Reason::kFileUnreadable, directory.string(), "", "there is no log here");
  }
  auto lock = DirectoryLock::Take(directory);
  if (!lock) return Fail(std::move(lock.error()));
  const ChainPoint witness = Witness::Read(files.witness).value_or(ChainPoint{});
  auto examined = ExamineStore(files, nullptr, {}, witness);
  if (!examined) {
    Error refused = std::move(examined.error());
    if (refused.field.empty()) refused.field = files.commits.string();
    return Fail(std::move(refused));
  }
  return StoppedLog(std::move(*lock), std::move(examined->store), examined->extent.end);
}

Result<CommitRange> StoppedLog::Read(Position from, std::uint64_t max_bytes) const {
  return ReadRange(*store_, from, head_.position, max_bytes);
}

Result<Position> StoppedLog::AtTime(RecordedTime time) const {
  return PositionAtTime(*store_, time, head_.position);
}

}  // namespace entente::log
