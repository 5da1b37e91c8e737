// Builds the views anew from the log.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "log/log.h"
#include "values/error.h"
#include "views/projection_rules.h"
#include "views/store/digest.h"

namespace entente::views {

struct RebuildProgress {
  Position done;
  Position goal;  // the log's durable head when the rebuild began
};

struct Rebuilt {
  std::string generation;
  log::ChainPoint checkpoint;
  std::vector<Parked> parked;  // by position
  RowsDigest digest;
};

struct RebuildOptions {
  // An event that cannot be folded ends it (POISON_EVENT), instead of being parked.
  bool stop_at_poison = false;
  // By which rules.
  ProjectionRules rules = ProjectionRules::BuiltIn();
};

// Projects the whole log into a new generation beside the current one, then makes it current.
// `directory` holds the generations. The one before is kept. A rebuild that fails or is stopped
// (`progress` returned false: STOPPING) leaves what was current untouched and removes what it
// made; one that was killed is taken up where it stood, by the next or by a projector. Blocks.
// STORE_BUSY, naming the process, while a projector or another rebuild has the directory.
Result<Rebuilt> RebuildViews(const log::Log& log, const std::filesystem::path& directory,
                             const std::function<bool(const RebuildProgress&)>& progress,
                             const RebuildOptions& options = {});

}  // namespace entente::views
