#include "log/group_commit.h"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

namespace entente::log {
namespace {

Error ReadOnly(const std::string& why) {
  return Fail(Reason::kLogReadOnly, "", "", "the log takes no appends: " + why).value();
}

}  // namespace

GroupCommit::GroupCommit(LogStore& store, Index& index, Position indexed_to, Witness witness,
                         const LogOptions& options, AppendState state)
    : options_(options),
      witness_(std::move(witness)),
      store_(store),
      durable_(state.head),
      last_recorded_(state.last_recorded),
      head_(state.head.position),
      appender_(store, index, options_, std::move(state)),
      indexer_(index, indexed_to, [this] {
        // Under the mutex, or the writer could miss it between looking and waiting.
        const std::lock_guard lock(mutex_);
        to_write_.notify_one();
      }) {
  witness_.Write(durable_);
  clock_held_ = appender_.clock_held();
  writer_ = std::thread([this] { RunWriter(); });
  syncer_ = std::thread([this] { RunSyncer(); });
}

GroupCommit::~GroupCommit() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  to_write_.notify_one();
  writer_.join();
  to_sync_.notify_one();
  syncer_.join();
}

void GroupCommit::Append(std::uint64_t token, const v1::AppendRequest& batch) {
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

std::vector<AppendOutcome> GroupCommit::TakeOutcomes() {
  const std::lock_guard lock(mutex_);
  return std::exchange(outcomes_, {});
}

ChainPoint GroupCommit::durable() const {
  const std::lock_guard lock(mutex_);
  return durable_;
}

LogStatus GroupCommit::status() const {
  LogStatus status;
  const Position indexed_to = indexer_.indexed_to();
  const auto index_error = indexer_.error();
  const std::lock_guard lock(mutex_);
  status.durable = durable_;
  status.last_recorded = last_recorded_;
  status.read_only = !read_only_.empty();
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

bool GroupCommit::Reserve(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  if (pending_bytes_ != 0 && pending_bytes_ + bytes > options_.pending_bytes_max) return false;
  pending_bytes_ += bytes;
  return true;
}

void GroupCommit::Free(std::uint64_t bytes) {
  const std::lock_guard lock(mutex_);
  pending_bytes_ -= bytes;
}

void GroupCommit::Refuse(std::uint64_t token, Errors errors) {
  AppendOutcome refused;
  refused.token = token;
  refused.errors = std::move(errors);
  {
    const std::lock_guard lock(mutex_);
    outcomes_.push_back(std::move(refused));
  }
  on_outcome_.Call();
}

void GroupCommit::RunWriter() {
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
      if (NobodyElseWaits()) {
        SyncWritten(lock);
      } else {
        to_sync_.notify_one();
      }
    } else if (MayAdmit()) {
      AdmitNext(lock);
    } else {
      break;
    }
  }
  writer_done_ = true;
  to_sync_.notify_one();
}

bool GroupCommit::MayWrite() const {
  if (appender_.empty()) return false;
  const bool worth_it = appender_.group_bytes() >= kWorthWriting;
  if (unsynced_bytes_ == 0) return worth_it || !MayAdmit();
  return worth_it && unsynced_bytes_ <= options_.unsynced_bytes_max;
}

void GroupCommit::AdmitNext(std::unique_lock<std::mutex>& lock) {
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

void GroupCommit::WriteGroup(std::unique_lock<std::mutex>& lock) {
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
  }
  Release(lock);
}

void GroupCommit::RunSyncer() {
  pthread_setname_np(pthread_self(), "log-syncer");
  std::unique_lock lock(mutex_);
  while (true) {
    to_sync_.wait(lock, [&] { return (!written_.empty() && !syncing_) || writer_done_; });
    if (written_.empty()) return;
    SyncWritten(lock);
  }
}

bool GroupCommit::NobodyElseWaits() const {
  constexpr std::uint64_t kSmall = 64 << 10;
  if (written_.empty() || syncing_ || unsynced_bytes_ > kSmall) return false;
  const std::uint64_t waiting =
      std::accumulate(waiting_.begin(), waiting_.end(), std::uint64_t{0},
                      [](std::uint64_t sum, const WaitingOutcome& one) { return sum + one.bytes; });
  return waiting == pending_bytes_;
}

void GroupCommit::SyncWritten(std::unique_lock<std::mutex>& lock) {
  syncing_ = true;
  lock.unlock();
  const auto synced = store_.Sync();
  lock.lock();
  if (synced) {
    Advance(*synced, lock);
  } else {
    BecomeReadOnly(synced.error(), lock);
  }
  // Only now, or the other thread could tell of a later position before this one has told.
  syncing_ = false;
}

void GroupCommit::Advance(Position synced, std::unique_lock<std::mutex>& lock) {
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

void GroupCommit::BecomeReadOnly(const Error& error, std::unique_lock<std::mutex>& lock) {
  if (read_only_.empty()) read_only_ = error.ToString();
  written_.clear();
  unsynced_bytes_ = 0;
  to_write_.notify_one();
  Release(lock);
}

void GroupCommit::Abandon(std::vector<WaitingOutcome> outcomes,
                          std::unique_lock<std::mutex>& lock) {
  std::move(outcomes.begin(), outcomes.end(), std::back_inserter(waiting_));
  Release(lock);
}

void GroupCommit::Release(std::unique_lock<std::mutex>& lock) {
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

}  // namespace entente::log
