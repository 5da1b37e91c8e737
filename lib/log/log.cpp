#include "log/log.h"

#include <time.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "log/directory_lock.h"
#include "log/group_commit.h"
#include "log/reader.h"
#include "log/recovery.h"
#include "log/witness.h"

namespace entente::log {
namespace {

std::int64_t SystemWallClock() {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
             std::chrono::system_clock::now().time_since_epoch())
      .count();
}

std::int64_t SystemBootClock() {
  timespec now{};
  clock_gettime(CLOCK_BOOTTIME, &now);
  return std::int64_t{now.tv_sec} * 1000 + now.tv_nsec / 1'000'000;
}

class DirectoryLog final : public Log {
 public:
  DirectoryLog(DirectoryLock lock, Witness witness, OpenedLog opened, const LogOptions& options)
      : lock_(std::move(lock)),
        store_(std::move(opened.store)),
        index_(std::move(opened.index)),
        opening_notes_(std::move(opened.notes)),
        reread_(opened.reread),
        commits_(*store_, *index_, opened.indexed_to, std::move(witness), options,
                 std::move(opened.state)) {}

  void Append(std::uint64_t token, const v1::AppendRequest& batch) override {
    commits_.Append(token, batch);
  }
  void OnOutcome(std::function<void()> notify) override { commits_.OnOutcome(std::move(notify)); }
  std::vector<AppendOutcome> TakeOutcomes() override { return commits_.TakeOutcomes(); }
  void OnDurable(std::function<void(Position)> notify) override {
    commits_.OnDurable(std::move(notify));
  }
  ChainPoint durable() const override { return commits_.durable(); }

  LogStatus status() const override {
    LogStatus status = commits_.status();
    status.reread = reread_;
    status.notes.insert(status.notes.begin(), opening_notes_.begin(), opening_notes_.end());
    return status;
  }

  Result<CommitRange> Read(Position from, std::uint64_t max_bytes) const override {
    return ReadRange(*store_, from, durable().position, max_bytes);
  }

  Result<std::vector<v1::RecordedEvent>> ReadStream(std::string_view stream, Position from,
                                                    std::uint64_t max_bytes,
                                                    Position* next) const override {
    return log::ReadStream(*store_, *index_, stream, from, durable().position, max_bytes, next);
  }

  Result<Digest> HashAt(Position position) const override {
    return log::HashAt(*store_, position, durable().position);
  }

  Result<Position> AtTime(RecordedTime time) const override {
    return PositionAtTime(*store_, time, durable().position);
  }

 private:
  const DirectoryLock lock_;
  const std::unique_ptr<RocksStore> store_;
  const std::unique_ptr<Index> index_;
  const std::vector<std::string> opening_notes_;
  const std::uint64_t reread_;
  GroupCommit commits_;  // uses all of the above
};

}  // namespace

Result<std::unique_ptr<Log>> Log::Open(const std::filesystem::path& directory, LogOptions options) {
  if (!options.wall_clock) options.wall_clock = SystemWallClock;
  if (!options.boot_clock) options.boot_clock = SystemBootClock;
  options.tail_events_max = std::max(options.tail_events_max, options.segment_events);
  auto lock = DirectoryLock::Take(directory);
  if (!lock) return Fail(lock.error());
  auto opened = OpenLog(directory, options);
  if (!opened) return Fail(opened.error());
  auto witness = Witness::Open(LogFiles(directory).witness);
  if (!witness) return Fail(witness.error());
  return std::make_unique<DirectoryLog>(std::move(*lock), std::move(*witness), std::move(*opened),
                                        std::move(options));
}

}  // namespace entente::log
