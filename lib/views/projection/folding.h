// What gathering left out: the rows that follow from all reports of a meeting together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "values/error.h"
#include "views/projection/component.h"
#include "views/reports/reports.h"
#include "views/row_delta.h"
#include "views/terms/terms.h"
#include "views/view_store.h"

namespace entente::views {

// Walks the streams in the order of their names and folds each component once: those of one stream,
// which is nearly all, on as many threads as there are processors, since none knows of another.
// One thread calls.
class Folding {
 public:
  // `forgotten` is freed meanwhile: it may hold some million reports.
  Folding(const Registries& registries, std::shared_ptr<const void> forgotten);

  // The next part, of the same rows as the one before it with that applied; the last one makes the
  // store whole. INTERNAL, naming the meeting, where one cannot be folded.
  Result<RowDelta> Next(const Snapshot& gathered);

 private:
  // The reports of some streams, as their rows are.
  struct Stack {
    struct Stream {
      std::string name;
      std::vector<std::string> reports;
    };
    std::vector<Stream> streams;
    std::size_t bytes = 0;
  };
  // What one thread makes of those that it takes.
  struct Worker {
    TermCounts counts;
    RowDelta rows;
  };
  struct Part {
    std::vector<Stack> stacks;
    std::vector<std::string> connected;  // streams that others hang together with
    bool last = false;
  };

  // The streams that come next.
  Result<Part> Read(const Snapshot& gathered);
  void FoldStacks(const std::vector<Stack>& stacks);
  void FoldStream(const Stack::Stream& stream, TermCounts* counts, Draft* draft) const;
  Status FoldConnected(const std::vector<std::string>& streams, const Snapshot& gathered,
                       Draft* draft);

  Registries registries_;
  std::shared_ptr<const void> forgotten_;
  std::vector<Worker> workers_;
  // Leaders of the components of several streams that were folded.
  std::unordered_set<std::string> folded_;
  std::string next_;  // all streams before it are folded
};

}  // namespace entente::views
