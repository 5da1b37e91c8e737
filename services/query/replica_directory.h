// Where a replica's rows lie on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "values/error.h"
#include "views/view_store.h"

namespace entente::query {

// Each checkpoint that was read has a directory of its own, and one small file names the one in
// use, so that a checkpoint which was read only in part is never taken for the views:
//
//     replica/CURRENT        "7\n"
//     replica/7/             rows
//     replica/8/             being read
//
// All stores are let go of by one thread.
class ReplicaDirectory {
 public:
  explicit ReplicaDirectory(std::filesystem::path path);

  // The store in use, of whatever projection version; null if there is none, or if it is of another
  // layout or damaged: it is derived, and is read anew. STORE_BUSY, STORE_IO.
  Result<std::shared_ptr<views::ViewStore>> OpenCurrent() const;
  // An empty store for the next checkpoint, in a directory of its own. STORE_IO.
  Result<std::shared_ptr<views::ViewStore>> Prepare(const std::string& generation,
                                                    std::uint32_t projection_version);
  // From now on the store that was prepared last is in use. STORE_IO.
  Status UsePrepared();
  // Removes what an earlier process left behind; before anything is prepared.
  void RemoveOthers() const;

 private:
  std::uint64_t current() const;
  // Once nobody reads it any more, a store that is not in use is removed from the disk.
  std::shared_ptr<views::ViewStore> Hold(std::unique_ptr<views::ViewStore> store,
                                         std::uint64_t number) const;

  std::filesystem::path path_;
  std::uint64_t prepared_ = 0;
};

}  // namespace entente::query
