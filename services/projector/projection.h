// The projector's work: takes pages of the log, projects them slice by slice, writes the rows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "bus/loop.h"
#include "entente/v1/view.pb.h"
#include "services/projector/log_reader.h"
#include "values/error.h"
#include "values/recorded_time.h"
#include "views/projection.h"
#include "views/view_store.h"

namespace entente::projector {

// A slice is what is projected and written as one delta. It is bounded in time, as far as whole
// commits allow, and the loop runs between two slices, so that a projector which is catching up
// still answers. How a log is cut into slices does not change the rows. On a loop; the one writer
// of the store.
class Projection {
 public:
  // Called with each delta: before its rows are written, and once they are in the store.
  using OnDelta = std::function<void(const v1::ViewDelta&)>;

  // `loop` and `store` must outlive it.
  Projection(bus::Loop& loop, views::ViewStore& store, OnDelta before_write, OnDelta written);
  ~Projection();

  // Begins to read the log behind the store's checkpoint.
  Status Follow(zmq::context_t& context, const std::string& ingest);

  Position durable() const { return reader_ ? reader_->durable() : Position(); }
  // Why it does not go on: of ingest, or of its own.
  const std::optional<Error>& trouble() const;
  // Events that could not be folded and were put aside, all there are in the store.
  std::uint64_t parked() const { return parked_; }
  // When rows were last written, by the wall clock; nullopt: not since the start.
  std::optional<RecordedTime> last_progress() const { return last_progress_; }

 private:
  void Schedule(std::chrono::milliseconds delay);
  void Step();
  // Projects and writes commits [done_, done_ + n) of the page; how many these were.
  Result<std::size_t> ProjectSlice();

  bus::Loop& loop_;
  views::ViewStore& store_;
  views::Projector projector_;
  OnDelta before_write_;
  OnDelta written_;
  std::unique_ptr<LogReader> reader_;
  std::optional<LogPage> page_;
  std::size_t done_ = 0;     // commits of the page already in the store
  std::size_t slice_bytes_;  // how large the next slice may be, by how long the last one took
  std::optional<bus::Loop::TimerId> next_step_;
  std::optional<Error> trouble_;
  std::uint64_t parked_ = 0;
  std::optional<RecordedTime> last_progress_;
};

}  // namespace entente::projector
