// Folds the beginning of a log anew, in a store of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "log/commit.h"
#include "values/error.h"
#include "views/generations/growing.h"
#include "views/projection_rules.h"
#include "views/view_store.h"

namespace entente::views {

// Takes commits from position 1 on and projects them in batches, whose size decides nothing but
// speed. One thread.
class Refold {
 public:
  // `directory` is made, and is the caller's to remove.
  static Result<Refold> Begin(const std::filesystem::path& directory,
                              const ProjectionRules& rules = ProjectionRules::BuiltIn());

  // The next commit. Copies its bytes.
  Status Take(const log::CommitView& commit);
  // Projects what was taken and not yet projected, and folds it. INTERNAL where a meeting cannot be
  // folded.
  Status Finish();

  // As far as Finish came.
  const ViewStore& store() const { return *store_; }
  std::vector<Parked>& parked() { return parked_; }

 private:
  Refold(std::unique_ptr<ViewStore> store, const ProjectionRules& rules)
      : store_(std::move(store)),
        growing_(std::make_unique<Growing>(rules, *store_, Growing::Read::kOnceItIsWhole)) {}
  Status ProjectWaiting();

  std::unique_ptr<ViewStore> store_;
  std::unique_ptr<Growing> growing_;
  std::vector<std::string> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::vector<Parked> parked_;
};

}  // namespace entente::views
