// A digest of all rows, to compare two copies of the views.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "log/digest.h"
#include "values/error.h"
#include "views/view_store.h"

struct evp_md_ctx_st;

namespace entente::views {

struct RowsDigest {
  log::Digest sha256{};
  std::uint64_t rows = 0;
};

// SHA-256 over rows in key order: [key length u32][key][value length u32][value], big-endian.
class RowHasher {
 public:
  RowHasher();
  void Add(std::string_view key, std::string_view value);
  std::uint64_t rows() const { return digest_.rows; }
  // Once, after the last row.
  RowsDigest Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  void AddSized(std::string_view bytes);
  std::unique_ptr<evp_md_ctx_st, Free> context_;
  RowsDigest digest_;
};

// Over all rows but the store's own. Reads everything. STORE_DAMAGED where rows cannot be read.
Result<RowsDigest> DigestOfRows(const Snapshot& snapshot);

}  // namespace entente::views
