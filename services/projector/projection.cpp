#include "services/projector/projection.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "views/parked/parked.h"

namespace entente::projector {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kSliceBytesMin = 4U << 10;
constexpr milliseconds kRetryAfterTrouble(1'000);

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

Projection::Projection(bus::Loop& loop, views::ViewStore& store, Options options, Listener listener,
                       const SliceLimits& slices)
    : loop_(loop),
      store_(store),
      options_(std::move(options)),
      slices_(slices),
      project_(options_.rules.begin()),
      listener_(std::move(listener)),
      slice_bytes_(kSliceBytesMin) {}

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

void Projection::Pause() {
  paused_ = true;
  if (next_step_) loop_.Cancel(*next_step_);
  next_step_.reset();
}

void Projection::Resume() {
  paused_ = false;
  Schedule(milliseconds(0));
}

void Projection::Schedule(milliseconds delay) {
  if (next_step_ || paused_) return;
  next_step_ = loop_.After(delay, [this] {
    next_step_.reset();
    Step();
  });
}

void Projection::Step() {
  if (poison_) {
    reader_->LookAtHead();  // how far it falls behind is to be told
    return Schedule(kRetryAfterTrouble);
  }
  if (!page_) {
    page_ = reader_->Take();
    done_ = 0;
    if (!page_) return;
  }
  const auto begun = std::chrono::steady_clock::now();
  auto projected = ProjectSlice();
  const auto took = std::chrono::steady_clock::now() - begun;
  slice_bytes_ = took < slices_.time ? std::min(2 * slice_bytes_, slices_.bytes)
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
  auto slice = SliceOf(std::span(page_->commits).subspan(done_), slice_bytes_);
  auto projected = ProjectUpToPoison(&slice);
  if (!projected) return Fail(std::move(projected).error());
  if (listener_.before_write) listener_.before_write(projected->delta);
  if (Status applied = store_.Apply(projected->delta); !applied) {
    return Fail(std::move(applied).error());
  }
  listener_.written(projected->delta);
  return slice.size();
}

Result<views::Projected> Projection::ProjectUpToPoison(std::span<const log::CommitView>* slice) {
  auto projected = project_(*store_.TakeSnapshot(), *slice);
  if (!projected || projected->parked.empty() || options_.poison == PoisonPolicy::kPark) {
    return projected;
  }
  const views::Parked& poison = views::FirstOf(projected->parked);
  // The commit that holds it is stored whole or not at all, since the chain has no link inside.
  const auto holds_it = std::ranges::find_if(
      *slice, [&](const log::CommitView& commit) { return commit.last() >= poison.position; });
  *slice = slice->first(static_cast<std::size_t>(holds_it - slice->begin()));
  if (!slice->empty()) return project_(*store_.TakeSnapshot(), *slice);
  poison_ = poison.position;
  return Fail(views::PoisonError(poison, "the views stay"));
}

}  // namespace entente::projector
