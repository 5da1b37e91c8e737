// Old dates, named in passing, that no plan below them had: those of a meeting that is followed
// report by report, looked at again only where a report may have changed it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <set>
#include <utility>
#include <vector>

#include "domain/meeting/dates.h"
#include "domain/meeting/finding_counts.h"
#include "domain/meeting/said.h"

namespace entente::domain {

class AstrayDates {
 public:
  // Words of this rank came to the plans. Whether an old date went astray turns on the word above
  // it and on those below: looks at those from there on.
  void Found(const std::vector<DateWord>& plans, const Rank& rank);
  // The same of all, where words went as well.
  void FindAll(const std::vector<DateWord>& plans) { FindFrom(plans, 0); }
  // A report's words are taken from the plans.
  void Forget(const Said& said);
  // How many findings they make.
  std::uint32_t findings() const { return told_.count(); }

 private:
  void FindFrom(const std::vector<DateWord>& plans, std::size_t from);

  std::set<std::pair<const Said*, const UncertainDate*>> words_;
  ToldFindings told_;  // of them
};

}  // namespace entente::domain
