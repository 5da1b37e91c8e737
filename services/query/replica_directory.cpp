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

std::uint64_t NumberInUse(const fs::path& path) {
  std::uint64_t number = 0;
  std::ifstream(path / "CURRENT") >> number;
  return number;
}

}  // namespace

ReplicaDirectory::ReplicaDirectory(fs::path path) : path_(std::move(path)) {}

std::uint64_t ReplicaDirectory::current() const { return NumberInUse(path_); }

std::shared_ptr<views::ViewStore> ReplicaDirectory::Hold(std::unique_ptr<views::ViewStore> store,
                                                         std::uint64_t number) const {
  return {store.release(), [path = path_, number](views::ViewStore* closing) {
            delete closing;
            std::error_code ignored;
            if (NumberInUse(path) != number) fs::remove_all(path / std::to_string(number), ignored);
          }};
}

Result<std::shared_ptr<views::ViewStore>> ReplicaDirectory::OpenCurrent() const {
  const std::uint64_t number = current();
  if (number == 0) return nullptr;
  auto store = views::ViewStore::Open(path_ / std::to_string(number), "", views::kWhicheverVersion);
  if (store) return Hold(*std::move(store), number);
  const Reason reason = store.error().reason;
  if (reason == Reason::kStoreFormat || reason == Reason::kStoreDamaged) return nullptr;
  return Fail(std::move(store).error());
}

Result<std::shared_ptr<views::ViewStore>> ReplicaDirectory::Prepare(
    const std::string& generation, std::uint32_t projection_version) {
  std::error_code fault;
  fs::create_directories(path_, fault);
  if (fault) return DiskRefused(path_, fault);
  prepared_ = current() + 1;
  const fs::path next = path_ / std::to_string(prepared_);
  fs::remove_all(next, fault);
  if (fault) return DiskRefused(next, fault);
  auto store = views::ViewStore::Open(next, generation, projection_version);
  if (!store) return Fail(std::move(store).error());
  return Hold(*std::move(store), prepared_);
}

Status ReplicaDirectory::UsePrepared() {
  const fs::path draft = path_ / "CURRENT.new";
  {
    std::ofstream file(draft, std::ios::trunc);
    file << prepared_ << '\n';
    if (!file.flush()) return Fail(Reason::kStoreIo, "", draft.string(), "cannot be written");
  }
  std::error_code fault;
  fs::rename(draft, path_ / "CURRENT", fault);
  if (fault) return DiskRefused(draft, fault);
  return {};
}

void ReplicaDirectory::RemoveOthers() const {
  const std::string in_use = std::to_string(current());
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_, ignored)) {
    if (entry.is_directory(ignored) && entry.path().filename() != in_use) {
      fs::remove_all(entry.path(), ignored);
    }
  }
}

}  // namespace entente::query
