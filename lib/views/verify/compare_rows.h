// Holds stored rows against the rows that the log gives when it is folded anew.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "values/error.h"
#include "views/store/digest.h"
#include "views/verify/row_stream.h"

namespace entente::views {

// The first key at which the two differ.
struct RowDifference {
  std::string key;
  std::optional<std::string> stored;  // nullopt: there is no such row
  std::optional<std::string> folded;
};

struct RowComparison {
  RowsDigest stored;  // of all rows up to the difference; of all where there is none
  std::optional<RowDifference> difference;
};

// Reads both to the first difference, in one pass and in constant memory. `progress` is told the
// number of rows passed; false stops: STOPPING.
Result<RowComparison> CompareRows(RowStream& stored, RowStream& folded,
                                  const std::function<bool(std::uint64_t)>& progress = nullptr);

}  // namespace entente::views
