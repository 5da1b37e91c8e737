// The ingest service in a process of its own, asked over tcp.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "bench/child.h"
#include "bench/figures.h"
#include "bench/in_process.h"
#include "bench/race.h"
#include "client/client.h"

namespace entente::bench {

// entente-ingest over a directory. Batches are encoded inside the time, as a client must.
class ServiceContender final : public Contender {
 public:
  // Returns once the service answers.
  ServiceContender(const Plan& plan, const std::filesystem::path& directory, std::size_t open);
  void Append(const Chunk& chunk) override;
  // Reads the whole log through the service, and every row of it; returns the number of events.
  std::uint64_t Replay();
  void Kill() { child_.Kill(); }

 private:
  std::string endpoint_;
  Child child_;
  client::Client client_;
  std::unique_ptr<client::Client::Pipeline> pipeline_;
};

void MeasureThroughSockets(const Plan& plan, Figures& figures);

}  // namespace entente::bench
