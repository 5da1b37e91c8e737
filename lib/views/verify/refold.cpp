#include "views/verify/refold.h"

#include <utility>

namespace entente::views {
namespace {

constexpr std::size_t kBatchBytes = 1U << 20;
constexpr const char* kGeneration = "refold";

}  // namespace

Result<Refold> Refold::Begin(const std::filesystem::path& directory, const ProjectionRules& rules) {
  auto store = ViewStore::Open(directory, kGeneration, rules.version);
  if (!store) return Fail(std::move(store).error());
  return Refold(*std::move(store), rules);
}

Status Refold::Take(const log::CommitView& commit) {
  waiting_.emplace_back(commit.bytes());
  waiting_bytes_ += commit.bytes().size();
  return waiting_bytes_ < kBatchBytes ? Status() : Finish();
}

Status Refold::Finish() {
  std::vector<log::CommitView> commits;
  for (const std::string& bytes : waiting_) {
    auto commit = log::CommitView::Parse(bytes);
    if (!commit) return Fail(std::move(commit).error());
    commits.push_back(*commit);
  }
  if (commits.empty()) return {};
  auto projected = project_(*store_->TakeSnapshot(), commits);
  if (!projected) return Fail(std::move(projected).error());
  if (Status applied = store_->Apply(projected->delta); !applied) return applied;
  for (Parked& parked : projected->parked) parked_.push_back(std::move(parked));
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

}  // namespace entente::views
