// Asks ingest whether the log our views were made of is the beginning of its own.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "bus/dealer.h"
#include "bus/loop.h"
#include "log/chain_point.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::query {

// `known` says what we have. Views or cursors that are ahead of the log, or of another log, mean
// that acknowledged events were lost, or that services of two installations were mixed up. The
// projector finds that out for itself; a query asks on its own, since its replica and its durable
// subscriptions may be all that is left of what was lost. On a loop.
class ChainCheck {
 public:
  static Result<std::unique_ptr<ChainCheck>> Begin(bus::Loop& loop, zmq::context_t& context,
                                                   const std::string& ingest,
                                                   std::function<log::ChainPoint()> known);
  ~ChainCheck();

  // LOG_DIVERGED, once ingest has said so and until it says otherwise.
  const std::optional<Error>& refusal() const { return refusal_; }
  // Head of the durable log when ingest last answered, some seconds ago.
  Position durable() const { return durable_; }

 private:
  ChainCheck(bus::Loop& loop, std::function<log::ChainPoint()> known)
      : loop_(loop), known_(std::move(known)) {}
  void Ask();
  void AskAfter(std::chrono::milliseconds delay);

  bus::Loop& loop_;
  const std::function<log::ChainPoint()> known_;
  std::unique_ptr<bus::Dealer> dealer_;
  std::optional<bus::Loop::TimerId> later_;
  std::optional<Error> refusal_;
  Position durable_;
};

}  // namespace entente::query
