#include "domain/meeting/series.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "domain/meeting/settle.h"
#include "domain/meeting/who_takes_part.h"

namespace entente::domain {

void DeriveSeries(const Registries& registries, v1::Meeting& meeting) {
  std::vector<std::string> sides;
  for (const auto& party : meeting.parties()) {
    if (IsSide(party)) sides.push_back(party.code());
  }
  const auto series_of = [&](const std::string& kind) {
    return registries.vocabulary.SeriesOf(kind, sides);
  };
  v1::Fact series;
  if (const Word* named = series_of(meeting.kind().value())) {
    series.set_value(named->id);
    *series.mutable_said_by() = meeting.kind().said_by();
    series.set_disputed(meeting.kind().disputed() ||
                        std::ranges::any_of(meeting.parties(), &v1::PartyFact::disputed));
  }
  for (const auto& rival : meeting.kind().rivals()) {
    if (rival.why() != v1::Fact::Rival::disputed) continue;
    const Word* const named = series_of(rival.value());
    if (named == nullptr) continue;
    for (const std::uint32_t by : rival.said_by()) AddRival(series, named->id, rival.why(), by);
  }
  if (series.ByteSizeLong() > 0) *meeting.mutable_series() = std::move(series);
}

}  // namespace entente::domain
