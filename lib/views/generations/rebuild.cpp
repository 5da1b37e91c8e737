#include "views/generations/rebuild.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "views/generations/generations.h"
#include "views/generations/growing.h"
#include "views/parked/parked.h"

namespace entente::views {
namespace {

// Takes the views one step towards the log's durable head, which is beyond them.
Status Step(const log::Log& log, const RebuildOptions& options, Growing* growing) {
  const auto range = log.Read(growing->taken().position.Next(), Growing::kBatchBytes);
  if (!range) return Fail(range.error());
  if (range->commits.empty()) {
    return Fail(
        Reason::kLogDiverged, "", "",
        fmt::format("the log has nothing behind position {}", growing->taken().position.value()));
  }
  std::vector<log::CommitView> commits;
  for (const std::string& bytes : range->commits) {
    auto commit = log::CommitView::Parse(bytes);
    if (!commit) return Fail(std::move(commit.error()));
    commits.push_back(*commit);
  }
  auto projected = growing->Take(commits);
  if (!projected) return Fail(std::move(projected.error()));
  if (options.stop_at_poison && !projected->parked.empty()) {
    return Fail(PoisonError(FirstOf(projected->parked), "the rebuild ends"));
  }
  if (const auto written = growing->Write(*std::move(projected)); !written) {
    return Fail(written.error());
  }
  return {};
}

// Begins one, or takes up what a rebuild that was killed has noted and made so far.
Status NoteRebuild(Generations* generations) {
  if (generations->building() && generations->building()->purpose == Building::Purpose::kRollback) {
    if (Status cancelled = generations->Cancel(); !cancelled) return cancelled;
  }
  return generations->Begin(
      {.name = generations->building() ? generations->building()->name : generations->NextName()});
}

Result<Rebuilt> Build(const log::Log& log, const Generations& generations,
                      const std::function<bool(const RebuildProgress&)>& progress,
                      const RebuildOptions& options) {
  auto store = generations.OpenBuilding(options.rules.version);
  if (!store) return Fail(std::move(store.error()));
  Growing growing(options.rules, **store, Growing::Read::kOnceItIsWhole);
  Rebuilt rebuilt;
  rebuilt.generation = (*store)->generation();
  const log::ChainPoint goal = log.durable();
  if ((*store)->taken().position > goal.position) {
    return Fail(Reason::kLogDiverged, "", rebuilt.generation,
                fmt::format("the views built so far stand at position {}, the log ends at {}",
                            (*store)->taken().position.value(), goal.position.value()));
  }
  while ((*store)->checkpoint().position < goal.position) {
    if (!growing.BeingFolded() && growing.taken().position < goal.position) {
      if (Status stepped = Step(log, options, &growing); !stepped) {
        return Fail(std::move(stepped).error());
      }
    } else if (const auto folded = growing.Fold(); !folded) {
      return Fail(folded.error());
    }
    if (progress && !progress({growing.taken().position, goal.position})) {
      return Fail(Reason::kStopping, "", rebuilt.generation, "the rebuild was stopped");
    }
  }
  if (Status synced = (*store)->Sync(); !synced) return Fail(std::move(synced).error());
  const auto snapshot = (*store)->TakeSnapshot();
  rebuilt.checkpoint = snapshot->checkpoint();
  rebuilt.parked = AllParked(*snapshot);
  auto digest = DigestOfRows(*snapshot);
  if (!digest) return Fail(std::move(digest).error());
  rebuilt.digest = *digest;
  return rebuilt;
}

}  // namespace

Result<Rebuilt> RebuildViews(const log::Log& log, const std::filesystem::path& directory,
                             const std::function<bool(const RebuildProgress&)>& progress,
                             const RebuildOptions& options) {
  auto generations = Generations::Open(directory);
  if (!generations) return Fail(std::move(generations.error()));
  if (Status noted = NoteRebuild(&*generations); !noted) return Fail(std::move(noted).error());
  auto rebuilt = Build(log, *generations, progress, options);
  if (!rebuilt) {
    // What led here is what the caller needs to hear, not whether the tidying went well.
    (void)generations->Cancel();
    return rebuilt;
  }
  if (auto swapped = generations->MakeCurrent(rebuilt->generation); !swapped) {
    return Fail(std::move(swapped.error()));
  }
  return rebuilt;
}

}  // namespace entente::views
