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
  under_way_.emplace(++last_number_, std::exchange(to_send_, {}));
  for (auto& [number, batch] : std::exchange(under_way_, {})) {
    for (auto& [cursor, settlement] : batch) Lose(cursor, std::move(settlement));
  }
}

void Settling::Lose(const Cursor& cursor, Client::Settlement settlement) {
  if (Final(settlement)) lost_.insert_or_assign(cursor, std::move(settlement));
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

std::optional<Settling::Sent> Settling::TakeBatch(std::uint64_t session) {
  if (to_send_.empty()) return std::nullopt;
  Sent sent{.number = ++last_number_, .request = {}};
  sent.request.set_group(group_);
  sent.request.set_subscription(session);
  for (const auto& [cursor, settlement] : to_send_) {
    auto* one = sent.request.add_settled();
    one->mutable_cursor()->set_position(cursor.position.value());
    one->mutable_cursor()->set_ordinal(cursor.ordinal.value());
    one->set_how(settlement.how);
    one->set_why(settlement.why);
  }
  under_way_.emplace(sent.number, std::exchange(to_send_, {}));
  return sent;
}

void Settling::Confirm(std::uint64_t number, const v1::SettleReply& reply) {
  auto batch = under_way_.extract(number);
  if (batch.empty()) return;
  for (const v1::Cursor& cursor : reply.not_held()) {
    auto settled = batch.mapped().extract(
        {Position(cursor.position()), Ordinal(static_cast<std::uint16_t>(cursor.ordinal()))});
    if (!settled.empty()) Lose(settled.key(), std::move(settled.mapped()));
  }
}

}  // namespace entente::client
