#include "bench/through_sockets.h"

#include <fmt/format.h>

#include <array>
#include <functional>
#include <thread>

#include "bench/give_up.h"
#include "bench/lives.h"
#include "bench/raw_log.h"
#include "bench/round_trip.h"
#include "log/commit.h"
#include "log/log.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

std::vector<std::string> Command(const Plan& plan, const fs::path& directory,
                                 const std::string& endpoint) {
  return {(plan.programs / "entente-ingest").string(), "--data", directory.string(), "--listen",
          endpoint};
}

double RateOf(const std::function<std::uint64_t()>& read) {
  const auto begin = std::chrono::steady_clock::now();
  const std::uint64_t events = read();
  return static_cast<double>(events) / SecondsSince(begin);
}

v1::StatusReply StatusOf(client::Client& ingest) {
  auto status = ingest.Status(client::Client::Service::kIngest);
  if (!status) GiveUp("entente-ingest does not answer: " + status.error().front().ToString());
  return std::move(*status);
}

}  // namespace

ServiceContender::ServiceContender(const Plan& plan, const fs::path& directory, std::size_t open)
    : endpoint_(fmt::format("tcp://127.0.0.1:{}", FreePort())),
      child_(Command(plan, directory, endpoint_), (plan.directory / "ingest.log").string()),
      client_({.ingest = endpoint_}, std::chrono::minutes(1)),
      pipeline_(client_.OpenPipeline(static_cast<unsigned>(open))) {
  StatusOf(client_);
}

void ServiceContender::Append(const Chunk& chunk) {
  for (const auto& batch : chunk.batches) {
    pipeline_->Send(*batch, [](const client::Reply<v1::AppendReply>& reply) {
      if (!reply) GiveUp("append: " + reply.error().front().ToString());
    });
  }
  pipeline_->Finish();
  // What the index has not taken over yet must not grow from turn to turn.
  while (StatusOf(client_).index_backlog() > log::LogOptions().segment_events) {
    std::this_thread::sleep_for(milliseconds(1));
  }
}

std::uint64_t ServiceContender::Replay() {
  std::uint64_t events = 0;
  std::uint64_t bytes = 0;
  for (Position next(1);;) {
    const auto page = client_.ReadLog(next, milliseconds(1));
    if (!page) GiveUp("read: " + page.error().front().ToString());
    for (const std::string& commit_bytes : page->commits) {
      const auto commit = log::CommitView::Parse(commit_bytes);
      if (!commit) GiveUp(commit.error().ToString());
      for (std::uint32_t i = 0; i < commit->count(); ++i) bytes += commit->event(i).body.size();
      events += commit->count();
    }
    next = page->next;
    if (next > page->durable) break;
  }
  if (bytes == 0) GiveUp("the log is empty");
  return events;
}

namespace {

// What an append cannot do without: the way there and back, and one sync of its bytes.
class BareContender final : public Contender {
 public:
  BareContender(const fs::path& file, std::size_t request_bytes)
      : service_(request_bytes, 64), file_(file) {}
  void Append(const Chunk& chunk) override {
    for (const auto& bodies : chunk.bodies) {
      bytes_.clear();
      for (const std::string& body : bodies) bytes_ += body;
      (void)service_.RoundTripSeconds();
      file_.Append(bytes_);
    }
  }

 private:
  BareService service_;
  SyncedFile file_;
  std::string bytes_;
};

// An append that nobody else's shares a sync with costs a round trip and a sync, and little else.
void MeasureLatency(const Plan& plan, int batch, Figures& figures) {
  const fs::path ours = plan.directory / "service";
  const fs::path synced = plan.directory / "synced";
  {
    ServiceContender service(plan, ours, 1);
    BareContender bare(synced, Lives(1).Batch(batch)->ByteSizeLong());
    const std::array<Contender*, 2> both = {&service, &bare};
    const auto rates = Race({plan.events_one_at_a_time(batch), batch}, both);
    figures.Add(fmt::format("sockets_append_{}_one_at_a_time", batch), batch / rates[0] * 1e6, "us",
                Beside{batch / rates[1] * 1e6, {}, batch == 1 ? std::optional(1.5) : std::nullopt});
  }
  fs::remove_all(ours);
  fs::remove(synced);
}

void MeasureRestart(const Plan& plan, ServiceContender& service, const fs::path& ours,
                    const fs::path& raw_directory, Figures& figures) {
  service.Kill();
  // What kill -9 would leave of the raw one: its files as they are.
  const fs::path killed = plan.directory / "raw-killed";
  fs::copy(raw_directory, killed, fs::copy_options::recursive);
  auto begin = std::chrono::steady_clock::now();
  {
    const RawLog opened(killed);
  }
  const double raw_seconds = SecondsSince(begin);
  fs::remove_all(killed);
  begin = std::chrono::steady_clock::now();
  const ServiceContender again(plan, ours, 1);
  figures.Add("start_after_kill", SecondsSince(begin) * 1e3, "ms", Beside{raw_seconds * 1e3});
}

// Small requests: beside the raw one with a sync for each.
void MeasureSmall(const Plan& plan, int batch, Figures& figures) {
  const fs::path ours = plan.directory / "service";
  const fs::path raw = plan.directory / "raw";
  {
    ServiceContender service(plan, ours, plan.open_of(batch));
    RawLog raw_log(raw);
    const std::array<Contender*, 1> first = {&service};
    const std::array<Contender*, 1> second = {&raw_log};
    const double rate = Race({plan.events_pipelined(batch), batch}, first)[0];
    const double raw_rate = Race({plan.events_one_at_a_time(batch), batch}, second)[0];
    figures.Add(fmt::format("sockets_append_{}_pipelined", batch), rate, "events/s",
                Beside{raw_rate});
  }
  fs::remove_all(ours);
  fs::remove_all(raw);
}

void MeasureLarge(const Plan& plan, Figures& figures) {
  constexpr int kBatch = 1000;
  const fs::path ours = plan.directory / "service";
  const fs::path raw = plan.directory / "raw";
  {
    ServiceContender service(plan, ours, plan.open);
    RawLog raw_log(raw);
    const std::array<Contender*, 2> both = {&service, &raw_log};
    const auto rates = Race({plan.events, kBatch, plan.seconds}, both);
    figures.Add("sockets_append_1000_pipelined", rates[0], "events/s", Beside{rates[1], 0.6});
    const double raw_scan = RateOf([&] { return raw_log.Scan(); });
    figures.Add("sockets_replay", RateOf([&] { return service.Replay(); }), "events/s",
                Beside{raw_scan, 0.4});
    MeasureRestart(plan, service, ours, raw, figures);
  }
  fs::remove_all(ours);
  fs::remove_all(raw);
}

}  // namespace

void MeasureThroughSockets(const Plan& plan, Figures& figures) {
  for (const int batch : plan.batches) {
    MeasureLatency(plan, batch, figures);
    if (batch == 1000) {
      MeasureLarge(plan, figures);
    } else {
      MeasureSmall(plan, batch, figures);
    }
  }
}

}  // namespace entente::bench
