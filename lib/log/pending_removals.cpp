#include "log/pending_removals.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <string>
#include <system_error>

#include "log/sync_directory.h"

namespace entente::log {
namespace {

tl::unexpected<Error> Failed(const std::filesystem::path& file, int why) {
  return Fail(Reason::kStoreIo, file.string(), "",
              std::error_code(why, std::generic_category()).message());
}

Status WriteSynced(const std::filesystem::path& path, const std::string& text) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return Failed(path, errno);
  const bool written = write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
                       fsync(file) == 0;
  const int why = errno;
  close(file);
  return written ? Status() : Failed(path, why);
}

}  // namespace

Result<std::vector<Position>> PendingRemovals::Read() const {
  std::vector<Position> commits;
  std::ifstream lines(file_);
  for (std::string line; std::getline(lines, line);) {
    std::uint64_t position = 0;
    const char* const end = line.data() + line.size();
    const auto [stop, error] = std::from_chars(line.data(), end, position);
    if (error != std::errc() || stop != end) {
      return Fail(Reason::kStoreDamaged, file_.string(), line, "a line that is no position");
    }
    commits.emplace_back(position);
  }
  return commits;
}

Status PendingRemovals::Write(const std::vector<Position>& commits) const {
  std::string text;
  for (const Position commit : commits) text += fmt::format("{}\n", commit.value());
  std::filesystem::path staged = file_;
  staged += ".new";
  if (auto written = WriteSynced(staged, text); !written) return written;
  std::error_code failed;
  std::filesystem::rename(staged, file_, failed);
  if (failed) return Failed(file_, failed.value());
  return SyncDirectory(file_.parent_path());
}

Status PendingRemovals::Clear() const {
  std::error_code failed;
  std::filesystem::remove(file_, failed);
  if (failed) return Failed(file_, failed.value());
  return SyncDirectory(file_.parent_path());
}

}  // namespace entente::log
