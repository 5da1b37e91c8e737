#include "services/projector/builder.h"

#include <chrono>
#include <utility>

#include "views/parked/parked.h"

namespace entente::projector {
namespace {

// Also when nothing moves, so that a trouble is told.
constexpr std::chrono::milliseconds kTellEvery(1'000);

}  // namespace

Builder::Builder(std::shared_ptr<views::ViewStore> store, Projection::Options options,
                 bus::Wakeup& news)
    : store_(std::move(store)),
      news_(news),
      projection_(
          loop_, *store_, std::move(options),
          {.written = [this](const views::RowDelta&) { Tell(); }, .grown = [this] { Tell(); }},
          views::Growing::Read::kOnceItIsWhole) {
  latest_.at = store_->taken();
  latest_.stage = store_->stage();
}

Builder::~Builder() { Stop(); }

Result<std::unique_ptr<Builder>> Builder::Start(zmq::context_t& context,
                                                std::shared_ptr<views::ViewStore> store,
                                                const std::string& ingest,
                                                Projection::Options options, bus::Wakeup& news) {
  auto builder = std::unique_ptr<Builder>(new Builder(std::move(store), std::move(options), news));
  if (Status following = builder->projection_.Follow(context, ingest); !following) {
    return Fail(std::move(following).error());
  }
  builder->loop_.Every(kTellEvery, [self = builder.get()] { self->Tell(); });
  builder->loop_.Add(builder->stop_, [self = builder.get()] { self->loop_.Stop(); });
  builder->thread_ = std::thread([self = builder.get()] { self->loop_.Run(); });
  return builder;
}

BuildNews Builder::news() const {
  const std::lock_guard lock(slot_);
  return latest_;
}

std::shared_ptr<views::ViewStore> Builder::Stop() {
  if (thread_.joinable()) {
    stop_.Notify();
    store_->StopMerging();
    thread_.join();
  }
  return store_;
}

void Builder::Tell() {
  BuildNews news{.at = store_->taken(),
                 .stage = store_->stage(),
                 .durable = std::nullopt,
                 .parked = views::CountParked(*store_->TakeSnapshot()),
                 .trouble = projection_.trouble()};
  if (projection_.heard()) news.durable = projection_.durable();
  {
    const std::lock_guard lock(slot_);
    latest_ = std::move(news);
  }
  news_.Notify();
}

}  // namespace entente::projector
