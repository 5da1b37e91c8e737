// A digest of all rows, to compare two copies of the views.
#pragma once

#include <cstdint>

#include "log/digest.h"
#include "views/view_store.h"

namespace entente::views {

struct RowsDigest {
  log::Digest sha256{};
  std::uint64_t rows = 0;
};

// SHA-256 over all rows but the store's own, in key order:
// [key length u32][key][value length u32][value], big-endian. Reads everything.
RowsDigest DigestOfRows(const Snapshot& snapshot);

}  // namespace entente::views
