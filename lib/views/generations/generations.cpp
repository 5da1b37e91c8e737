#include "views/generations/generations.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <optional>
#include <system_error>

namespace entente::views {
namespace {

constexpr const char* kPointer = "CURRENT";

tl::unexpected<Error> Failed(const std::filesystem::path& path, int error) {
  return Fail(Reason::kStoreIo, "", path.string(), std::generic_category().message(error));
}

// The n of "gN".
std::optional<std::uint64_t> NumberOf(const std::string& name) {
  std::uint64_t number = 0;
  if (name.size() < 2 || name[0] != 'g') return std::nullopt;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data() + 1, end, number);
  if (error != std::errc() || stop != end) return std::nullopt;
  return number;
}

// Closes at the end of its scope.
class File {
 public:
  File(const std::filesystem::path& path, int flags) : fd_(open(path.c_str(), flags, 0644)) {}
  ~File() {
    if (fd_ >= 0) close(fd_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  int fd() const { return fd_; }

 private:
  int fd_;
};

Status WriteSynced(const std::filesystem::path& path, const std::string& text) {
  const File file(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC);
  if (file.fd() < 0) return Failed(path, errno);
  if (write(file.fd(), text.data(), text.size()) != static_cast<ssize_t>(text.size()) ||
      fsync(file.fd()) != 0) {
    return Failed(path, errno);
  }
  return {};
}

Status SyncDirectory(const std::filesystem::path& path) {
  const File directory(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory.fd() < 0 || fsync(directory.fd()) != 0) return Failed(path, errno);
  return {};
}

}  // namespace

Result<Generations> Generations::Open(std::filesystem::path directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Failed(directory, failed.value());
  std::string current;
  std::ifstream pointer(directory / kPointer);
  if (pointer) std::getline(pointer, current);
  if (pointer.is_open() &&
      (!NumberOf(current) || !std::filesystem::is_directory(directory / current))) {
    return Fail(Reason::kStoreDamaged, "", (directory / kPointer).string(),
                fmt::format("names the generation '{}', which is not there", current));
  }
  return Generations(std::move(directory), std::move(current));
}

std::vector<std::string> Generations::All() const {
  std::vector<std::string> names;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(directory_, failed)) {
    std::string name = entry.path().filename().string();
    if (NumberOf(name) && entry.is_directory()) names.push_back(std::move(name));
  }
  std::sort(names.begin(), names.end(),
            [](const auto& a, const auto& b) { return NumberOf(a) < NumberOf(b); });
  return names;
}

std::string Generations::NextName() const {
  const auto names = All();
  return fmt::format("g{}", names.empty() ? 1 : *NumberOf(names.back()) + 1);
}

Status Generations::MakeCurrent(const std::string& name) {
  if (!NumberOf(name) || !std::filesystem::is_directory(PathOf(name))) {
    return Fail(Reason::kNotFound, "generation", name, "no such generation is there");
  }
  const auto staged = directory_ / (std::string(kPointer) + ".new");
  if (auto written = WriteSynced(staged, name + "\n"); !written) return written;
  std::error_code failed;
  std::filesystem::rename(staged, directory_ / kPointer, failed);
  if (failed) return Failed(staged, failed.value());
  current_ = name;
  return SyncDirectory(directory_);
}

Status Generations::Drop(const std::string& name) const {
  if (name == current_) {
    return Fail(Reason::kFieldInvalid, "generation", name,
                "it is the current one; make another one current first");
  }
  if (!NumberOf(name) || !std::filesystem::is_directory(PathOf(name))) {
    return Fail(Reason::kNotFound, "generation", name, "no such generation is there");
  }
  std::error_code failed;
  std::filesystem::remove_all(PathOf(name), failed);
  if (failed) return Failed(PathOf(name), failed.value());
  return {};
}

Result<std::unique_ptr<ViewStore>> Generations::OpenCurrent() {
  if (!current_.empty()) return ViewStore::Open(PathOf(current_), current_);
  const std::string first = NextName();
  auto store = ViewStore::Open(PathOf(first), first);
  if (!store) return store;
  if (auto made = MakeCurrent(first); !made) return Fail(std::move(made.error()));
  return store;
}

}  // namespace entente::views
