#include "services/projector/projection.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "views/parked/parked.h"
#include "views/projection.h"

namespace entente::projector {
namespace {

using std::chrono::milliseconds;

// A slice takes about this long, so that status and replicas are answered meanwhile. How many
// bytes that is differs by orders of magnitude between one meeting and another.
constexpr milliseconds kSliceTime(50);
constexpr std::size_t kSliceBytesMin = 4U << 10;
constexpr std::size_t kSliceBytesMax = 1U << 20;
constexpr milliseconds kRetryAfterTrouble(1'000);

RecordedTime WallClock() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return RecordedTime(std::chrono::duration_cast<milliseconds>(since_1970).count());
}

// As many of the commits as a slice holds, at least one.
std::span<const log::CommitView> SliceOf(std::span<const log::CommitView> commits,
                                         std::size_t bytes_max) {
  std::size_t bytes = 0;
  std::size_t n = 0;
  for (; n < commits.size(); ++n) {
    bytes += commits[n].bytes().size();
    if (n > 0 && bytes > bytes_max) break;
  }
  return commits.first(n);
}

}  // namespace

Projection::Projection(bus::Loop& loop, views::ViewStore& store, OnDelta before_write,
                       OnDelta written)
    : loop_(loop),
      store_(store),
      projector_(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn()),
      before_write_(std::move(before_write)),
      written_(std::move(written)),
      slice_bytes_(kSliceBytesMin),
      parked_(views::AllParked(*store.TakeSnapshot()).size()) {}

Projection::~Projection() {
  if (next_step_) loop_.Cancel(*next_step_);
}

Status Projection::Follow(zmq::context_t& context, const std::string& ingest) {
  auto reader = LogReader::Connect(loop_, context, ingest, store_.checkpoint(),
                                   [this] { Schedule(milliseconds(0)); });
  if (!reader) return Fail(std::move(reader).error());
  reader_ = *std::move(reader);
  return {};
}

const std::optional<Error>& Projection::trouble() const {
  return trouble_ || !reader_ ? trouble_ : reader_->trouble();
}

void Projection::Schedule(milliseconds delay) {
  if (next_step_) return;
  next_step_ = loop_.After(delay, [this] {
    next_step_.reset();
    Step();
  });
}

void Projection::Step() {
  if (!page_) {
    page_ = reader_->Take();
    done_ = 0;
    if (!page_) return;
  }
  const auto begun = std::chrono::steady_clock::now();
  auto projected = ProjectSlice();
  const auto took = std::chrono::steady_clock::now() - begun;
  slice_bytes_ = took < kSliceTime ? std::min(2 * slice_bytes_, kSliceBytesMax)
                                   : std::max(slice_bytes_ / 2, kSliceBytesMin);
  if (!projected) {
    trouble_ = std::move(projected).error();
    return Schedule(kRetryAfterTrouble);
  }
  trouble_.reset();
  done_ += *projected;
  if (done_ == page_->commits.size()) page_.reset();
  Schedule(milliseconds(0));
}

Result<std::size_t> Projection::ProjectSlice() {
  const auto slice = SliceOf(std::span(page_->commits).subspan(done_), slice_bytes_);
  auto projected = projector_.Project(*store_.TakeSnapshot(), slice);
  if (!projected) return Fail(std::move(projected).error());
  before_write_(projected->delta);
  if (Status applied = store_.Apply(projected->delta); !applied) {
    return Fail(std::move(applied).error());
  }
  parked_ += projected->parked.size();
  last_progress_ = WallClock();
  written_(projected->delta);
  return slice.size();
}

}  // namespace entente::projector
