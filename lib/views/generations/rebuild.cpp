#include "views/generations/rebuild.h"

#include <vector>

#include "views/generations/generations.h"
#include "views/projection.h"

namespace entente::views {
namespace {

constexpr std::uint64_t kReadBytes = 4 << 20;

// Takes the views one step towards the log's durable head; false once they are there.
Result<bool> Step(const log::Log& log, Projector* projector, ViewStore* store,
                  std::uint64_t* parked) {
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
  auto projected = projector->Project(*snapshot, commits);
  if (!projected) return Fail(std::move(projected.error()));
  *parked += projected->parked.size();
  if (auto applied = store->Apply(projected->delta); !applied) {
    return Fail(std::move(applied.error()));
  }
  return true;
}

Result<Rebuilt> Build(const log::Log& log, const std::filesystem::path& path,
                      const std::string& name,
                      const std::function<bool(const RebuildProgress&)>& progress) {
  auto store = ViewStore::Open(path, name);
  if (!store) return Fail(std::move(store.error()));
  Projector projector(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
  Rebuilt rebuilt;
  rebuilt.generation = name;
  const Position goal = log.durable().position;
  while ((*store)->checkpoint().position < goal) {
    const auto stepped = Step(log, &projector, store->get(), &rebuilt.parked);
    if (!stepped) return Fail(stepped.error());
    if (!*stepped) break;
    if (progress && !progress({(*store)->checkpoint().position, goal})) {
      return Fail(Reason::kStopping, "", name, "the rebuild was stopped");
    }
  }
  rebuilt.checkpoint = (*store)->checkpoint();
  auto digest = DigestOfRows(*(*store)->TakeSnapshot());
  if (!digest) return Fail(std::move(digest).error());
  rebuilt.digest = *digest;
  return rebuilt;
}

}  // namespace

Result<Rebuilt> RebuildViews(const log::Log& log, const std::filesystem::path& directory,
                             const std::function<bool(const RebuildProgress&)>& progress) {
  auto generations = Generations::Open(directory);
  if (!generations) return Fail(std::move(generations.error()));
  const std::string name = generations->NextName();
  auto rebuilt = Build(log, generations->PathOf(name), name, progress);
  if (!rebuilt) {
    // What led here is what the caller needs to hear, not whether the tidying went well.
    (void)generations->Drop(name);
    return rebuilt;
  }
  if (auto swapped = generations->MakeCurrent(name); !swapped) {
    return Fail(std::move(swapped.error()));
  }
  return rebuilt;
}

}  // namespace entente::views
