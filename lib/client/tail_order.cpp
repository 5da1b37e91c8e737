#include "client/tail_order.h"

#include <algorithm>

namespace entente::client {
namespace {

Cursor CursorOf(const v1::Change& change) {
  return {Position(change.position()), Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
}

}  // namespace

TailOrder::TailOrder(const std::vector<std::string>& countries, const Cursor& seen) {
  for (const std::string& country : countries) seen_.emplace(PrefixOf(country), seen);
}

std::optional<Cursor> TailOrder::GapBefore(const std::string& prefix,
                                           const Cursor& previous) const {
  const auto last = seen_.find(prefix);
  if (last == seen_.end() || previous <= last->second) return std::nullopt;
  return last->second;
}

bool TailOrder::IsNew(const v1::Change& change) const {
  const Cursor cursor = CursorOf(change);
  const auto told = [&](const std::string& term) {
    const auto last = seen_.find(term + "/");
    return last != seen_.end() && cursor <= last->second;
  };
  return std::ranges::none_of(change.terms_before(), told) &&
         std::ranges::none_of(change.terms_after(), told);
}

void TailOrder::Seen(const std::string& prefix, const Cursor& cursor) {
  const auto last = seen_.find(prefix);
  if (last != seen_.end()) last->second = std::max(last->second, cursor);
}

}  // namespace entente::client
