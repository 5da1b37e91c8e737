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
                       views::Growing::Read read)
    : loop_(loop),
      store_(store),
      options_(std::move(options)),
      slices_(read == views::Growing::Read::kOnceItIsWhole ? kLargeSlices : kSmallSlices),
      growing_(options_.rules, store, read),
      listener_(std::move(listener)),
      slice_bytes_(kSliceBytesMin) {}

Projection::~Projection() {
  if (next_step_) loop_.Cancel(*next_step_);
}

Status Projection::Follow(zmq::context_t& context, std::string ingest) {
  context_ = &context;
  ingest_ = std::move(ingest);
  return ReadOn();
}

Status Projection::ReadOn() {
  ForgetPages();
  goal_.reset();
  auto reader = LogReader::Connect(loop_, *context_, ingest_, store_.taken(),
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
  LearnGoal();
  if (paused_) return;
  if (IsGathered()) return Fold();
  if (!TakePages()) return;
  const auto begun = std::chrono::steady_clock::now();
  auto projected = ProjectSlice();
  const auto took = std::chrono::steady_clock::now() - begun;
  slice_bytes_ = took < slices_.time ? std::min(2 * slice_bytes_, slices_.bytes)
                                     : std::max(slice_bytes_ / 2, kSliceBytesMin);
  if (!projected) return GoOnBehind(std::move(projected).error());
  trouble_.reset();
  done_ += *projected;
  if (done_ == commits_.size()) ForgetPages();
  Schedule(milliseconds(0));
}

void Projection::LearnGoal() {
  if (goal_ || !reader_->heard()) return;
  goal_ = reader_->durable();
  const bool far = store_.taken().position == Position() && goal_->value() >= options_.far_behind;
  if (far && listener_.far_behind) listener_.far_behind();
}

bool Projection::IsGathered() const {
  if (!growing_.ToBeFolded()) return false;
  return growing_.BeingFolded() || (goal_ && growing_.taken().position >= *goal_);
}

void Projection::Fold() {
  const auto folded = growing_.Fold();
  if (!folded) return GoOnBehind(folded.error());
  if (*folded == views::Growing::Folded::kBegunAnew) {
    if (Status reads = ReadOn(); !reads) {
      trouble_ = std::move(reads).error();
      return;
    }
  }
  trouble_.reset();
  if (listener_.grown) listener_.grown();
  Schedule(milliseconds(0));
}

void Projection::GoOnBehind(Error trouble) {
  // What was gathered is lost where it could not be written, and is read again.
  const Position next = growing_.taken().position.Next();
  const bool lost =
      done_ < commits_.size() ? commits_[done_].first() > next : goal_ && next <= *goal_;
  if (lost) {
    if (Status reads = ReadOn(); !reads) trouble = std::move(reads).error();
  }
  trouble_ = std::move(trouble);
  Schedule(kRetryAfterTrouble);
}

bool Projection::TakePages() {
  // What is gathered comes the faster the more there is of it at a time.
  const std::size_t enough = growing_.ToBeFolded() ? slices_.bytes : 1;
  while (bytes_ < enough) {
    auto page = reader_->Take();
    if (!page) break;
    for (const log::CommitView& commit : page->commits) {
      commits_.push_back(commit);
      bytes_ += commit.bytes().size();
    }
    pages_.push_back(*std::move(page));
  }
  if (commits_.empty()) return false;
  return bytes_ >= enough || !goal_ || commits_.back().last() >= *goal_;
}

void Projection::ForgetPages() {
  pages_.clear();
  commits_.clear();
  bytes_ = 0;
  done_ = 0;
}

Result<std::size_t> Projection::ProjectSlice() {
  const std::size_t bytes = growing_.ToBeFolded() ? slices_.bytes : slice_bytes_;
  auto slice = SliceOf(std::span(commits_).subspan(done_), bytes);
  auto projected = ProjectUpToPoison(&slice);
  if (!projected) return Fail(std::move(projected).error());
  const bool whole = projected->delta.stage == views::Stage::kWhole;
  if (whole && listener_.before_write) listener_.before_write(projected->delta);
  const auto written = growing_.Write(*std::move(projected));
  if (!written) return Fail(written.error());
  if (whole) listener_.written(**written);
  if (!whole && listener_.grown) listener_.grown();
  return slice.size();
}

Result<views::Projected> Projection::ProjectUpToPoison(std::span<const log::CommitView>* slice) {
  auto projected = growing_.Take(*slice);
  if (!projected || projected->parked.empty() || options_.poison == PoisonPolicy::kPark) {
    return projected;
  }
  const views::Parked& poison = views::FirstOf(projected->parked);
  // The commit that holds it is stored whole or not at all, since the chain has no link inside.
  const auto holds_it = std::ranges::find_if(
      *slice, [&](const log::CommitView& commit) { return commit.last() >= poison.position; });
  *slice = slice->first(static_cast<std::size_t>(holds_it - slice->begin()));
  if (!slice->empty()) return growing_.Take(*slice);
  poison_ = poison.position;
  return Fail(views::PoisonError(poison, "the views stay"));
}

}  // namespace entente::projector
