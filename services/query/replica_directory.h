// Where a replica's rows lie on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "values/error.h"
#include "views/view_store.h"

namespace entente::query {

// Each checkpoint that was read has a directory of its own, and one small file names the one in
// use, so that a checkpoint which was read only in part is never taken for the views:
//
//     replica/CURRENT        "7\n"
//     replica/7/             rows
//     replica/8/             being read
class ReplicaDirectory {
 public:
  explicit ReplicaDirectory(std::filesystem::path path);

  // The store in use; null if there is none, or if it is of another version or damaged: it is
  // derived, and is read anew. STORE_BUSY, STORE_IO.
  Result<std::unique_ptr<views::ViewStore>> OpenCurrent();
  // A directory for the next checkpoint, empty.
  Result<std::filesystem::path> Prepare();
  // From now on this one is in use.
  Status Use(const std::filesystem::path& directory);
  // Removes all but the one in use. Their stores are closed.
  void RemoveOthers();

 private:
  std::uint64_t current() const;

  std::filesystem::path path_;
};

}  // namespace entente::query
