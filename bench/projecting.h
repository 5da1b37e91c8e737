// A log projected into views in process, as a rebuild does it (views/generations/growing.h).
#pragma once

#include <cstdint>
#include <vector>

#include "bench/give_up.h"
#include "log/commit.h"
#include "log/log.h"
#include "views/view_store.h"

namespace entente::bench {

template <class T>
T Or(Result<T> result) {
  if (!result) GiveUp(result.error().ToString());
  return *std::move(result);
}

// Calls `visit` with the commits of the log, some bytes at a time.
template <class Visit>
void ReadAll(const log::Log& log, std::uint64_t bytes, const Visit& visit) {
  for (Position next(1); next <= log.durable().position;) {
    const auto range = Or(log.Read(next, bytes));
    std::vector<log::CommitView> commits;
    commits.reserve(range.commits.size());
    for (const std::string& stored : range.commits) {
      commits.push_back(Or(log::CommitView::Parse(stored)));
    }
    visit(commits);
    next = range.next;
  }
}

struct Projected {
  double rate = 0;  // events/s
  double gathered_s = 0;
  double folded_s = 0;
  double longest_ms = 0;  // of the batches
};

// So many bytes of the log at a time. `store` is empty.
Projected ProjectAll(const log::Log& log, std::uint64_t read_bytes, views::ViewStore& store);

}  // namespace entente::bench
