#include "cli/quarantine.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <system_error>
#include <utility>

#include "cli/state_directory.h"
#include "formats/refusal_note.h"

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".refused";

// history.jsonl and history.refused-2.jsonl both give history.
std::string StemOf(const fs::path& input) {
  std::string stem = input.stem().string();
  const auto end = stem.rfind(kEnding);
  if (end == std::string::npos) return stem;
  const auto behind = stem.find_first_not_of("0123456789", end + kEnding.size() + 1);
  const bool numbered = stem.size() > end + kEnding.size() + 1 && behind == std::string::npos &&
                        stem[end + kEnding.size()] == '-';
  if (numbered || stem.size() == end + kEnding.size()) stem.erase(end);
  return stem;
}

fs::path NumberedName(const fs::path& first, int number) {
  if (number == 1) return first;
  return first.parent_path() /
         fmt::format("{}-{}{}", first.stem().string(), number, first.extension().string());
}

// A file that can have neighbours: no pipe, and no directory of somebody else's.
bool HasPlaceBeside(const fs::path& input) {
  std::error_code ignored;
  if (!fs::is_regular_file(input, ignored)) return false;
  const fs::path directory = input.has_parent_path() ? input.parent_path() : ".";
  return ::access(directory.c_str(), W_OK | X_OK) == 0;
}

}  // namespace

Result<Quarantine> Quarantine::For(const std::string& input, const std::string& file) {
  std::error_code none;
  if (!file.empty()) {
    if (fs::equivalent(input, file, none)) {
      return Fail(Reason::kQueryInvalid, "--quarantine", file, "this is what is to be imported");
    }
    return Quarantine(file, false);
  }
  const bool beside = input != "-" && HasPlaceBeside(input);
  const fs::path state = StateDirectory();
  if (!beside && state.empty()) {
    return Fail(Reason::kQueryInvalid, "--quarantine", "",
                "there is no place for refused lines; name a file for them");
  }
  const fs::path directory = beside ? fs::path(input).parent_path() : state / "refused";
  const std::string stem = input == "-" ? "standard-input" : StemOf(input);
  return Quarantine(directory / fmt::format("{}{}.jsonl", stem, kEnding), true);
}

Quarantine::Quarantine(fs::path file, bool anew) : file_(std::move(file)), anew_(anew) {}

Quarantine::Quarantine(Quarantine&& other) noexcept
    : file_(std::move(other.file_)),
      anew_(other.anew_),
      fd_(std::exchange(other.fd_, -1)),
      kept_(other.kept_) {}

Quarantine::~Quarantine() {
  if (fd_ >= 0) ::close(fd_);
}

Status Quarantine::Open() {
  if (!anew_) {
    fd_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    return fd_ >= 0 ? Status() : Fail(Unwritable(errno));
  }
  std::error_code ignored;
  if (file_.has_parent_path()) fs::create_directories(file_.parent_path(), ignored);
  const fs::path first = file_;
  for (int number = 1; fd_ < 0; ++number) {
    file_ = NumberedName(first, number);
    fd_ = ::open(file_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd_ < 0 && errno != EEXIST) return Fail(Unwritable(errno));
  }
  return {};
}

Status Quarantine::Keep(const RefusedLine& refused) {
  if (fd_ < 0) {
    if (Status opened = Open(); !opened) return opened;
  }
  std::string line =
      formats::WithNote(refused.line.text, refused.line.number, refused.errors) + "\n";
  for (std::string_view rest = line; !rest.empty();) {
    const ssize_t written = ::write(fd_, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return Fail(Unwritable(errno));
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  ++kept_;
  return {};
}

Status Quarantine::Sync() const {
  if (fd_ < 0 || ::fsync(fd_) == 0 || errno == EINVAL) return {};
  return Fail(Unwritable(errno));
}

Error Quarantine::Unwritable(int fault) const {
  return Fail(Reason::kFileUnreadable, file_.string(), "",
              fmt::format("a refused line cannot be kept: {}", std::strerror(fault)))
      .value();
}

}  // namespace entente::cli
