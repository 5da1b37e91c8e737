#include "views/verify/refold.h"

#include <utility>

namespace entente::views {
namespace {

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
  return waiting_bytes_ < Growing::kBatchBytes ? Status() : ProjectWaiting();
}

Status Refold::Finish() {
  if (Status projected = ProjectWaiting(); !projected) return projected;
  while (growing_->ToBeFolded()) {
    const auto folded = growing_->Fold();
    if (!folded) return Fail(folded.error());
    if (*folded == Growing::Folded::kBegunAnew) {
      return Fail(Reason::kInternal, "", store_->generation(),
                  "a meeting cannot be folded: a rebuild names the event at fault, and parks it");
    }
  }
  return {};
}

Status Refold::ProjectWaiting() {
  std::vector<log::CommitView> commits;
  for (const std::string& bytes : waiting_) {
    auto commit = log::CommitView::Parse(bytes);
    if (!commit) return Fail(std::move(commit).error());
    commits.push_back(*commit);
  }
  if (commits.empty()) return {};
  auto projected = growing_->Take(commits);
  if (!projected) return Fail(std::move(projected).error());
  for (const Parked& parked : projected->parked) parked_.push_back(parked);
  if (const auto written = growing_->Write(*std::move(projected)); !written) {
    return Fail(written.error());
  }
  waiting_.clear();
  waiting_bytes_ = 0;
  return {};
}

}  // namespace entente::views
