#include "bench/projecting.h"

#include <algorithm>
#include <chrono>

#include "bench/race.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "views/projection.h"

namespace entente::bench {

Projected ProjectAll(const log::Log& log, const Batches& batches, views::ViewStore& store) {
  using Clock = std::chrono::steady_clock;
  views::Projector projector(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn(),
                             batches.memory_bytes);
  const auto begin = Clock::now();
  Projected all;
  ReadAll(log, batches.read_bytes, [&](const std::vector<log::CommitView>& commits) {
    const auto begun = Clock::now();
    const auto projected = Or(projector.Project(*store.TakeSnapshot(), commits));
    if (const auto applied = store.Apply(projected.delta); !applied) {
      GiveUp(applied.error().ToString());
    }
    if (!projected.parked.empty()) GiveUp(projected.parked.front().error.ToString());
    all.longest_ms = std::max(all.longest_ms, SecondsSince(begun) * 1'000);
    all.rows += static_cast<double>(projected.delta.rows.size());
  });
  const auto events = static_cast<double>(store.checkpoint().position.value());
  all.rate = events / SecondsSince(begin);
  all.rows /= events;
  return all;
}

}  // namespace entente::bench
