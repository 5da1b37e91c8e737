#include "bench/peers.h"

#include <array>
#include <functional>

#include "bench/through_sockets.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;

constexpr int kBatch = 1000;
constexpr std::uint64_t kEventsMax = 1'000'000;  // Redis keeps all of them in memory

using Start = std::function<Result<std::unique_ptr<Contender>>(const fs::path&, std::size_t)>;

void MeasurePeer(const Plan& plan, const std::string& name, const Start& start, Figures& figures) {
  const fs::path ours = plan.directory / "service";
  const fs::path theirs = plan.directory / "peer";
  fs::create_directories(theirs);
  {
    auto peer = start(theirs, plan.open * kBatch);
    if (!peer) return figures.Skip(name, peer.error().message);
    ServiceContender service(plan, ours, plan.open);
    const std::array<Contender*, 2> both = {&service, peer->get()};
    const auto rates = Race({std::min(plan.events, kEventsMax), kBatch}, both);
    figures.Add(name, rates[0], "events/s", Beside{rates[1], 1.0});
  }
  fs::remove_all(ours);
  fs::remove_all(theirs);
}

}  // namespace

void MeasurePeers(const Plan& plan, Figures& figures) {
  MeasurePeer(plan, "beside_redis_streams_synced", StartRedis, figures);
  MeasurePeer(plan, "beside_nats_jetstream_unsynced", StartNats, figures);
}

}  // namespace entente::bench
