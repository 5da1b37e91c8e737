// What meetings were as of bounded questions, kept for the next one: the same days are asked about
// again and again, a page at a time, and folding is what takes long in answering. A fold serves all
// days and positions as of which the same was there; for another day, the reports serve that were
// read for this one.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "domain/meeting/fold.h"
#include "entente/v1/meeting.pb.h"
#include "values/position.h"
#include "views/meetings/component_fold.h"
#include "views/store/lately_asked.h"

namespace entente::views {

// Changes no answer but the time it takes. Forgets what was not asked for the longest. Thread-safe.
class FoldCache {
 public:
  struct Component {
    std::vector<std::string> streams;
    std::vector<v1::Meeting> meetings;
    domain::AsOfSpan span;
  };
  using ComponentPtr = std::shared_ptr<const Component>;

  // Everything that a fold turns on beside the question.
  struct Of {
    std::string_view generation;
    // No report on the stream, nor on what hangs together with it, came in between this position
    // and the checkpoint that is read.
    Position told;
    std::string_view stream;
  };

  // Holds about so many bytes, half of them of reports.
  explicit FoldCache(std::size_t bytes_max)
      : folds_(bytes_max - bytes_max / 2), reports_(bytes_max / 2) {}
  FoldCache(const FoldCache&) = delete;
  FoldCache& operator=(const FoldCache&) = delete;

  // nullptr: it has not been folded, or is forgotten.
  ComponentPtr Find(const Of& of, const domain::AsOf& as_of);
  void Keep(const Of& of, ComponentPtr component);

  using ReportsPtr = std::shared_ptr<const ComponentReports>;
  // All reports of the component, whatever the question. nullptr: they were not read, or are
  // forgotten.
  ReportsPtr FindReports(const Of& of);
  void KeepReports(const Of& of, ReportsPtr reports);

 private:
  struct Kept {
    ComponentPtr component;
    std::size_t bytes;
  };
  // As of different questions, the last one kept at the end.
  using Folds = std::vector<Kept>;

  std::mutex mutex_;
  LatelyAsked<std::string, Folds> folds_;
  LatelyAsked<std::string, ReportsPtr> reports_;
};

}  // namespace entente::views
