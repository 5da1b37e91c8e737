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
};

struct Memory;

// Projects batch after batch of commits into one store, remembering between them what the next is
// likely to need again: the components whose meetings are still talked of, open blocks, counts.
// What it remembers changes nothing but the time it takes. One thread at a time.
class Projector {
 public:
  // Both must outlive it. Roughly `bytes_max` are kept from one batch to the next.
  Projector(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary,
            std::size_t bytes_max = 256U << 20);
  ~Projector();
  Projector(const Projector&) = delete;
  Projector& operator=(const Projector&) = delete;

  // As the function below. What is remembered holds as long as the next `before` is this one with
  // the delta applied; otherwise it is forgotten.
  Result<Projected> Project(const Snapshot& before, std::span<const log::CommitView> commits);

 private:
  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
  std::size_t bytes_max_;
  std::unique_ptr<Memory> memory_;
};

// The rows that these commits change, given the rows of `before`. The first commit holds the
// event behind the checkpoint of `before` (events at or below it are skipped). Pure: no clock, no
// randomness, no I/O but reading `before`; cutting the same commits differently gives the same
// final rows.
Result<Projected> Project(const Snapshot& before, std::span<const log::CommitView> commits,
                          const domain::PartyRegistry& parties,
                          const domain::Vocabulary& vocabulary);

}  // namespace entente::views
