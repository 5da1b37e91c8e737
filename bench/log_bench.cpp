// Durable append, scan, replay and start-up, each beside the raw part it rests on. README.md says
// how to read it.
//
//     log_bench --events 1000000 --directory /data/bench --json figures.json
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <functional>
#include <map>

#include "bench/figures.h"
#include "bench/in_process.h"
#include "bench/peers.h"
#include "bench/raw_log.h"
#include "bench/round_trip.h"
#include "bench/through_sockets.h"

namespace fs = std::filesystem;
using entente::bench::Figures;
using entente::bench::Plan;

namespace {

void MeasureMachine(const Plan& plan, Figures& figures) {
  figures.Add("fdatasync", entente::bench::AppendAndSyncSeconds(plan.directory, 400) * 1e6, "us");
  figures.Add("round_trip", entente::bench::RoundTripSeconds(400, 64) * 1e6, "us");
}

}  // namespace

int main(int argc, char** argv) {
  const std::map<std::string, std::function<void(const Plan&, Figures&)>> parts = {
      {"machine", MeasureMachine},
      {"process", entente::bench::MeasureInProcess},
      {"sockets", entente::bench::MeasureThroughSockets},
      {"peers", entente::bench::MeasurePeers}};
  CLI::App app{"Measures the log beside raw RocksDB, a bare socket, and its peers."};
  Plan plan;
  plan.directory = fs::temp_directory_path();
  plan.programs = fs::read_symlink("/proc/self/exe").parent_path();
  std::vector<std::string> chosen = {"machine", "process", "sockets", "peers"};
  std::string json;
  app.add_option("--events", plan.events, "events of the large figures")->capture_default_str();
  app.add_option("--directory", plan.directory, "where to make a directory, removed afterwards")
      ->capture_default_str();
  app.add_option("--open", plan.open, "batches of 1000 unanswered when pipelined")
      ->capture_default_str();
  app.add_option("--batches", plan.batches, "events a request: 1, 100 or 1000")->delimiter(',');
  app.add_option("--seconds", plan.seconds, "batches of 1000 pipelined for at least so long");
  app.add_option("--commit-bytes", plan.commit_bytes, "size at which commits are cut");
  app.add_option("--only", chosen, "machine, process, sockets, peers")
      ->delimiter(',')
      ->check(CLI::IsMember(parts));
  app.add_option("--json", json, "write the figures to this file too");
  CLI11_PARSE(app, argc, argv);

  plan.directory /= fmt::format("entente-bench-{}", getpid());
  fs::create_directories(plan.directory);
  Figures figures;
  for (const std::string& part : chosen) parts.at(part)(plan, figures);
  fs::remove_all(plan.directory);
  return json.empty() || figures.WriteJson(json) ? 0 : 1;
}
