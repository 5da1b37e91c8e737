#include "log/extent.h"

#include <fmt/format.h>

#include "log/chain_walk.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kWalkBytes = 4 << 20;

Evidence DurableThrough(const CommitView& commit) {
  return {commit.durable_through(),
          fmt::format("the commit at position {}", commit.first().value())};
}

}  // namespace

Result<Extent> FindExtent(const LogStore& store, const ChainPoint& from) {
  Extent extent;
  extent.end = from;
  ChainWalk walk(from);
  bool unbroken = true;
  Position next = from.position.Next();
  while (next <= store.head()) {
    const auto commits = store.Read(next, store.head(), kWalkBytes);
    if (!commits) return Fail(commits.error());
    if (commits->empty()) break;
    for (const std::string& bytes : *commits) {
      const auto commit = CommitView::Parse(bytes);
      if (!commit) return Fail(commit.error());
      next = commit->last().Next();
      extent.evidence = Further(std::move(extent.evidence), DurableThrough(*commit));
      unbroken = unbroken && walk.Follows(*commit);
      if (!unbroken) continue;
      if (auto status = walk.Step(*commit); !status) return Fail(status.error());
      if (commit->continues()) continue;
      extent.end = walk.head();
      extent.last_recorded = commit->recorded();
      extent.last_wall_ms = commit->wall_ms();
    }
  }
  return extent;
}

Status CheckNothingLost(const Extent& extent, const Evidence& evidence) {
  const Evidence further = Further(extent.evidence, evidence);
  if (further.position <= extent.end.position) return {};
  Error error =
      Fail(Reason::kLogLost, "", "",
           fmt::format("the log is whole up to position {}, but {} says that position {} "
                       "was durable",
                       extent.end.position.value(), further.witness, further.position.value()))
          .value();
  error.position = extent.end.position.Next();
  return Fail(std::move(error));
}

}  // namespace entente::log
