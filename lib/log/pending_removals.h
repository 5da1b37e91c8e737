// Which commits were emptied and may still lie on the disk as they were before.
#pragma once

#include <filesystem>
#include <vector>

#include "values/error.h"
#include "values/position.h"

namespace entente::log {

// A file `erasing` beside the log, there only while bodies are being emptied: once a body reads as
// empty, nothing else would tell that its old bytes have yet to be removed. First positions of
// commits, one a line.
class PendingRemovals {
 public:
  explicit PendingRemovals(std::filesystem::path file) : file_(std::move(file)) {}

  // Ascending; empty where there is no file. STORE_DAMAGED, STORE_IO.
  Result<std::vector<Position>> Read() const;
  // Durable when it returns. STORE_IO.
  Status Write(const std::vector<Position>& commits) const;
  Status Clear() const;

 private:
  std::filesystem::path file_;
};

}  // namespace entente::log
