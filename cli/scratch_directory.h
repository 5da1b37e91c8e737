// A directory for what a command needs while it runs.
#pragma once

#include <filesystem>

#include "values/error.h"

namespace entente::cli {

// Removed at the end, with all that is in it.
class ScratchDirectory {
 public:
  // Below `parent`; where that is empty, below $TMPDIR or /tmp. FILE_UNREADABLE.
  static Result<ScratchDirectory> Make(const std::filesystem::path& parent);
  ScratchDirectory(ScratchDirectory&& other) noexcept;
  ScratchDirectory& operator=(ScratchDirectory&&) = delete;
  ~ScratchDirectory();

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit ScratchDirectory(std::filesystem::path path) : path_(std::move(path)) {}
  std::filesystem::path path_;  // empty: moved from
};

}  // namespace entente::cli
