#include "log/log.h"

#include <fmt/format.h>
#include <pthread.h>
#include <time.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <iterator>
#include <mutex>
#include <thread>
#include <utility>

#include "log/appender.h"
#include "log/directory_lock.h"
#include "log/indexer.h"
#include "log/listener.h"
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

Error ReadOnly(const std::string& why) {
  return Fail(Reason::kLogReadOnly, "", "", "the log takes no appends: " + why).value();
}

// Two threads between Append and TakeOutcomes:
//
//     Append -> accepted_ -> [writer: decide, write] -> written_ -> [syncer: sync] -> outcomes_
//
// and a third, the Indexer's, behind. They share what mutex_ guards, and nothing else.
class DirectoryLog final : public Log {
 public:
  DirectoryLog(DirectoryLock lock, Witness witness, OpenedLog opened, LogOptions options)
      : options_(std::move(options)),
        lock_(std::move(lock)),
        witness_(std::move(witness)),
        store_(std::move(opened.store)),
        index_(std::move(opened.index)),
        opening_notes_(std::move(opened.notes)),
        durable_(opened.state.head),
        last_recorded_(opened.state.last_recorded),
        head_(opened.state.head.position),
        appender_(*store_, *index_, options_, std::move(opened.state)),
        indexer_(*index_, opened.indexed_to, [this] {
          // Under the mutex, or the writer could miss it between looking and waiting.
          const std::lock_guard lock(mutex_);
          to_write_.notify_one();
        }) {
    witness_.Write(durable_);
    clock_held_ = appender_.clock_held();
    writer_ = std::thread([this] { RunWriter(); });
    syncer_ = std::thread([this] { RunSyncer(); });
  }

  ~DirectoryLog() override {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    to_write_.notify_one();
    writer_.join();
    to_sync_.notify_one();
    syncer_.join();
  }

  void Append(std::uint64_t token, const v1::AppendRequest& batch) override {
    const std::uint64_t bytes = batch.ByteSizeLong();
    if (!Reserve(bytes)) {
      const auto why =
          fmt::format("more than {} bytes wait to be stored", options_.pending_bytes_max);
      return Refuse(token, {Fail(Reason::kOverloaded, "", std::to_string(bytes), why).value()});
    }
    auto prepared = std::make_shared<PreparedBatch>();
    prepared->errors = CheckForm(batch, bytes);
    if (prepared->errors.empty()) *prepared = Prepare(batch, bytes, callers_sha_);
    if (!prepared->errors.empty()) {
      Free(bytes);
      return Refuse(token, std::move(prepared->errors));
    }
    {
      const std::lock_guard lock(mutex_);
      accepted_.push_back({token, bytes, std::move(prepared)});
    }
    to_write_.notify_one();
  }

  void OnOutcome(std::function<void()> notify) override { on_outcome_.Set(std::move(notify)); }

  std::vector<AppendOutcome> TakeOutcomes() override {
    const std::lock_guard lock(mutex_);
    return std::exchange(outcomes_, {});
  }

  void OnDurable(std::function<void(Position)> notify) override {
    on_durable_.Set(std::move(notify));
  }

  ChainPoint durable() const override {
    const std::lock_guard lock(mutex_);
    return durable_;
  }

  LogStatus status() const override {
    LogStatus status;
    const Position indexed_to = indexer_.indexed_to();
    const auto index_error = indexer_.error();
    const std::lock_guard lock(mutex_);
    status.durable = durable_;
    status.last_recorded = last_recorded_;
    status.read_only = !read_only_.empty();
    status.notes = opening_notes_;
    if (clock_held_) {
      status.notes.push_back(
          "The wall clock was set by more than a minute; recorded times go on without it until "
          "they agree again, or the log is opened anew.");
    }
    status.index_backlog = head_.value() - std::min(head_, indexed_to).value();
    if (status.read_only) status.notes.push_back(ReadOnly(read_only_).ToString());
    if (index_error) status.notes.push_back("index: " + index_error->ToString());
    if (waits_for_index_) {
      status.notes.push_back("appends wait until the index has taken over older events");
    }
    return status;
  }

  Result<CommitRange> Read(Position from, std::uint64_t max_bytes) const override {
    CommitRange range;
    range.durable = durable().position;
    range.next = std::max(from, Position(1));
    if (range.next > range.durable) return range;
    auto commits = store_->Read(range.next, range.durable, max_bytes);
    if (!commits) return Fail(commits.error());
    range.commits = std::move(*commits);
    if (!range.commits.empty()) {
      const auto last = CommitView::Parse(range.commits.back());
      if (!last) return Fail(last.error());
      range.next = last->last().Next();
    }
    return range;
  }

