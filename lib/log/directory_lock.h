// Holds a directory for one process.
#pragma once

#include <filesystem>

#include "values/error.h"

namespace entente::log {

// A lock file in a directory, held (flock) as long as this lives, with the holder's pid in it. The
// kernel lets go of it when the process ends, however it ends.
class DirectoryLock {
 public:
  // Creates the directory where missing. STORE_BUSY names the pid that holds it; STORE_IO.
  static Result<DirectoryLock> Take(const std::filesystem::path& directory);

  DirectoryLock(DirectoryLock&& other) noexcept;
  DirectoryLock& operator=(DirectoryLock&& other) noexcept;
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;
  ~DirectoryLock();

 private:
  explicit DirectoryLock(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace entente::log
