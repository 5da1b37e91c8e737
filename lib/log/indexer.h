// Hands sealed segments to the index, on a thread of its own.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "log/index.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::log {

// Takes segments in order and only once they are durable, so that the index is never ahead of the
// durable log. Any thread may call.
class Indexer {
 public:
  // `notify` is called, from the indexer's thread, after each segment and after a failure.
  Indexer(Index& index, Position indexed_to, std::function<void()> notify);
  // Finishes the segments it was given, so that the next opening need not read them again.
  ~Indexer();

  void Add(std::shared_ptr<const Segment> durable_segment);
  // Everything up to here is in the index and can be found there.
  Position indexed_to() const;
  // Set once the index could not be written; no segment is taken after that.
  std::optional<Error> error() const;

 private:
  void Run();

  Index& index_;
  std::function<void()> notify_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<const Segment>> segments_;
  Position indexed_to_;
  std::optional<Error> error_;
  bool stopping_ = false;
  std::thread thread_;  // last: uses all of the above
};

}  // namespace entente::log
