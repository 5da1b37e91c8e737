#include "bench/lives_log.h"

#include <condition_variable>
#include <mutex>

#include "bench/give_up.h"
#include "bench/lives.h"

namespace entente::bench {

std::unique_ptr<log::Log> LogOfLives(const std::filesystem::path& directory, std::uint64_t events) {
  constexpr int kBatch = 1'000;
  constexpr std::uint64_t kOpen = 8;
  std::filesystem::create_directories(directory);
  auto opened = log::Log::Open(directory, {});
  if (!opened) GiveUp(opened.error().ToString());
  std::unique_ptr<log::Log> log = std::move(*opened);
  std::mutex mutex;
  std::condition_variable came;
  bool notified = false;
  log->OnOutcome([&] {
    const std::lock_guard lock(mutex);
    notified = true;
    came.notify_one();
  });
  Lives lives;
  std::uint64_t sent = 0;
  std::uint64_t answered = 0;
  const auto await_fewer_than = [&](std::uint64_t open) {
    while (true) {
      for (const auto& outcome : log->TakeOutcomes()) {
        if (!outcome.errors.empty()) GiveUp(outcome.errors.front().ToString());
        ++answered;
      }
      if (sent - answered < open) return;
      std::unique_lock lock(mutex);
      came.wait(lock, [&] { return notified; });
      notified = false;
    }
  };
  const std::uint64_t there = log->durable().position.value();
  for (std::uint64_t made = 0; made < events; made += kBatch) {
    // The same seed makes the same events: those that are there are made only to go on from them.
    const auto batch = lives.Batch(kBatch);
    if (made < there) continue;
    await_fewer_than(kOpen);
    log->Append(++sent, *batch);
  }
  await_fewer_than(1);
  log->OnOutcome(nullptr);
  return log;
}

}  // namespace entente::bench
