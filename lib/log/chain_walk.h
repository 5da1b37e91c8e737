// Checks that commits follow each other without a gap and without a break in the chain.
#pragma once

#include <fmt/format.h>

#include "log/chain_point.h"
#include "log/commit.h"
#include "values/error.h"

namespace entente::log {

class ChainWalk {
 public:
  explicit ChainWalk(const ChainPoint& from) : head_(from) {}

  bool Follows(const CommitView& commit) const { return commit.first() == head_.position.Next(); }
  // STORE_DAMAGED, naming the position, if `commit` is not the next one of the chain.
  Status Step(const CommitView& commit) {
    if (!Follows(commit)) {
      return Broken(commit, fmt::format("position {} should come next, but the commit begins at {}",
                                        head_.position.value() + 1, commit.first().value()));
    }
    if (commit.previous_hash() != head_.hash) {
      return Broken(commit, fmt::format("the commit at position {} does not continue the chain "
                                        "before it",
                                        commit.first().value()));
    }
    if (commit.Rehash(sha_) != commit.hash()) {
      return Broken(commit,
                    fmt::format("header and table of the commit at position {} do not have the "
                                "hash stored with them",
                                commit.first().value()));
    }
    if (commit.durable_through() >= commit.first()) {
      return Broken(commit, fmt::format("the commit at position {} says that it was durable before "
                                        "it was written",
                                        commit.first().value()));
    }
    head_ = {commit.last(), commit.hash()};
    return {};
  }
  const ChainPoint& head() const { return head_; }

 private:
  static tl::unexpected<Error> Broken(const CommitView& commit, std::string message) {
    Error error = Fail(Reason::kStoreDamaged, "", "", std::move(message)).value();
    error.position = commit.first();
    return Fail(std::move(error));
  }

  ChainPoint head_;
  Sha256 sha_;
};

}  // namespace entente::log
