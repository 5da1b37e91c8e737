#include <cstdint>
#include <string>
#include <string_view>

#include "domain/dates/uncertain_date.h"

namespace entente::domain {
namespace {

// Flipping the sign bit makes unsigned byte order the order of the signed days.
void AppendDay(std::string& key, Day day) {
  const std::uint32_t biased = static_cast<std::uint32_t>(day.since_epoch()) ^ 0x8000'0000u;
  for (int shift = 24; shift >= 0; shift -= 8) key.push_back(static_cast<char>(biased >> shift));
}

}  // namespace

DateOrder Compare(const Bounds& a, const Bounds& b) {
  if (a.latest < b.earliest) return DateOrder::kBefore;
  if (b.latest < a.earliest) return DateOrder::kAfter;
  if (a == b && a.earliest == a.latest) return DateOrder::kSame;
  return DateOrder::kUnknown;
}

Containment Within(const Bounds& date, const Bounds& window) {
  if (window.Contains(date)) return Containment::kCertain;
  return window.Overlaps(date) ? Containment::kPossible : Containment::kOutside;
}

std::string SortKey(const Bounds& bounds, std::string_view text) {
  std::string key;
  key.reserve(8 + text.size());
  AppendDay(key, bounds.earliest);
  AppendDay(key, bounds.latest);
  key += text;
  return key;
}

}  // namespace entente::domain
