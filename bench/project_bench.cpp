// Projecting a log into views in process, beside a raw scan of the same log.
//
//     project_bench --events 1000000 --directory /data/bench --json figures.json
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "bench/figures.h"
#include "bench/lives.h"
#include "log/commit.h"
#include "log/log.h"
#include "views/projection.h"
#include "views/view_store.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Plan {
  fs::path directory;
  std::uint64_t events = 0;
  std::uint64_t read_bytes = 1 << 20;
};

double SecondsSince(Clock::time_point begin) {
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

[[noreturn]] void Give(const Error& error) {
  fmt::print(stderr, "project_bench: {}\n", error.ToString());
  std::exit(1);
}

template <class T>
T Or(Result<T> result) {
  if (!result) Give(result.error());
  return *std::move(result);
}

// A log of `events` lives' events; one that is there already is taken as it is.
std::unique_ptr<log::Log> LogOf(const Plan& plan) {
  constexpr int kBatch = 1'000;
  auto log = Or(log::Log::Open(plan.directory / "log", {}));
  Lives lives;
  std::uint64_t token = 0;
  for (std::uint64_t done = log->durable().position.value(); done < plan.events; done += kBatch) {
    log->Append(++token, lives.Batch(kBatch));
    for (bool answered = false; !answered;) {
      for (const auto& outcome : log->TakeOutcomes()) {
        if (!outcome.errors.empty()) Give(outcome.errors.front());
        answered = true;
      }
      if (!answered) std::this_thread::sleep_for(std::chrono::microseconds(100));
    }
  }
  return log;
}

// Calls `visit` with the commits of the log, some bytes at a time.
template <class Visit>
void ReadAll(const log::Log& log, const Plan& plan, const Visit& visit) {
  for (Position next(1); next <= log.durable().position;) {
    const auto range = Or(log.Read(next, plan.read_bytes));
    std::vector<log::CommitView> commits;
    for (const std::string& bytes : range.commits) {
      commits.push_back(Or(log::CommitView::Parse(bytes)));
    }
    visit(commits);
    next = range.next;
  }
}

double ScanRate(const log::Log& log, const Plan& plan) {
  const auto begin = Clock::now();
  std::uint64_t events = 0;
  ReadAll(log, plan, [&](const std::vector<log::CommitView>& commits) {
    for (const auto& commit : commits) events += commit.count();
  });
  return static_cast<double>(events) / SecondsSince(begin);
}

double ProjectRate(const log::Log& log, const Plan& plan, double* longest_ms) {
  const fs::path directory = plan.directory / "views";
  fs::remove_all(directory);
  const auto store = Or(views::ViewStore::Open(directory, "g1"));
  views::Projector projector(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  const auto begin = Clock::now();
  *longest_ms = 0;
  ReadAll(log, plan, [&](const std::vector<log::CommitView>& commits) {
    const auto begun = Clock::now();
    const auto projected = Or(projector.Project(*store->TakeSnapshot(), commits));
    if (const auto applied = store->Apply(projected.delta); !applied) Give(applied.error());
    if (!projected.parked.empty()) Give(projected.parked.front().error);
    *longest_ms = std::max(*longest_ms, SecondsSince(begun) * 1'000);
  });
  return static_cast<double>(store->checkpoint().position.value()) / SecondsSince(begin);
}

double PeakMib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Run(const Plan& plan, const fs::path& json) {
  const auto log = LogOf(plan);
  Figures figures;
  const double scan = ScanRate(*log, plan);
  double longest_ms = 0;
  figures.Add("scan", scan, "events/s");
  figures.Add("project", ProjectRate(*log, plan, &longest_ms), "events/s", Beside{scan});
  figures.Add("longest batch", longest_ms, "ms");
  figures.Add("peak memory", PeakMib(), "MiB");
  if (!json.empty()) figures.WriteJson(json);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
  CLI::App app("Measures how fast a log is projected into views.");
  entente::bench::Plan plan;
  std::filesystem::path json;
  app.add_option("--events", plan.events, "events to project")->default_val(1'000'000);
  app.add_option("--directory", plan.directory, "where log and views are made")->required();
  app.add_option("--read-bytes", plan.read_bytes, "bytes of the log in one batch");
  app.add_option("--json", json, "file for the figures");
  CLI11_PARSE(app, argc, argv);
  entente::bench::Run(plan, json);
  return 0;
}
