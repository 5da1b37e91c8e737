#include "views/generations/generations.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <sstream>
#include <string_view>
#include <system_error>
#include <utility>

namespace entente::views {
namespace {

using Purpose = Building::Purpose;

constexpr const char* kPointer = "CURRENT";
constexpr const char* kNote = "BUILDING";
constexpr const char* kNewest = "NEWEST";
// In front of the name of one that is being removed.
constexpr std::string_view kDropped = "dropped-";
constexpr std::string_view kStopAtPoison = "stop-at-poison";

constexpr std::array<std::pair<Purpose, std::string_view>, 3> kPurposes = {
    {{Purpose::kRebuild, "rebuild"}, {Purpose::kRollback, "rollback"}, {Purpose::kHeld, "held"}}};

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

std::string LineOf(const Building& building) {
  std::string line = building.name;
  for (const auto& [purpose, word] : kPurposes) {
    if (purpose == building.purpose) line += fmt::format(" {}", word);
  }
  if (building.stop_at_poison) line += fmt::format(" {}", kStopAtPoison);
  return line;
}

// nullopt: no line of ours.
std::optional<Building> BuildingIn(const std::string& line) {
  std::istringstream words(line);
  Building building;
  std::string purpose;
  std::string further;
  words >> building.name >> purpose >> further;
  const auto known =
      std::ranges::find_if(kPurposes, [&](const auto& one) { return one.second == purpose; });
  if (!NumberOf(building.name) || known == kPurposes.end()) return std::nullopt;
  building.purpose = known->first;
  building.stop_at_poison = further == kStopAtPoison;
  return building;
}

// Its first line; nullopt: it is not there.
std::optional<std::string> LineIn(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) return std::nullopt;
  std::string line;
  std::getline(file, line);
  return line;
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

Result<Generations> Generations::Open(std::filesystem::path directory,
                                      std::function<void(std::string_view)> at_point) {
  auto lease = log::DirectoryLock::Take(directory);
  if (!lease) return Fail(std::move(lease).error());
  Generations generations(std::move(directory));
  generations.lease_ = *std::move(lease);
  generations.at_point_ = std::move(at_point);
  if (Status read = generations.Read(); !read) return Fail(std::move(read).error());
  if (Status tidied = generations.Tidy(); !tidied) return Fail(std::move(tidied).error());
  return generations;
}

Result<Generations> Generations::OpenToRead(std::filesystem::path directory) {
  Generations generations(std::move(directory));
  if (Status read = generations.Read(); !read) return Fail(std::move(read).error());
  return generations;
}

Status Generations::Read() {
  if (const auto line = LineIn(directory_ / kPointer)) {
    current_ = *line;
    if (!IsThere(current_)) {
      return Fail(Reason::kStoreDamaged, "", (directory_ / kPointer).string(),
                  fmt::format("names the generation '{}', which is not there", current_));
    }
  }
  if (const auto line = LineIn(directory_ / kNewest)) newest_ = NumberOf(*line).value_or(0);
  if (const auto line = LineIn(directory_ / kNote)) building_ = BuildingIn(*line);
  // Made current before the note could be removed.
  if (building_ && building_->name == current_) building_.reset();
  return {};
}

Status Generations::Tidy() {
  std::error_code failed;
  if (!building_) std::filesystem::remove(directory_ / kNote, failed);
  for (const auto& entry : std::filesystem::directory_iterator(directory_, failed)) {
    if (!entry.path().filename().string().starts_with(kDropped)) continue;
    std::filesystem::remove_all(entry.path(), failed);
    if (failed) return Failed(entry.path(), failed.value());
  }
  if (!current_.empty()) return {};
  // Nothing was ever whole: all but what is being built was left by a process that died early.
  for (const std::string& name : Kept()) {
    if (Status removed = Remove(name); !removed) return removed;
  }
  return {};
}

bool Generations::IsThere(const std::string& name) const {
  return NumberOf(name) && std::filesystem::is_directory(PathOf(name));
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

std::vector<std::string> Generations::Kept() const {
  auto names = All();
  std::erase_if(names, [this](const std::string& name) {
    return name == current_ || (building_ && name == building_->name);
  });
  return names;
}

std::string Generations::NextName() const {
  const auto names = All();
  const std::uint64_t newest = names.empty() ? 0 : *NumberOf(names.back());
  return fmt::format("g{}", std::max(newest, newest_) + 1);
}

Status Generations::Begin(const Building& building) {
  if (building_ && building_->name != building.name) {
    return Fail(Reason::kStoreBusy, "generation", building_->name,
                "it is being built; wait for it or cancel it");
  }
  if (building.purpose == Purpose::kRollback &&
      (building.name == current_ || !IsThere(building.name))) {
    return Fail(Reason::kNotFound, "generation", building.name, "no such generation is kept");
  }
  if (Status noted = WriteNamed(kNote, LineOf(building)); !noted) return noted;
  building_ = building;
  return {};
}

Result<std::unique_ptr<ViewStore>> Generations::OpenBuilding(
    std::uint32_t projection_version) const {
  if (!building_) {
    return Fail(Reason::kNotFound, "generation", "", "no generation is being built");
  }
  const std::string& name = building_->name;
  auto store = ViewStore::Open(PathOf(name), name, projection_version);
  if (store || building_->purpose == Purpose::kRollback) return store;
  const Reason reason = store.error().reason;
  if (reason != Reason::kStoreFormat && reason != Reason::kStoreDamaged) return store;
  if (Status removed = Remove(name); !removed) return Fail(std::move(removed).error());
  return ViewStore::Open(PathOf(name), name, projection_version);
}

Status Generations::Cancel() {
  if (!building_) return Fail(Reason::kNotFound, "generation", "", "no generation is being built");
  if (building_->purpose != Purpose::kRollback && IsThere(building_->name)) {
    if (Status removed = Remove(building_->name); !removed) return removed;
  }
  return RemoveNote();
}

Status Generations::MakeCurrent(const std::string& name) {
  if (!IsThere(name)) {
    return Fail(Reason::kNotFound, "generation", name, "no such generation is there");
  }
  if (const std::uint64_t number = *NumberOf(name); number > newest_) {
    if (Status written = WriteNamed(kNewest, name); !written) return written;
    newest_ = number;
    Point("newest-noted");
  }
  if (Status written = WriteNamed(kPointer, name); !written) return written;
  Point("pointed");
  current_ = name;
  // It has happened; a note that stays is passed over when the directory is opened again.
  if (building_ && building_->name == name) (void)RemoveNote();
  return {};
}

Status Generations::Drop(const std::string& name) const {
  if (name == current_) {
    return Fail(Reason::kFieldInvalid, "generation", name,
                "it is the current one; make another one current first");
  }
  if (building_ && name == building_->name) {
    return Fail(Reason::kStoreBusy, "generation", name, "it is being built; cancel that first");
  }
  if (!IsThere(name)) {
    return Fail(Reason::kNotFound, "generation", name, "no such generation is there");
  }
  return Remove(name);
}

// In one rename, so that what is left of it is never taken for a generation.
Status Generations::Remove(const std::string& name) const {
  const auto dropped = directory_ / fmt::format("{}{}", kDropped, name);
  std::error_code failed;
  std::filesystem::remove_all(dropped, failed);
  if (!failed) std::filesystem::rename(PathOf(name), dropped, failed);
  if (!failed) Point("set-aside");
  if (!failed) std::filesystem::remove_all(dropped, failed);
  if (failed) return Failed(PathOf(name), failed.value());
  return {};
}

Status Generations::WriteNamed(const char* file, const std::string& text) const {
  const auto staged = directory_ / fmt::format("{}.new", file);
  if (auto written = WriteSynced(staged, text + "\n"); !written) return written;
  Point("staged");
  std::error_code failed;
  std::filesystem::rename(staged, directory_ / file, failed);
  if (failed) return Failed(staged, failed.value());
  return SyncDirectory(directory_);
}

Status Generations::RemoveNote() {
  std::error_code failed;
  std::filesystem::remove(directory_ / kNote, failed);
  if (failed) return Failed(directory_ / kNote, failed.value());
  building_.reset();
  Point("note-removed");
  return SyncDirectory(directory_);
}

void Generations::Point(std::string_view name) const {
  if (at_point_) at_point_(name);
}

Result<std::unique_ptr<ViewStore>> Generations::OpenCurrent(std::uint32_t projection_version) {
  if (!current_.empty()) return ViewStore::Open(PathOf(current_), current_, projection_version);
  if (!building_) {
    if (Status noted = Begin({.name = NextName()}); !noted) return Fail(std::move(noted).error());
  }
  auto store = OpenBuilding(projection_version);
  if (!store) return store;
  std::string first = building_->name;
  if ((*store)->stage() != Stage::kWhole) {
    // Nobody may read it yet; it is gone on with beside one that is empty.
    store->reset();
    first = NextName();
    store = ViewStore::Open(PathOf(first), first, projection_version);
    if (!store) return store;
  }
  if (Status made = MakeCurrent(first); !made) return Fail(std::move(made).error());
  return store;
}

}  // namespace entente::views
