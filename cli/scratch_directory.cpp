#include "cli/scratch_directory.h"

#include <cerrno>
#include <cstdlib>
#include <string>
#include <system_error>
#include <utility>

namespace entente::cli {

Result<ScratchDirectory> ScratchDirectory::Make(const std::filesystem::path& parent) {
  std::error_code fault;
  const auto below = parent.empty() ? std::filesystem::temp_directory_path(fault) : parent;
  std::string name = (below / "entente-XXXXXX").string();
  if (fault || ::mkdtemp(name.data()) == nullptr) {
    return Fail(Reason::kFileUnreadable, "--scratch", below.string(),
                "no directory can be made there: " +
                    (fault ? fault.message() : std::generic_category().message(errno)));
  }
  return ScratchDirectory(name);
}

ScratchDirectory::ScratchDirectory(ScratchDirectory&& other) noexcept
    : path_(std::exchange(other.path_, {})) {}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

}  // namespace entente::cli
