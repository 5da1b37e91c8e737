#include "log/indexer.h"

#include <pthread.h>

namespace entente::log {

Indexer::Indexer(Index& index, Position indexed_to, std::function<void()> notify)
    : index_(index),
      notify_(std::move(notify)),
      indexed_to_(indexed_to),
      thread_([this] { Run(); }) {}

Indexer::~Indexer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_one();
  thread_.join();
}

void Indexer::Add(std::shared_ptr<const Segment> durable_segment) {
  {
    const std::lock_guard lock(mutex_);
    segments_.push_back(std::move(durable_segment));
  }
  changed_.notify_one();
}

Position Indexer::indexed_to() const {
  const std::lock_guard lock(mutex_);
  return indexed_to_;
}

std::optional<Error> Indexer::error() const {
  const std::lock_guard lock(mutex_);
  return error_;
}

void Indexer::Run() {
  pthread_setname_np(pthread_self(), "log-indexer");
  std::unique_lock lock(mutex_);
  while (!error_) {
    changed_.wait(lock, [&] { return stopping_ || !segments_.empty(); });
    if (segments_.empty()) return;
    const std::shared_ptr<const Segment> segment = segments_.front();
    lock.unlock();
    auto added = index_.Add(*segment);
    lock.lock();
    if (added) {
      indexed_to_ = segment->end.position;
      segments_.pop_front();
      lock.unlock();
      // Before the merging: that takes its time, and nobody needs to wait for it.
      notify_();
      added = index_.Tidy();
      lock.lock();
    }
    if (added) continue;
    error_ = added.error();
    lock.unlock();
    notify_();
    lock.lock();
  }
}

}  // namespace entente::log
