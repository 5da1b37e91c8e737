#include "views/generations/rebuild.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "views/generations/generations.h"
#include "views/parked/parked.h"

namespace entente::views {
namespace {

// What is written once for each meeting of a batch is written the fewer times the larger the
// batches are, and a batch of this size goes into the store as a file of its own: a third faster
// than a quarter of it, and it takes a second or two until it can be stopped (project_bench
// --read-bytes).
constexpr std::uint64_t kReadBytes = 4 << 20;

// Takes the views one step towards the log's durable head; false once they are there.
Result<bool> Step(const log::Log& log, const RebuildOptions& options, const Projecting& project,
                  ViewStore* store) {
  const auto range = log.Read(store->checkpoint().position.Next(), kReadBytes);
  if (!range) return Fail(range.error());
  if (range->commits.empty()) return false;
  std::vector<log::CommitView> commits;
  for (const std::string& bytes : range->commits) {
    auto commit = log::CommitView::Parse(bytes);
    if (!commit) return Fail(std::move(commit.error()));
    commits.push_back(*commit);
  }
  const auto snapshot = store->TakeSnapshot();
  auto projected = project(*snapshot, commits);
  if (!projected) return Fail(std::move(projected.error()));
  if (options.stop_at_poison && !projected->parked.empty()) {
    return Fail(PoisonError(FirstOf(projected->parked), "the rebuild ends"));
  }
  if (auto applied = store->Apply(projected->delta); !applied) {
    return Fail(std::move(applied.error()));
  }
  return true;
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
  const Projecting project = options.rules.begin();
  Rebuilt rebuilt;
  rebuilt.generation = (*store)->generation();
  const log::ChainPoint goal = log.durable();
  if ((*store)->checkpoint().position > goal.position) {
    return Fail(Reason::kLogDiverged, "", rebuilt.generation,
                fmt::format("the views built so far stand at position {}, the log ends at {}",
                            (*store)->checkpoint().position.value(), goal.position.value()));
  }
  while ((*store)->checkpoint().position < goal.position) {
    const auto stepped = Step(log, options, project, store->get());
    if (!stepped) return Fail(stepped.error());
    if (!*stepped) break;
    if (progress && !progress({(*store)->checkpoint().position, goal.position})) {
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
