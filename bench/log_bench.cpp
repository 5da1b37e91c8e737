// Durable append and scan of the log in process, each beside raw RocksDB with the same bytes.
//
//     log_bench --events 1000000 --directory /data/bench --json figures.json
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <mutex>
#include <thread>

#include "bench/figures.h"
#include "bench/raw_log.h"
#include "bench/workload.h"
#include "log/commit.h"
#include "log/log.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void Give(const Error& error) {
  fmt::print(stderr, "log: {}\n", error.ToString());
  std::exit(1);
}

// Sends batches, at most `open` of them unanswered.
class Sender {
 public:
  Sender(log::Log& log, std::size_t open) : log_(log), open_(open) {
    log_.OnOutcome([this] {
      const std::lock_guard lock(mutex_);
      notified_ = true;
      changed_.notify_one();
    });
  }
  ~Sender() { log_.OnOutcome(nullptr); }

  void Send(std::shared_ptr<const v1::AppendRequest> batch) {
    AwaitFewerThan(open_);
    ++sent_;
    log_.Append(sent_, *batch);
  }
  void AwaitAll() { AwaitFewerThan(1); }

 private:
  void AwaitFewerThan(std::size_t open) {
    while (true) {
      for (const auto& outcome : log_.TakeOutcomes()) {
        if (!outcome.errors.empty()) Give(outcome.errors.front());
        ++answered_;
      }
      if (sent_ - answered_ < open) return;
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return notified_; });
      notified_ = false;
    }
  }

  log::Log& log_;
  std::size_t open_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool notified_ = false;
  std::size_t sent_ = 0;
  std::size_t answered_ = 0;
};

struct Plan {
  fs::path directory;
  std::uint64_t events = 0;
  std::size_t open = 8;
  std::vector<int> batches = {1, 100, 1000};
};

constexpr std::uint64_t kChunk = 200'000;  // made before the clock runs, so as not to be measured

std::unique_ptr<log::Log> OpenLog(const fs::path& directory) {
  fs::remove_all(directory);
  auto log = log::Log::Open(directory, {});
  if (!log) Give(log.error());
  return std::move(*log);
}

// Inside the time: what the index has not taken over must not grow from chunk to chunk.
void AwaitIndex(const log::Log& log) {
  while (log.status().index_backlog > log::LogOptions().segment_events) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
}

double AppendRate(const fs::path& directory, std::uint64_t events, int batch, std::size_t open) {
  const auto log = OpenLog(directory);
  Workload workload;
  Sender sender(*log, open);
  double seconds = 0;
  for (std::uint64_t done = 0; done < events;) {
    std::vector<std::shared_ptr<const v1::AppendRequest>> batches;
    const std::uint64_t chunk_end = std::min(events, done + kChunk);
    for (; done < chunk_end; done += static_cast<std::uint64_t>(batch)) {
      batches.push_back(workload.Batch(batch));
    }
    const auto begin = Clock::now();
    for (auto& request : batches) sender.Send(std::move(request));
    sender.AwaitAll();
    AwaitIndex(*log);
    seconds += SecondsSince(begin);
  }
  return static_cast<double>(log->durable().position.value()) / seconds;
}

double RawAppendRate(const fs::path& directory, std::uint64_t events, int batch) {
  fs::remove_all(directory);
  RawLog log(directory);
  Workload workload;
  double seconds = 0;
  std::uint64_t done = 0;
  while (done < events) {
    std::vector<std::vector<std::string>> batches;
    const std::uint64_t chunk_end = std::min(events, done + kChunk);
    for (; done < chunk_end; done += static_cast<std::uint64_t>(batch)) {
      std::vector<std::string>& bodies = batches.emplace_back();
      for (int i = 0; i < batch; ++i) bodies.push_back(workload.Next().SerializeAsString());
    }
    const auto begin = Clock::now();
    for (const auto& bodies : batches) log.Append(bodies);
    seconds += SecondsSince(begin);
  }
  return static_cast<double>(done) / seconds;
}

// Replays the log left behind in a directory.
double ScanRate(const fs::path& directory) {
  auto log = log::Log::Open(directory, {});
  if (!log) Give(log.error());
  const auto begin = Clock::now();
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  for (Position next(1); next <= (*log)->durable().position;) {
    const auto range = (*log)->Read(next, 1 << 20);
    if (!range) Give(range.error());
    for (const std::string& commit_bytes : range->commits) {
      const auto commit = log::CommitView::Parse(commit_bytes);
      if (!commit) Give(commit.error());
      for (std::uint32_t i = 0; i < commit->count(); ++i) {
        bytes += commit->event(i).body.size();
        ++events;
      }
    }
    next = range->next;
  }
  if (bytes == 0) std::exit(1);
  return static_cast<double>(events) / SecondsSince(begin);
}

double RawScanRate(const fs::path& directory, std::uint64_t events) {
  RawLog log(directory);
  const auto begin = Clock::now();
  if (log.Scan() == 0) std::exit(1);
  return static_cast<double>(events) / SecondsSince(begin);
}

void Measure(const Plan& plan, Figures& figures) {
  const fs::path ours = plan.directory / "entente";
  const fs::path raw = plan.directory / "raw";
  const std::uint64_t few = std::min<std::uint64_t>(plan.events, 2'000);
  const double sync = AppendAndSyncSeconds(plan.directory, 400);
  figures.Add("fdatasync", 1 / sync, "syncs/s");
  for (const int batch : plan.batches) {
    const std::uint64_t single = batch == 1 ? few : std::min<std::uint64_t>(plan.events, 200'000);
    const double raw_rate = RawAppendRate(raw, batch == 1000 ? plan.events : single, batch);
    figures.AddBesideRaw(fmt::format("append_{}_one_at_a_time", batch),
                         AppendRate(ours, single, batch, 1), "events/s", raw_rate);
    const std::uint64_t piped = batch == 1 ? 100'000 : batch == 100 ? 400'000 : plan.events;
    figures.AddBesideRaw(fmt::format("append_{}_pipelined", batch),
                         AppendRate(ours, std::min(piped, plan.events), batch,
                                    batch == 1000 ? plan.open : plan.open * 32),
                         "events/s", raw_rate);
  }
  figures.AddBesideRaw("scan", ScanRate(ours), "events/s", RawScanRate(raw, plan.events));
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
  CLI::App app{"Measures the log beside raw RocksDB."};
  entente::bench::Plan plan;
  plan.directory = std::filesystem::temp_directory_path() / "entente-log-bench";
  plan.events = 1'000'000;
  std::string json;
  app.add_option("--events", plan.events, "events of the large figures");
  app.add_option("--directory", plan.directory, "where to write; emptied first");
  app.add_option("--open", plan.open, "batches of 1000 open at a time when pipelined");
  app.add_option("--batches", plan.batches, "events a request")->delimiter(',');
  app.add_option("--json", json, "write the figures to this file too");
  CLI11_PARSE(app, argc, argv);

  std::filesystem::remove_all(plan.directory);
  std::filesystem::create_directories(plan.directory);
  entente::bench::Figures figures;
  entente::bench::Measure(plan, figures);
  figures.Print();
  if (!json.empty()) figures.WriteJson(json);
  std::filesystem::remove_all(plan.directory);
  return 0;
}
