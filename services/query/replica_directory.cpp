#include "services/query/replica_directory.h"

#include <fmt/format.h>

#include <fstream>
#include <string>
#include <system_error>
#include <utility>

namespace entente::query {
namespace {

namespace fs = std::filesystem;

tl::unexpected<Error> DiskRefused(const fs::path& path, const std::error_code& fault) {
  return Fail(Reason::kStoreIo, "", path.string(), fault.message());
}

}  // namespace

ReplicaDirectory::ReplicaDirectory(fs::path path) : path_(std::move(path)) {}

std::uint64_t ReplicaDirectory::current() const {
  std::uint64_t number = 0;
  std::ifstream(path_ / "CURRENT") >> number;
  return number;
}

Result<std::unique_ptr<views::ViewStore>> ReplicaDirectory::OpenCurrent() {
  const std::uint64_t number = current();
  if (number == 0) return nullptr;
  auto store = views::ViewStore::Open(path_ / std::to_string(number), "");
  if (store) return store;
  const Reason reason = store.error().reason;
  if (reason == Reason::kStoreFormat || reason == Reason::kStoreDamaged) return nullptr;
  return store;
}

Result<fs::path> ReplicaDirectory::Prepare() {
  std::error_code fault;
  fs::create_directories(path_, fault);
  if (fault) return DiskRefused(path_, fault);
  const fs::path next = path_ / std::to_string(current() + 1);
  fs::remove_all(next, fault);
  if (fault) return DiskRefused(next, fault);
  return next;
}

Status ReplicaDirectory::Use(const fs::path& directory) {
  const fs::path draft = path_ / "CURRENT.new";
  {
    std::ofstream file(draft, std::ios::trunc);
    file << directory.filename().string() << '\n';
    if (!file.flush()) return Fail(Reason::kStoreIo, "", draft.string(), "cannot be written");
  }
  std::error_code fault;
  fs::rename(draft, path_ / "CURRENT", fault);
  if (fault) return DiskRefused(draft, fault);
  return {};
}

void ReplicaDirectory::RemoveOthers() {
  const std::string in_use = std::to_string(current());
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    if (entry.is_directory(ignored) && entry.path().filename() != in_use) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

}  // namespace entente::query
