// Projecting a log into views in process, beside a raw scan of the same log and beside another log
// that hands over the same events.
//
//     project_bench --events 1000000 --directory /data/bench --json figures.json
#include <fmt/format.h>
#include <sys/resource.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>

#include "bench/figures.h"
#include "bench/give_up.h"
#include "bench/lives_log.h"
#include "bench/race.h"
#include "bench/replays.h"
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
  std::uint64_t read_bytes = 4 << 20;  // as a rebuild does
  bool peers = false;
};

template <class T>
T Or(Result<T> result) {
  if (!result) GiveUp(result.error().ToString());
  return *std::move(result);
}

// Calls `visit` with the commits of the log, some bytes at a time.
template <class Visit>
void ReadAll(const log::Log& log, const Plan& plan, const Visit& visit) {
  for (Position next(1); next <= log.durable().position;) {
    const auto range = Or(log.Read(next, plan.read_bytes));
    std::vector<log::CommitView> commits;
    commits.reserve(range.commits.size());
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

struct Projected {
  double rate = 0;  // events/s
  double longest_ms = 0;
  double rows = 0;  // written for an event
};

Projected ProjectAll(const log::Log& log, const Plan& plan) {
  const fs::path directory = plan.directory / "views";
  fs::remove_all(directory);
  const auto store = Or(views::ViewStore::Open(directory, "g1"));
  views::Projector projector(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  const auto begin = Clock::now();
  Projected all;
  ReadAll(log, plan, [&](const std::vector<log::CommitView>& commits) {
    const auto begun = Clock::now();
    const auto projected = Or(projector.Project(*store->TakeSnapshot(), commits));
    if (const auto applied = store->Apply(projected.delta); !applied)
      GiveUp(applied.error().ToString());
    if (!projected.parked.empty()) GiveUp(projected.parked.front().error.ToString());
    all.longest_ms = std::max(all.longest_ms, SecondsSince(begun) * 1'000);
    all.rows += static_cast<double>(projected.delta.rows.size());
  });
  const auto events = static_cast<double>(store->checkpoint().position.value());
  all.rate = events / SecondsSince(begin);
  all.rows /= events;
  return all;
}

void MeasureNats(const log::Log& log, const Plan& plan, double ours, Figures* figures) {
  const fs::path directory = plan.directory / "nats";
  fs::remove_all(directory);
  const auto theirs = NatsReplayRate(directory, [&](const auto& take) {
    ReadAll(log, plan, [&](const std::vector<log::CommitView>& commits) {
      for (const auto& commit : commits) {
        for (std::uint32_t i = 0; i < commit.count(); ++i) take(commit.event(i).body);
      }
    });
  });
  fs::remove_all(directory);
  const std::string name = "project_beside_nats_replay";
  if (!theirs) return figures->Skip(name, theirs.error().message);
  figures->Add(name, ours, "events/s", Beside{*theirs, 1.0});
}

double PeakMib() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

void Run(const Plan& plan, const fs::path& json) {
  const auto log = LogOfLives(plan.directory / "log", plan.events);
  Figures figures;
  const double scan = ScanRate(*log, plan);
  figures.Add("scan", scan, "events/s");
  const Projected project = ProjectAll(*log, plan);
  figures.Add("project", project.rate, "events/s", Beside{scan});
  figures.Add("rows written", project.rows, "rows/event");
  figures.Add("longest batch", project.longest_ms, "ms");
  figures.Add("peak memory", PeakMib(), "MiB");
  if (plan.peers) MeasureNats(*log, plan, project.rate, &figures);
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
  app.add_flag("--peers", plan.peers, "measure NATS JetStream beside, where it is installed");
  app.add_option("--json", json, "file for the figures");
  CLI11_PARSE(app, argc, argv);
  entente::bench::Run(plan, json);
  return 0;
}
