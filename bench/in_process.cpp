#include "bench/in_process.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <random>
#include <thread>

#include "bench/give_up.h"
#include "bench/race.h"
#include "bench/raw_log.h"
#include "log/commit.h"
#include "log/log.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;

// Appends with at most `open` batches unanswered.
class LogContender final : public Contender {
 public:
  LogContender(const Plan& plan, const fs::path& directory, std::size_t open) : open_(open) {
    log::LogOptions options;
    if (plan.commit_bytes > 0) options.commit_bytes_max = plan.commit_bytes;
    auto log = log::Log::Open(directory, options);
    if (!log) GiveUp(log.error().ToString());
    log_ = std::move(*log);
    log_->OnOutcome([this] {
      const std::lock_guard lock(mutex_);
      notified_ = true;
      changed_.notify_one();
    });
  }
  ~LogContender() override { log_->OnOutcome(nullptr); }

  void Append(const Chunk& chunk) override {
    for (const auto& batch : chunk.batches) {
      AwaitFewerThan(open_);
      log_->Append(++sent_, *batch);
    }
    AwaitFewerThan(1);
    // What the index has not taken over yet must not grow from turn to turn.
    while (log_->status().index_backlog > log::LogOptions().segment_events) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  // Reads the commit that holds one event, as whoever looks for a single one must.
  void Read(std::uint64_t position) {
    const auto range = log_->Read(Position(position), 0);
    if (!range) GiveUp(range.error().ToString());
    const auto commit = log::CommitView::Parse(range->commits.front());
    if (!commit) GiveUp(commit.error().ToString());
  }

  // Reads all as a replay does; returns the number of events.
  std::uint64_t Scan() {
    std::uint64_t events = 0;
    std::uint64_t bytes = 0;
    for (Position next(1); next <= log_->durable().position;) {
      const auto range = log_->Read(next, 1 << 20);
      if (!range) GiveUp(range.error().ToString());
      for (const std::string& commit_bytes : range->commits) {
        const auto commit = log::CommitView::Parse(commit_bytes);
        if (!commit) GiveUp(commit.error().ToString());
        for (std::uint32_t i = 0; i < commit->count(); ++i) bytes += commit->event(i).body.size();
        events += commit->count();
      }
      next = range->next;
    }
    if (bytes == 0) GiveUp("the log is empty");
    return events;
  }

 private:
  void AwaitFewerThan(std::size_t open) {
    while (true) {
      for (const auto& outcome : log_->TakeOutcomes()) {
        if (!outcome.errors.empty()) GiveUp(outcome.errors.front().ToString());
        ++answered_;
      }
      if (sent_ - answered_ < open) return;
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return notified_; });
      notified_ = false;
    }
  }

  std::unique_ptr<log::Log> log_;
  std::size_t open_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool notified_ = false;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
};

// Microseconds for a read of one event, anywhere in the log.
double MicrosecondsOf(std::uint64_t events, const std::function<void(std::uint64_t)>& read) {
  constexpr int kReads = 2'000;
  std::mt19937_64 random(1);
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < kReads; ++i) read(random() % events + 1);
  return SecondsSince(begin) / kReads * 1e6;
}

// A short scan is repeated until it can be timed.
double RateOf(const std::function<std::uint64_t()>& scan) {
  constexpr double kSecondsMin = 0.3;
  const auto begin = std::chrono::steady_clock::now();
  std::uint64_t events = 0;
  while (SecondsSince(begin) < kSecondsMin) events += scan();
  return static_cast<double>(events) / SecondsSince(begin);
}

// One log and one raw one, on the course, and a scan of what they have then. Returns the raw one's
// rate.
double MeasureAppend(const Plan& plan, const std::string& name, const std::string& scan,
                     const Course& course, std::size_t open, std::optional<double> goal,
                     Figures& figures) {
  double raw_rate = 0;
  const fs::path ours = plan.directory / "entente";
  const fs::path raw = plan.directory / "raw";
  {
    LogContender log(plan, ours, open);
    RawLog raw_log(raw);
    const std::array<Contender*, 2> both = {&log, &raw_log};
    const auto rates = Race(course, both);
    raw_rate = rates[1];
    figures.Add(name, rates[0], "events/s", Beside{raw_rate, goal});
    const double raw_scan = RateOf([&] { return raw_log.Scan(); });
    figures.Add(scan, RateOf([&] { return log.Scan(); }), "events/s", Beside{raw_scan});
    if (goal) {
      const double raw_read =
          MicrosecondsOf(course.events, [&](std::uint64_t at) { raw_log.Read(at); });
      figures.Add("read_one",
                  MicrosecondsOf(course.events, [&](std::uint64_t at) { log.Read(at); }), "us",
                  Beside{raw_read});
    }
  }
  fs::remove_all(ours);
  fs::remove_all(raw);
  return raw_rate;
}

// The log alone, beside what the raw one did before.
void MeasureAlone(const Plan& plan, const std::string& name, const Course& course, std::size_t open,
                  double raw_rate, Figures& figures) {
  const fs::path ours = plan.directory / "entente";
  {
    LogContender log(plan, ours, open);
    const std::array<Contender*, 1> alone = {&log};
    figures.Add(name, Race(course, alone)[0], "events/s", Beside{raw_rate});
  }
  fs::remove_all(ours);
}

}  // namespace

std::uint64_t Plan::events_one_at_a_time(int batch) const {
  return std::min<std::uint64_t>(events, batch == 1 ? 2'000 : batch == 100 ? 100'000 : 200'000);
}

std::uint64_t Plan::events_pipelined(int batch) const {
  return batch == 1     ? std::min<std::uint64_t>(events, 100'000)
         : batch == 100 ? std::min<std::uint64_t>(events, 400'000)
                        : events;
}

std::size_t Plan::open_of(int batch) const {
  return batch == 1 ? open * 64 : batch == 100 ? open * 10 : open;
}

void MeasureInProcess(const Plan& plan, Figures& figures) {
  for (const int batch : plan.batches) {
    const double raw = MeasureAppend(plan, fmt::format("append_{}_one_at_a_time", batch),
                                     fmt::format("scan_commits_of_{}", batch),
                                     {plan.events_one_at_a_time(batch), batch}, 1, {}, figures);
    const std::string name = fmt::format("append_{}_pipelined", batch);
    const Course course{plan.events_pipelined(batch), batch, batch == 1000 ? plan.seconds : 0};
    if (batch == 1000) {
      MeasureAppend(plan, name, "scan", course, plan.open_of(batch), 0.9, figures);
    } else {  // the raw one syncs each of them, and would take its time
      MeasureAlone(plan, name, course, plan.open_of(batch), raw, figures);
    }
  }
}

}  // namespace entente::bench
