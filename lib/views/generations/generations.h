// Generations of the views: each a directory of its own, one of them current.
//
//     views/
//       CURRENT        "g2\n", replaced in one rename
//       g1/            what was current before; kept until dropped
//       g2/
//
// A new one is built beside the current one from position 0 and takes over in the moment CURRENT
// is renamed: a crash leaves the one or the other, never half of each.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "values/error.h"
#include "views/view_store.h"

namespace entente::views {

// Names and places only; the stores themselves lock. By one process at a time.
class Generations {
 public:
  // Creates the directory where there is none. STORE_IO, STORE_DAMAGED (CURRENT names nothing).
  static Result<Generations> Open(std::filesystem::path directory);

  // Empty as long as nothing was made current.
  const std::string& current() const { return current_; }
  std::filesystem::path PathOf(const std::string& name) const { return directory_ / name; }
  // All that are there, oldest first.
  std::vector<std::string> All() const;
  // A name that no generation has had while another was kept.
  std::string NextName() const;

  // Makes a generation current, durably. NOT_FOUND if it is not there.
  Status MakeCurrent(const std::string& name);
  // Removes a generation that is not current. FIELD_INVALID, NOT_FOUND, STORE_IO.
  Status Drop(const std::string& name) const;

  // Opens the current generation, making the first one where there is none.
  Result<std::unique_ptr<ViewStore>> OpenCurrent();

 private:
  Generations(std::filesystem::path directory, std::string current)
      : directory_(std::move(directory)), current_(std::move(current)) {}

  std::filesystem::path directory_;
  std::string current_;
};

}  // namespace entente::views
