// Generations of the views: each a directory of its own, one of them current.
//
//     views/
//       lock           held by who owns the directory
//       CURRENT        "g2\n", replaced in one rename
//       BUILDING       "g3 rebuild\n": what is on its way to becoming current; mostly not there
//       NEWEST         "g2\n": the newest that was ever current; its name is not given again
//       g1/            what was current before; kept until dropped
//       g2/
//       g3/            grows
//
// A new one is built beside the current one from position 0 and takes over in the moment CURRENT
// is renamed: a crash leaves the one or the other, never half of each. BUILDING is on the disk
// before the directory it names, so that whoever owns the directory next goes on with what a dying
// process left, instead of finding rows that nobody can account for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "log/directory_lock.h"
#include "values/error.h"
#include "views/view_store.h"

namespace entente::views {

// A generation on its way to becoming current.
struct Building {
  enum class Purpose {
    kRebuild,   // from position 0
    kRollback,  // was current before, and is folded forward to the head
    kHeld,      // from position 0, and waits at the head until a person says so
  };
  std::string name;
  Purpose purpose = Purpose::kRebuild;
  // Stops at the first event that cannot be folded, instead of parking it.
  bool stop_at_poison = false;
};

// Names and places, and the lease: as long as this lives no other owns the directory, so that two
// rebuilds, or a rebuild and a projector, cannot meet. One thread.
class Generations {
 public:
  // Creates the directory where there is none, and removes what a dying process had begun to
  // remove. STORE_BUSY (names the process), STORE_IO, STORE_DAMAGED (CURRENT names nothing).
  // `at_point` is called after each step that a dying process may have been the last to take, for
  // tests that end it there.
  static Result<Generations> Open(std::filesystem::path directory,
                                  std::function<void(std::string_view)> at_point = {});
  // Without the lease: to look at what nobody changes meanwhile. Writes nothing.
  static Result<Generations> OpenToRead(std::filesystem::path directory);

  // Empty as long as nothing was made current.
  const std::string& current() const { return current_; }
  const std::optional<Building>& building() const { return building_; }
  std::filesystem::path PathOf(const std::string& name) const { return directory_ / name; }
  // All that are there, oldest first.
  std::vector<std::string> All() const;
  // Those that were current before and can be again, oldest first.
  std::vector<std::string> Kept() const;
  // A name that no generation had which was ever current: replicas elsewhere may hold rows of one
  // that is gone.
  std::string NextName() const;

  // Notes, durably, what is to be built; again with its name, for another purpose. STORE_BUSY while
  // another one is being built, NOT_FOUND for a rollback to one that is not kept, STORE_IO.
  Status Begin(const Building& building);
  // Opens the store of what is being built; rows of another projection version and damaged ones are
  // begun anew, but for a rollback. As ViewStore::Open.
  Result<std::unique_ptr<ViewStore>> OpenBuilding(
      std::uint32_t projection_version = kProjectionVersion) const;
  // Gives up what is being built, and removes it unless it was current before. Its store is closed.
  // NOT_FOUND, STORE_IO.
  Status Cancel();
  // Makes a generation current, durably; it is then no longer being built. NOT_FOUND, STORE_IO.
  Status MakeCurrent(const std::string& name);
  // Removes a kept generation. FIELD_INVALID for the current one, STORE_BUSY for the one being
  // built, NOT_FOUND, STORE_IO.
  Status Drop(const std::string& name) const;

  // Opens the current generation, making the first one where there is none: what is being built, if
  // it is whole, and otherwise one that is empty. As ViewStore::Open.
  Result<std::unique_ptr<ViewStore>> OpenCurrent(
      std::uint32_t projection_version = kProjectionVersion);

 private:
  explicit Generations(std::filesystem::path directory) : directory_(std::move(directory)) {}

  // Reads CURRENT and BUILDING.
  Status Read();
  Status Tidy();
  bool IsThere(const std::string& name) const;
  Status Remove(const std::string& name) const;
  Status WriteNamed(const char* file, const std::string& text) const;
  Status RemoveNote();
  void Point(std::string_view name) const;

  std::filesystem::path directory_;
  std::function<void(std::string_view)> at_point_;
  std::optional<log::DirectoryLock> lease_;
  std::string current_;
  std::optional<Building> building_;
  std::uint64_t newest_ = 0;  // number of the newest that was ever current
};

}  // namespace entente::views
