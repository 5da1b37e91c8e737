// What a consumer has done with the changes it got, until the service has it on disk. No sockets,
// no clock.
//
//     delivered ──Handle──▶ to be sent ──TakeBatch──▶ under way ──Confirm──▶ forgotten
//                                                         │ session lost, or not held
//     delivered again ──Again: settled as before ◀────────┘
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "client/client.h"
#include "values/position.h"

namespace entente::client {

class Settling {
 public:
  explicit Settling(std::string group) : group_(std::move(group)) {}

  void OnNewSession();
  // The reader has dealt with it.
  void Handle(const Cursor& cursor, Client::Settlement settlement);
  // It was dealt with before, and the service did not hear of it: it will again. False: it is new.
  bool Again(const Cursor& cursor);
  // The service has everything up to here.
  void OnCovered(const Cursor& covered_to);

  struct Sent {
    std::uint64_t number = 0;  // never used again
    v1::SettleRequest request;
  };
  // What is to be sent now; nothing where nothing is.
  std::optional<Sent> TakeBatch(std::uint64_t session);
  // The reply to the batch of this number came. What this consumer did not hold is with another, or
  // comes again.
  void Confirm(std::uint64_t number, const v1::SettleReply& reply);
  std::size_t to_send() const { return to_send_.size(); }
  bool settled() const { return to_send_.empty() && under_way_.empty(); }

 private:
  using Batch = std::map<Cursor, Client::Settlement>;
  void Lose(const Cursor& cursor, Client::Settlement settlement);

  const std::string group_;
  Batch to_send_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Batch> under_way_;
  Batch lost_;  // final ones that the service did not hear of, or may not have heard of
};

}  // namespace entente::client
