#include "services/query/revision.h"

#include <chrono>
#include <utility>

namespace entente::query {
namespace {

// About a millisecond.
constexpr std::size_t kRowsAtOnce = 1'000;

}  // namespace

Revision::Revision(bus::Loop& loop, Done done) : loop_(loop), done_(std::move(done)) {}

Revision::~Revision() {
  if (step_) loop_.Cancel(*step_);
}

Revision::Side Revision::SideOf(std::shared_ptr<views::ViewStore> store) {
  auto snapshot = store->TakeSnapshot();
  return {std::move(store), std::move(snapshot)};
}

void Revision::Begin(std::shared_ptr<views::ViewStore> before,
                     std::shared_ptr<views::ViewStore> after) {
  const bool under_way = comparison_.has_value();
  comparison_.reset();
  if (!under_way) before_ = SideOf(std::move(before));
  after_ = SideOf(std::move(after));
  comparison_.emplace(*before_.snapshot, *after_.snapshot, before_.snapshot->checkpoint().position);
  ScheduleStep();
}

void Revision::ScheduleStep() {
  if (step_) return;
  step_ = loop_.After(std::chrono::milliseconds(0), [this] {
    step_.reset();
    Step();
  });
}

void Revision::Step() {
  if (!comparison_->Step(kRowsAtOnce)) return ScheduleStep();
  done_([this](const views::FeedFilter& filter, const Cursor& up_to) {
    v1::Revised revised;
    revised.set_generation(after_.store->generation());
    revised.set_version(after_.store->projection_version());
    revised.set_up_to(up_to.position.value());
    revised.set_count(views::CountRevised(comparison_->revised(), filter, up_to));
    revised.set_at_least(comparison_->more() && comparison_->reached() < up_to);
    return revised;
  });
  comparison_.reset();
  before_ = {};
  after_ = {};
}

}  // namespace entente::query
