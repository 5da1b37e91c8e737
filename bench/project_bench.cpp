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
#include "bench/projecting.h"
#include "bench/race.h"
#include "bench/replays.h"
#include "log/commit.h"
#include "log/log.h"
#include "views/generations/growing.h"
#include "views/view_store.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

struct Plan {
  fs::path directory;
  std::uint64_t events = 0;
  std::uint64_t read_bytes = views::Growing::kBatchBytes;
  bool peers = false;
};

double ScanRate(const log::Log& log, const Plan& plan) {
  const auto begin = Clock::now();
  std::uint64_t events = 0;
  ReadAll(log, plan.read_bytes, [&](const std::vector<log::CommitView>& commits) {
    for (const auto& commit : commits) events += commit.count();
  });
  return static_cast<double>(events) / SecondsSince(begin);
}

Projected ProjectAnew(const log::Log& log, const Plan& plan) {
  const fs::path directory = plan.directory / "views";
  fs::remove_all(directory);
  return ProjectAll(log, plan.read_bytes, *Or(views::ViewStore::Open(directory, "g1")));
}

void MeasureNats(const log::Log& log, const Plan& plan, double ours, Figures* figures) {
  const fs::path directory = plan.directory / "nats";
  fs::remove_all(directory);
  const auto theirs = NatsReplayRate(directory, [&](const auto& take) {
    ReadAll(log, plan.read_bytes, [&](const std::vector<log::CommitView>& commits) {
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
  const Projected project = ProjectAnew(*log, plan);
  figures.Add("project", project.rate, "events/s", Beside{scan});
  figures.Add("gathering", project.gathered_s, "s");
  figures.Add("folding and merging", project.folded_s, "s");
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
