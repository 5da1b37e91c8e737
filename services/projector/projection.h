// The projector's work: takes pages of the log, projects them slice by slice, writes the rows.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "bus/loop.h"
#include "entente/v1/view.pb.h"
#include "services/projector/log_reader.h"
#include "services/projector/poison.h"
#include "values/error.h"
#include "views/generations/growing.h"
#include "views/projection_rules.h"
#include "views/view_store.h"

namespace entente::projector {

// A slice is what is projected and written as one delta. It is bounded in time, as far as whole
// commits allow, and the loop runs between two slices, so that a projector which is catching up
// still answers. How a log is cut into slices does not change the rows. On a loop; the one writer
// of the store.
class Projection {
 public:
  struct Options {
    views::ProjectionRules rules = views::ProjectionRules::BuiltIn();
    PoisonPolicy poison = PoisonPolicy::kPark;
    // So long a log is far beyond an empty store: slice by slice it takes some ten seconds.
    std::uint64_t far_behind = 50'000;
  };
  // Called with each delta: before its rows are written, and once they are in the store.
  using OnDelta = std::function<void(const views::RowDelta&)>;
  struct Listener {
    OnDelta before_write = {};
    OnDelta written;
    // Something was gathered or folded (Growing): no rows that anybody may read.
    std::function<void()> grown = {};
    // The store is empty and the log is long, which is found out once: to follow it slice by slice,
    // for readers, takes several times as long as to build other views beside this one.
    std::function<void()> far_behind = {};
  };

  // `loop` and `store` must outlive it. The store is of the rules' version.
  // Slices are large where nobody reads the store before it is whole.
  Projection(bus::Loop& loop, views::ViewStore& store, Options options, Listener listener,
             views::Growing::Read read = views::Growing::Read::kWhileItGrows);
  ~Projection();

  // Begins to read the log behind the store's checkpoint.
  Status Follow(zmq::context_t& context, std::string ingest);

  // Stays at the checkpoint it has, until Resume.
  void Pause();
  void Resume();
  bool paused() const { return paused_; }

  // Head of the durable log; Position() as long as ingest was not heard.
  Position durable() const { return reader_ ? reader_->durable() : Position(); }
  bool heard() const { return reader_ && reader_->heard(); }
  // Why it does not go on: of ingest, or of its own.
  const std::optional<Error>& trouble() const;
  // The event that it stands before since it cannot be folded, by PoisonPolicy::kPause.
  std::optional<Position> poison() const { return poison_; }

 private:
  // How long a slice takes, about, so that status and replicas are answered meanwhile. How many
  // bytes of the log that is differs by orders of magnitude between one meeting and another.
  struct SliceLimits {
    std::chrono::milliseconds time;
    std::size_t bytes;
  };
  static constexpr SliceLimits kSmallSlices{std::chrono::milliseconds(50), 1U << 20};
  // Nobody waits for an answer but who would stop it.
  static constexpr SliceLimits kLargeSlices{std::chrono::milliseconds(1'000),
                                            views::Growing::kBatchBytes};

  void Schedule(std::chrono::milliseconds delay);
  Status ReadOn();
  void LearnGoal();
  void Step();
  // Whether what was gathered is to be folded now.
  bool IsGathered() const;
  void Fold();
  // Tries again in a while, from where the store stands.
  void GoOnBehind(Error trouble);
  // Takes pages for the next slice; false: there is nothing to project yet.
  bool TakePages();
  void ForgetPages();
  // Projects and writes commits [done_, done_ + n) of the pages; how many these were.
  Result<std::size_t> ProjectSlice();
  // The rows of these commits, or of as many of them as come before a poison event.
  Result<views::Projected> ProjectUpToPoison(std::span<const log::CommitView>* slice);

  bus::Loop& loop_;
  views::ViewStore& store_;
  const Options options_;
  const SliceLimits slices_;
  views::Growing growing_;
  Listener listener_;
  zmq::context_t* context_ = nullptr;
  std::string ingest_;
  std::unique_ptr<LogReader> reader_;
  // Head of the log when it was first heard of: where gathering ends.
  std::optional<Position> goal_;
  std::vector<LogPage> pages_;
  std::vector<log::CommitView> commits_;  // of the pages
  std::size_t bytes_ = 0;                 // of these
  std::size_t done_ = 0;                  // of these, already in the store
  std::size_t slice_bytes_;  // how large the next slice may be, by how long the last one took
  std::optional<bus::Loop::TimerId> next_step_;
  bool paused_ = false;
  std::optional<Error> trouble_;
  std::optional<Position> poison_;
};

}  // namespace entente::projector
