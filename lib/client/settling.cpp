#include "client/settling.h"

#include <utility>

namespace entente::client {
namespace {

// What is to be retried comes again anyway, and is new then.
bool Final(const Client::Settlement& settlement) {
  return settlement.how != v1::SettleRequest::retry_now &&
         settlement.how != v1::SettleRequest::retry_later;
}

}  // namespace

void Settling::OnNewSession() {
  under_way_.push_back(std::exchange(to_send_, {}));
  for (Batch& batch : std::exchange(under_way_, {})) {
    for (auto& [cursor, settlement] : batch) {
      if (Final(settlement)) lost_.insert_or_assign(cursor, std::move(settlement));
    }
  }
}

void Settling::Handle(const Cursor& cursor, Client::Settlement settlement) {
  to_send_.insert_or_assign(cursor, std::move(settlement));
}

bool Settling::Again(const Cursor& cursor) {
  auto known = lost_.extract(cursor);
  if (known.empty()) return false;
  Handle(cursor, std::move(known.mapped()));
  return true;
}

void Settling::OnCovered(const Cursor& covered_to) {
  lost_.erase(lost_.begin(), lost_.upper_bound(covered_to));
}

std::optional<v1::SettleRequest> Settling::TakeBatch(std::uint64_t session) {
  if (to_send_.empty()) return std::nullopt;
  v1::SettleRequest request;
  request.set_group(group_);
  request.set_subscription(session);
  for (const auto& [cursor, settlement] : to_send_) {
    auto* one = request.add_settled();
    one->mutable_cursor()->set_position(cursor.position.value());
    one->mutable_cursor()->set_ordinal(cursor.ordinal.value());
    one->set_how(settlement.how);
    one->set_why(settlement.why);
  }
  under_way_.push_back(std::exchange(to_send_, {}));
  return request;
}

void Settling::Confirm() {
  if (!under_way_.empty()) under_way_.erase(under_way_.begin());
}

}  // namespace entente::client
