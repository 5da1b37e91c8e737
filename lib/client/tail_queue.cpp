#include "client/tail_queue.h"

#include <algorithm>
#include <utility>

namespace entente::client {
namespace {

constexpr std::chrono::milliseconds kLookAtStop(50);

}  // namespace

TailQueue::TailQueue(std::unique_ptr<bus::Subscriber> subscriber, std::size_t room)
    : subscriber_(std::move(subscriber)),
      room_(std::max<std::size_t>(room, 1)),
      thread_([this](const std::stop_token& stop) { Run(stop); }) {}

std::optional<bus::Subscriber::Heard> TailQueue::Next(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  came_.wait_for(lock, patience, [&] { return !waiting_.empty(); });
  if (waiting_.empty()) return std::nullopt;
  auto heard = std::move(waiting_.front());
  waiting_.pop_front();
  return heard;
}

void TailQueue::Run(const std::stop_token& stop) {
  while (!stop.stop_requested() && !subscriber_->over()) {
    auto heard = subscriber_->Next(kLookAtStop);
    if (!heard) continue;
    const std::lock_guard lock(mutex_);
    if (waiting_.size() >= room_) waiting_.pop_front();
    waiting_.push_back(*std::move(heard));
    came_.notify_one();
  }
}

}  // namespace entente::client