  Result<std::vector<v1::RecordedEvent>> ReadStream(std::string_view stream, Position from,
                                                    std::uint64_t max_bytes,
                                                    Position* next) const override {
    return log::ReadStream(*store_, *index_, stream, from, durable().position, max_bytes, next);
  }

  Result<Digest> HashAt(Position position) const override {
    return log::HashAt(*store_, position, durable().position);
  }

  Position AtTime(RecordedTime time) const override {
    return PositionAtTime(*store_, time, durable().position).value_or(Position());
  }

 private:
  // Room among what is pending; false: there is none.
  bool Reserve(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    if (pending_bytes_ != 0 && pending_bytes_ + bytes > options_.pending_bytes_max) return false;
    pending_bytes_ += bytes;
    return true;
  }
  void Free(std::uint64_t bytes) {
    const std::lock_guard lock(mutex_);
    pending_bytes_ -= bytes;
  }
  void Refuse(std::uint64_t token, Errors errors) {
    AppendOutcome refused;
    refused.token = token;
    refused.errors = std::move(errors);
    {
      const std::lock_guard lock(mutex_);
      outcomes_.push_back(std::move(refused));
    }
    on_outcome_.Call();
  }

  struct Accepted {
    std::uint64_t token = 0;
    std::uint64_t bytes = 0;
    std::shared_ptr<const PreparedBatch> batch;
  };

  // What was written and not yet known to be synced.
  struct Written {
    ChainPoint end;
    std::uint64_t bytes = 0;
    std::shared_ptr<const Segment> sealed;
  };

  // Decides what was accepted at once; writes what was decided when the disk has nothing else to
  // do, or when there is enough of it to be worth a commit beside the sync that runs.
  void RunWriter() {
    pthread_setname_np(pthread_self(), "log-writer");
    std::unique_lock lock(mutex_);
    while (true) {
      to_write_.wait(lock, [&] {
        appender_.DropTo(indexer_.indexed_to());
        waits_for_index_ = IndexIsBehind() && !accepted_.empty();
        return MustAbandon() || MayWrite() || MayAdmit() || Done();
      });
      if (MustAbandon()) {
        Abandon(appender_.TakeUnwritten(), lock);
      } else if (MayWrite()) {
        WriteGroup(lock);
      } else if (MayAdmit()) {
        AdmitNext(lock);
      } else {
        break;
      }
    }
    writer_done_ = true;
    to_sync_.notify_one();
  }

  bool Done() const { return stopping_ && accepted_.empty() && appender_.empty(); }
  bool MustAbandon() const { return !read_only_.empty() && !appender_.empty(); }
  bool MayAdmit() const { return !accepted_.empty() && !appender_.full() && !IndexIsBehind(); }
  bool MayWrite() const {
    if (appender_.empty()) return false;
    const bool worth_it = appender_.group_bytes() >= kWorthWriting;
    if (unsynced_bytes_ == 0) return worth_it || !MayAdmit();
    return worth_it && unsynced_bytes_ <= options_.unsynced_bytes_max;
  }
  bool TailIsFull() const { return appender_.sealed_segments() > options_.sealed_segments_max; }
  bool IndexIsBehind() const { return read_only_.empty() && TailIsFull() && !indexer_.error(); }

  void AdmitNext(std::unique_lock<std::mutex>& lock) {
    // An index that failed will not make room, and without one memory would have no bound.
    if (read_only_.empty() && TailIsFull()) BecomeReadOnly(*indexer_.error(), lock);
    Accepted next = std::move(accepted_.front());
    accepted_.pop_front();
    if (!read_only_.empty()) {
      WaitingOutcome refused;
      refused.outcome.token = next.token;
      refused.bytes = next.bytes;
      refused.outcome.errors = {ReadOnly(read_only_)};
      waiting_.push_back(std::move(refused));
      Release(lock);
      return;
    }
    lock.unlock();
    const auto admitted = appender_.Admit(next.token, next.bytes, std::move(next.batch));
    lock.lock();
    if (!admitted) BecomeReadOnly(admitted.error(), lock);
  }

  void WriteGroup(std::unique_lock<std::mutex>& lock) {
    const Position durable_through = durable_.position;
    lock.unlock();
    auto group = appender_.WriteGroup(durable_through);
    lock.lock();
    if (!group) {
      BecomeReadOnly(group.error(), lock);
      return;
    }
    if (!read_only_.empty()) {  // a sync failed meanwhile; this one must not be tried
      Abandon(std::move(group->outcomes), lock);
      return;
    }
    last_recorded_ = appender_.last_recorded();
    clock_held_ = appender_.clock_held();
    head_ = group->end.position;
    std::move(group->outcomes.begin(), group->outcomes.end(), std::back_inserter(waiting_));
    if (group->bytes > 0) {
      unsynced_bytes_ += group->bytes;
      written_.push_back({group->end, group->bytes, std::move(group->sealed)});
      to_sync_.notify_one();
    }
    Release(lock);
  }

