#include "views/terms/spans.h"

namespace entente::views {
namespace {

struct Length {
  Span span;
  int days;
};
constexpr Length kLengths[] = {{Span::kMonth, 31}, {Span::kSeason, 92}, {Span::kYear, 366}};

}  // namespace

Span SpanOf(Day earliest, Day latest) {
  if (!earliest.finite() || !latest.finite()) return Span::kLong;
  for (const auto& [span, days] : kLengths) {
    if (latest <= earliest.PlusDays(days - 1)) return span;
  }
  return Span::kLong;
}

Day FirstToReach(Span span, Day day) {
  for (const auto& [known, days] : kLengths) {
    if (known == span) return day.PlusDays(1 - days);
  }
  return Day::BeforeAll();
}

}  // namespace entente::views
