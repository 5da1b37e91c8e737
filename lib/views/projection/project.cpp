#include <fmt/format.h>

#include "log/digest.h"
#include "views/projection.h"
#include "views/projection/projector.h"

namespace entente::views {

Result<Projected> Project(const Snapshot& before, std::span<const log::CommitView> commits,
                          const domain::PartyRegistry& parties,
                          const domain::Vocabulary& vocabulary) {
  const log::ChainPoint from = before.checkpoint();
  log::ChainPoint at = from;
  Projector projector(before, parties, vocabulary);
  for (const log::CommitView& commit : commits) {
    if (commit.first() > at.position.Next()) {
      return Fail(Reason::kLogDiverged, "", "",
                  fmt::format("the views stand at {}, and the commit handed to them begins at {}",
                              at.position.value(), commit.first().value()));
    }
    if (commit.first() == at.position.Next() && commit.previous_hash() != at.hash) {
      return Fail(Reason::kLogDiverged, "", "",
                  fmt::format("the commit at {} does not follow what the views were made from",
                              commit.first().value()));
    }
    if (commit.last() <= at.position) continue;
    for (std::uint32_t i = 0; i < commit.count(); ++i) {
      const log::EventView event = commit.event(i);
      if (event.position > at.position) projector.Take(event);
    }
    at = {commit.last(), commit.hash()};
  }
  Projected projected;
  projected.delta.set_generation(before.generation());
  projected.delta.set_from_position(from.position.value());
  projected.delta.set_to_position(at.position.value());
  projected.delta.set_chain_hash(std::string(log::BytesOf(at.hash)));
  projector.rows().MoveRowsInto(&projected.delta);
  projected.parked = std::move(projector.parked());
  return projected;
}

}  // namespace entente::views