  void RunSyncer() {
    pthread_setname_np(pthread_self(), "log-syncer");
    std::unique_lock lock(mutex_);
    while (true) {
      to_sync_.wait(lock, [&] { return !written_.empty() || writer_done_; });
      if (written_.empty()) return;
      lock.unlock();
      const auto synced = store_->Sync();
      lock.lock();
      if (synced) {
        Advance(*synced, lock);
      } else {
        BecomeReadOnly(synced.error(), lock);
        return;
      }
    }
  }

  void Advance(Position synced, std::unique_lock<std::mutex>& lock) {
    while (!written_.empty() && written_.front().end.position <= synced) {
      Written& written = written_.front();
      durable_ = written.end;
      unsynced_bytes_ -= written.bytes;
      if (written.sealed) indexer_.Add(std::move(written.sealed));
      written_.pop_front();
    }
    // Before anybody is told: what was acknowledged is never ahead of the witness.
    witness_.Write(durable_);
    const Position durable = durable_.position;
    to_write_.notify_one();
    Release(lock);
    lock.unlock();
    on_durable_.Call(durable);
    lock.lock();
  }

  // After a failed write or sync nothing is known about what the disk holds until it is read
  // again, so there is no way back short of opening the log anew.
  void BecomeReadOnly(const Error& error, std::unique_lock<std::mutex>& lock) {
    if (read_only_.empty()) read_only_ = error.ToString();
    written_.clear();
    unsynced_bytes_ = 0;
    to_write_.notify_one();
    Release(lock);
  }

  // Tells those whose events will not be stored.
  void Abandon(std::vector<WaitingOutcome> outcomes, std::unique_lock<std::mutex>& lock) {
    std::move(outcomes.begin(), outcomes.end(), std::back_inserter(waiting_));
    Release(lock);
  }

  // Moves to outcomes_ what may be told now, and tells that there is something.
  void Release(std::unique_lock<std::mutex>& lock) {
    const std::size_t before = outcomes_.size();
    while (!waiting_.empty()) {
      WaitingOutcome& waiting = waiting_.front();
      if (waiting.needs > durable_.position) {
        if (read_only_.empty()) break;
        waiting.outcome.errors = {ReadOnly(read_only_)};
      }
      waiting.outcome.durable = durable_.position;
      pending_bytes_ -= waiting.bytes;
      outcomes_.push_back(std::move(waiting.outcome));
      waiting_.pop_front();
    }
    if (outcomes_.size() == before) return;
    lock.unlock();
    on_outcome_.Call();
    lock.lock();
  }

  // Enough bytes to write a commit while the one before is being synced.
  static constexpr std::uint64_t kWorthWriting = 256 << 10;

  const LogOptions options_;
  const DirectoryLock lock_;
  const Witness witness_;
  const std::unique_ptr<RocksStore> store_;
  const std::unique_ptr<Index> index_;

  const std::vector<std::string> opening_notes_;

  mutable std::mutex mutex_;
  std::condition_variable to_write_;
  std::condition_variable to_sync_;
  std::deque<Accepted> accepted_;
  std::deque<Written> written_;
  std::deque<WaitingOutcome> waiting_;
  std::vector<AppendOutcome> outcomes_;
  Listener<> on_outcome_;
  Listener<Position> on_durable_;
  ChainPoint durable_;
  RecordedTime last_recorded_;
  Position head_;  // written, perhaps not durable
  std::uint64_t pending_bytes_ = 0;
  std::uint64_t unsynced_bytes_ = 0;
  std::string read_only_;  // why; empty: it is not
  bool clock_held_ = false;
  bool waits_for_index_ = false;
  bool stopping_ = false;
  bool writer_done_ = false;

  Sha256 callers_sha_;  // of the thread that appends

  // The writer's own. Its predicates look at it with the mutex held, which nobody else does.
  Appender appender_;
  Indexer indexer_;
  std::thread writer_;
  std::thread syncer_;
};

}  // namespace

Result<std::unique_ptr<Log>> Log::Open(const std::filesystem::path& directory, LogOptions options) {
  if (!options.wall_clock) options.wall_clock = SystemWallClock;
  if (!options.boot_clock) options.boot_clock = SystemBootClock;
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
