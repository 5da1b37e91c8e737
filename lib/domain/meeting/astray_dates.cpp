#include "domain/meeting/astray_dates.h"

#include <algorithm>

#include "domain/meeting/findings.h"

namespace entente::domain {

void AstrayDates::Found(const std::vector<DateWord>& plans, const Rank& rank) {
  const auto first = std::ranges::lower_bound(plans, rank, {},
                                              [](const DateWord& word) { return word.said->rank; });
  FindFrom(plans, first == plans.begin() ? 0 : static_cast<std::size_t>(first - plans.begin()) - 1);
}

void AstrayDates::FindFrom(const std::vector<DateWord>& plans, std::size_t from) {
  for (std::size_t i = from; i < plans.size(); ++i) {
    const DateWord& word = plans[i];
    if (word.kind != DateWord::Kind::kOldDate) continue;
    const bool is = IsAstray(plans, i);
    const bool was = words_.contains({word.said, word.date});
    if (is == was) continue;
    told_.Tally({NameOf(*word.said), word.date->text()}, is ? 1 : -1);
    if (is) {
      words_.emplace(word.said, word.date);
    } else {
      words_.erase({word.said, word.date});
    }
  }
}

void AstrayDates::Forget(const Said& said) {
  const auto first = words_.lower_bound({&said, nullptr});
  auto end = first;
  for (; end != words_.end() && end->first == &said; ++end) {
    told_.Tally({NameOf(said), end->second->text()}, -1);
  }
  words_.erase(first, end);
}

}  // namespace entente::domain
