// Which runs make up the index, and up to where: one small file, replaced as a whole. What it does
// not name is no part of the index.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "log/chain_point.h"
#include "values/error.h"

namespace rocksdb {
class Env;
}  // namespace rocksdb

namespace entente::log {

struct RunList {
  struct Named {
    std::uint64_t number = 0;
    std::uint32_t level = 0;  // how often what it holds was merged
  };

  std::uint64_t seed = 0;
  ChainPoint indexed_to;
  std::vector<Named> runs;  // from the oldest to the newest

  // nullopt: there is no such file. STORE_DAMAGED, STORE_FORMAT, STORE_IO.
  static Result<std::optional<RunList>> Read(rocksdb::Env& env,
                                             const std::filesystem::path& directory);
  // Durable when it returns. STORE_IO; then either list may be the one that is read next.
  Status Write(rocksdb::Env& env, const std::filesystem::path& directory) const;
};

}  // namespace entente::log
