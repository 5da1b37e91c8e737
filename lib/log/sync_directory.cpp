#include "log/sync_directory.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace entente::log {

Status SyncDirectory(const std::filesystem::path& directory) {
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = file >= 0 && fsync(file) == 0;
  const int why = errno;
  if (file >= 0) close(file);
  if (synced) return {};
  return Fail(Reason::kStoreIo, directory.string(), "",
              std::error_code(why, std::generic_category()).message());
}

}  // namespace entente::log
