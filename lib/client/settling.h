// What a consumer has done with the changes it got, until the service has it on disk. No sockets,
// no clock.
//
//     delivered ──Handle──▶ to be sent ──TakeBatch──▶ under way ──Confirm──▶ forgotten
//                                                         │ session lost
//     delivered again ──Again: settled as before ◀────────┘
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

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

  // What is to be sent now; nothing where nothing is.
  std::optional<v1::SettleRequest> TakeBatch(std::uint64_t session);
  // The reply to a batch came: to the first that was not answered.
  void Confirm();
  std::size_t to_send() const { return to_send_.size(); }
  bool settled() const { return to_send_.empty() && under_way_.empty(); }

 private:
  using Batch = std::map<Cursor, Client::Settlement>;

  const std::string group_;
  Batch to_send_;
  std::vector<Batch> under_way_;  // in the order sent
  Batch lost_;                    // final ones whose reply did not come
};

}  // namespace entente::client
