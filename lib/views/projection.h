// From commits to rows: folds the subjects an event touches, writes the change feed, folds the
// views of countries, topics, pairs, kinds and what is pending.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "log/commit.h"
#include "values/error.h"
#include "views/row_delta.h"
#include "views/view_store.h"

namespace entente::views {

// A poison event: one that the projection could not fold.
struct Parked {
  Position position;
  Error error;
};

struct Projected {
  RowDelta delta;              // up to the end of the last commit
  std::vector<Parked> parked;  // also among the rows
  // What was read for it, and meetings that were forgotten with it: millions of small pieces, to be
  // freed by whichever thread has the time.
  std::shared_ptr<const void> forgotten = nullptr;
};

// Makes the rows of one store from the commits of a log. One thread at a time.
class Projecting {
 public:
  virtual ~Projecting() = default;

  // The rows that these commits change, given those of `before`. The first commit holds the event
  // behind `before.taken()` (events at or below it are skipped).
  virtual Result<Projected> Project(const Snapshot& before,
                                    std::span<const log::CommitView> commits) = 0;

  // The same for a store that nobody reads before it is whole: without what follows from all
  // reports of a meeting together. A meeting of many reports costs a little for each then, instead
  // of being folded with every batch.
  virtual Result<Projected> Gather(const Snapshot& before,
                                   std::span<const log::CommitView> commits) = 0;
  // The next part of what gathering left out, as of `gathered.taken()`, which must have been
  // gathered whole; parts may be applied later, in their order, and the last one makes the store
  // whole. INTERNAL, naming the meeting, where one cannot be folded: not to be called again then.
  // Behind another error it gives the same part.
  virtual Result<RowDelta> FoldNext(const Snapshot& gathered) = 0;
};

struct Memory;
class Folding;

// Projects batch after batch of commits into one store, remembering between them what the next is
// likely to need again: the components whose meetings are still talked of, open blocks, counts.
// What it remembers changes nothing but the time it takes. One thread at a time.
class Projector final : public Projecting {
 public:
  // How much is kept from one batch to the next, roughly. While it gathers, a meeting that was
  // forgotten is read anew with all its reports for the next one.
  struct Limits {
    std::size_t bytes_max = 256U << 20;
    std::size_t gathering_bytes_max = 768U << 20;
  };
  // Both must outlive it.
  Projector(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary,
            const Limits& limits);
  Projector(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary);
  ~Projector() override;
  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  // As the function below. What is remembered holds as long as the next `before` is this one with
  // the delta applied; otherwise it is forgotten.
  Result<Projected> Project(const Snapshot& before,
                            std::span<const log::CommitView> commits) override;
  Result<Projected> Gather(const Snapshot& before,
                           std::span<const log::CommitView> commits) override;
  Result<RowDelta> FoldNext(const Snapshot& gathered) override;

 private:
  Result<Projected> Take(const Snapshot& before, std::span<const log::CommitView> commits,
                         Stage stage);
  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
  Limits limits_;
  std::unique_ptr<Memory> memory_;
  std::unique_ptr<Folding> folding_;
};

// As Projecting::Project, without remembering anything. Pure: no clock, no
// randomness, no I/O but reading `before`; cutting the same commits differently gives the same
// final rows.
Result<Projected> Project(const Snapshot& before, std::span<const log::CommitView> commits,
                          const domain::PartyRegistry& parties,
                          const domain::Vocabulary& vocabulary);

}  // namespace entente::views
