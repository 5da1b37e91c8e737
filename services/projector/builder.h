// A generation that grows beside the current one, on a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <zmq.hpp>

#include "bus/loop.h"
#include "services/projector/projection.h"
#include "values/error.h"
#include "views/view_store.h"

namespace entente::projector {

// What a builder says of itself. Only the newest counts.
struct BuildNews {
  log::ChainPoint at;  // how far the log was taken in
  // Anything but kWhole: it cannot take over yet.
  views::Stage stage = views::Stage::kWhole;
  // Head of the durable log; nullopt: ingest has not answered yet.
  std::optional<Position> durable;
  std::uint64_t parked = 0;
  // Why it does not go on.
  std::optional<Error> trouble;
};

// Follows the log from where its store stands, as the projection of the current generation does,
// and does not stop at the head: it is handed over while it follows. It has a loop, a connection to
// ingest and a database of its own; it and the thread that made it know of each other by a slot for
// one message and a Wakeup in either direction.
class Builder {
 public:
  // Begins. `news` is notified after each slice and each second; it must outlive the builder.
  static Result<std::unique_ptr<Builder>> Start(zmq::context_t& context,
                                                std::shared_ptr<views::ViewStore> store,
                                                const std::string& ingest,
                                                Projection::Options options, bus::Wakeup& news);
  // Stops where it is: what is in the store stays there.
  ~Builder();

  BuildNews news() const;
  std::shared_ptr<const views::ViewStore> store() const { return store_; }
  // Waits for the slice under way, at most; gives what was built.
  std::shared_ptr<views::ViewStore> Stop();

 private:
  Builder(std::shared_ptr<views::ViewStore> store, Projection::Options options, bus::Wakeup& news);
  // On the builder's thread, as everything that Projection calls back.
  void Tell();

  const std::shared_ptr<views::ViewStore> store_;
  bus::Wakeup& news_;
  bus::Loop loop_;
  bus::Wakeup stop_;
  Projection projection_;
  mutable std::mutex slot_;
  BuildNews latest_;
  std::thread thread_;
};

}  // namespace entente::projector
