// A program to be killed: appends to a log, more than a thousand appends in flight, and notes what
// it intends and what it is told. Kills itself at the nth passing of a point, if one is given; of a
// point that an open log passes, once it has been told of a thousand events, so that there is
// something to lose.
//
//     log_crash_subject DIRECTORY DIARY SEED [POINT NTH]
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "log/log.h"
#include "tests/log/crash_oracle.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/log_client.h"

namespace entente::log {
namespace {

using Operation = FaultyFileSystem::Operation;

constexpr std::size_t kInFlight = 1'200;
constexpr std::size_t kToldFirst = 1'001;
constexpr std::uint32_t kSegmentEvents = 700;

bool IsPoint(std::string_view point, Operation operation, std::string_view path, bool opened,
             bool told) {
  const bool wal = path.ends_with(".log") && path.find("/commits/") != std::string_view::npos;
  const bool run = path.ends_with(".run");
  if (point == "before-sync") return wal && told && operation == Operation::kSync;
  if (point == "after-sync") return wal && told && operation == Operation::kSynced;
  if (point == "hand-over") return run && told && operation == Operation::kCreate;
  if (point == "taken-over") {
    return path.ends_with("/runs.new") && told && operation == Operation::kRename;
  }
  if (point == "opening") return !opened;
  return point == "anywhere";
}

int Run(const std::vector<std::string>& arguments) {
  const std::string seed = arguments.at(2);
  const std::string point = arguments.size() > 3 ? arguments.at(3) : "";
  std::atomic<int> passings{arguments.size() > 4 ? std::atoi(arguments.at(4).c_str()) : 0};
  std::atomic<bool> opened{false};
  std::atomic<std::size_t> told{0};
  FaultyFileSystem disk;
  disk.Observe([&](Operation operation, const std::string& path) {
    if (IsPoint(point, operation, path, opened, told >= kToldFirst) && --passings == 0) {
      kill(getpid(), SIGKILL);
    }
  });

  LogOptions options;
  options.env = disk.env();
  options.segment_events = kSegmentEvents;
  auto log = Log::Open(arguments.at(0), options);
  if (!log) {
    fmt::print(stderr, "{}\n", log.error().ToString());
    return 1;
  }
  opened = true;
  LogClient client(**log);
  CrashDiary diary(arguments.at(1), seed);
  std::mt19937 random(static_cast<unsigned>(std::atoi(seed.c_str())));
  std::map<std::uint64_t, std::vector<std::string>> in_flight;
  for (int n = 0; n < 40'000;) {
    std::vector<v1::NewEvent> events;
    std::vector<std::string> ids;
    for (int i = static_cast<int>(random() % 4); i >= 0; --i) {
      ids.push_back(fmt::format("{}-{}", seed, n++));
      events.push_back(EventOf(ids.back()));
    }
    diary.Intend(ids);
    in_flight.emplace(client.Send(Batch(std::move(events))), std::move(ids));
    if (in_flight.size() < kInFlight) continue;
    const Answer outcome = client.Wait(in_flight.begin()->first);
    if (!outcome.errors.empty()) {
      fmt::print(stderr, "{}\n", outcome.errors[0].ToString());
      return 1;
    }
    const std::vector<std::string>& sent = in_flight.begin()->second;
    diary.Acknowledged(sent, outcome.reply);
    told += sent.size();
    in_flight.erase(in_flight.begin());
  }
  return 0;
}

}  // namespace
}  // namespace entente::log

int main(int argc, char** argv) {
  return entente::log::Run(std::vector<std::string>(argv + 1, argv + argc));
}
