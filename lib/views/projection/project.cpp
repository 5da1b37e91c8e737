#include <fmt/format.h>

#include "views/projection.h"
#include "views/projection/batch.h"
#include "views/projection/folding.h"
#include "views/projection/memory.h"

namespace entente::views {
namespace {

// Hands the events behind `at` to the batch, all together, and moves it to the end of the last
// commit.
Status TakeAll(std::span<const log::CommitView> commits, log::ChainPoint* at, Batch* batch) {
  std::vector<log::EventView> events;
  for (const log::CommitView& commit : commits) {
    if (commit.first() > at->position.Next()) {
      return Fail(Reason::kLogDiverged, "", "",
                  fmt::format("the views stand at {}, and the commit handed to them begins at {}",
                              at->position.value(), commit.first().value()));
    }
    if (commit.first() == at->position.Next() && commit.previous_hash() != at->hash) {
      return Fail(Reason::kLogDiverged, "", "",
                  fmt::format("the commit at {} does not follow what the views were made from",
                              commit.first().value()));
    }
    if (commit.last() <= at->position) continue;
    for (std::uint32_t i = 0; i < commit.count(); ++i) {
      log::EventView event = commit.event(i);
      if (event.position > at->position) events.push_back(event);
    }
    *at = {commit.last(), commit.hash()};
  }
  batch->Take(events);
  return {};
}

// What is remembered is forgotten where this fails or throws.
Result<Projected> ProjectBatch(const Snapshot& before, std::span<const log::CommitView> commits,
                               Stage stage, const Registries& registries, Batch::Way way,
                               std::unique_ptr<Memory>* remembered) {
  const log::ChainPoint from = before.taken();
  std::unique_ptr<Memory> memory = std::move(*remembered);
  if (!memory || memory->at != from || memory->generation != before.generation() ||
      memory->stage != stage) {
    memory = std::make_unique<Memory>(before, stage);
  }
  Batch batch(before, registries, memory.get(), way);
  if (auto taken = TakeAll(commits, &memory->at, &batch); !taken) {
    return Fail(std::move(taken.error()));
  }
  batch.Finish();
  Projected projected;
  projected.delta.generation = before.generation();
  projected.delta.from = from.position;
  projected.delta.to = memory->at;
  projected.delta.stage = stage;
  batch.rows().MoveRowsInto(&projected.delta);
  projected.parked = std::move(batch.parked());
  projected.forgotten = batch.read();
  *remembered = std::move(memory);
  return projected;
}

}  // namespace

Projector::Projector(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary,
                     const Limits& limits)
    : parties_(parties), vocabulary_(vocabulary), limits_(limits) {}

Projector::Projector(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary)
    : Projector(parties, vocabulary, Limits{}) {}

Projector::~Projector() = default;

Result<Projected> Projector::Project(const Snapshot& before,
                                     std::span<const log::CommitView> commits) {
  return Take(before, commits, Stage::kWhole);
}

Result<Projected> Projector::Gather(const Snapshot& before,
                                    std::span<const log::CommitView> commits) {
  return Take(before, commits, Stage::kGathering);
}

Result<RowDelta> Projector::FoldNext(const Snapshot& gathered) {
  if (!folding_) {
    folding_ = std::make_unique<Folding>(Registries{parties_, vocabulary_},
                                         std::shared_ptr<const Memory>(std::move(memory_)));
  }
  auto rows = folding_->Next(gathered);
  if (rows && rows->stage == Stage::kWhole) folding_.reset();
  return rows;
}

Result<Projected> Projector::Take(const Snapshot& before, std::span<const log::CommitView> commits,
                                  Stage stage) {
  const Registries registries{parties_, vocabulary_};
  auto projected = [&]() -> Result<Projected> {
    try {
      return ProjectBatch(before, commits, stage, registries, Batch::Way::kFollow, &memory_);
    } catch (const std::exception&) {
      // An event that a rule was not made for may come to light only in the rows of the batch.
      // Where each event is folded by itself, that one is parked and the others are not lost.
      return ProjectBatch(before, commits, stage, registries, Batch::Way::kFold, &memory_);
    }
  }();
  if (projected) {
    auto forgotten = memory_->components.Trim(
        stage == Stage::kGathering ? limits_.gathering_bytes_max : limits_.bytes_max);
    projected->forgotten =
        std::make_shared<const std::pair<std::shared_ptr<const void>, Components::Forgotten>>(
            std::move(projected->forgotten), std::move(forgotten));
  }
  return projected;
}

Result<Projected> Project(const Snapshot& before, std::span<const log::CommitView> commits,
                          const domain::PartyRegistry& parties,
                          const domain::Vocabulary& vocabulary) {
  return Projector(parties, vocabulary).Project(before, commits);
}

}  // namespace entente::views
