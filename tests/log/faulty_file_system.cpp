#include "tests/log/faulty_file_system.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <system_error>
#include <utility>

namespace entente::log {
namespace {

bool IsWal(const std::string& path) { return path.ends_with(".log"); }
bool IsListOfRuns(const std::string& path) { return path.ends_with("/runs.new"); }

}  // namespace

class FaultyFileSystem::File : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  File(FaultyFileSystem& owner, std::string path, std::unique_ptr<rocksdb::FSWritableFile> target)
      : FSWritableFileOwnerWrapper(std::move(target)), owner_(owner), path_(std::move(path)) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    auto status = owner_.Check(Operation::kAppend, path_);
    if (!status.ok()) return status;
    status = FSWritableFileOwnerWrapper::Append(data, options, debug);
    const std::lock_guard lock(owner_.mutex_);
    if (status.ok()) owner_.lengths_[path_].size += data.size();
    return status;
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& /*verification*/,
                           rocksdb::IODebugContext* debug) override {
    return Append(data, options, debug);
  }
  rocksdb::IOStatus Sync(const rocksdb::IOOptions& /*options*/,
                         rocksdb::IODebugContext* /*debug*/) override {
    std::uint64_t size = 0;
    {
      // Taken first: what is appended while the sync runs may not be covered by it.
      const std::lock_guard lock(owner_.mutex_);
      size = owner_.lengths_[path_].size;
    }
    auto status = owner_.Check(Operation::kSync, path_);
    if (!status.ok()) return status;
    {
      const std::lock_guard lock(owner_.mutex_);
      owner_.lengths_[path_].synced = size;
    }
    return owner_.Check(Operation::kSynced, path_);
  }
  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* debug) override {
    return Sync(options, debug);
  }
  // Makes nothing durable: sync_file_range(2), "Warning".
  rocksdb::IOStatus RangeSync(std::uint64_t /*offset*/, std::uint64_t /*bytes*/,
                              const rocksdb::IOOptions& /*options*/,
                              rocksdb::IODebugContext* /*debug*/) override {
    return rocksdb::IOStatus::OK();
  }

 private:
  FaultyFileSystem& owner_;
  std::string path_;
};

FaultyFileSystem::FaultyFileSystem() : FileSystemWrapper(rocksdb::FileSystem::Default()) {
  // The environment must not own this, which owns it.
  env_ = rocksdb::NewCompositeEnv(
      std::shared_ptr<rocksdb::FileSystem>(this, [](rocksdb::FileSystem*) {}));
}

void FaultyFileSystem::Observe(Observer observer) {
  auto next = observer ? std::make_shared<const Observer>(std::move(observer)) : nullptr;
  const std::lock_guard lock(mutex_);
  observer_.swap(next);
}

void FaultyFileSystem::Tell(Operation operation, const std::string& path) const {
  std::shared_ptr<const Observer> observer;
  {
    const std::lock_guard lock(mutex_);
    observer = observer_;
  }
  if (observer) (*observer)(operation, path);  // it may wait, and others go on
}

rocksdb::IOStatus FaultyFileSystem::Check(Operation operation, const std::string& path) const {
  Tell(operation, path);
  const Fault fault = fault_;
  const bool fails =
      fault == Fault::kEverything ||
      (fault == Fault::kSyncs && operation == Operation::kSync && IsWal(path)) ||
      (fault == Fault::kWrites && operation == Operation::kAppend && IsWal(path)) ||
      (fault == Fault::kRuns && operation == Operation::kRename && IsListOfRuns(path));
  if (!fails) return rocksdb::IOStatus::OK();
  return rocksdb::IOStatus::IOError("made to fail", path);
}

void FaultyFileSystem::ForgetUnsynced(
    const std::function<std::uint64_t(std::uint64_t, std::uint64_t)>& keep) {
  const std::lock_guard lock(mutex_);
  for (auto& [path, length] : lengths_) {
    if (length.synced >= length.size || !std::filesystem::exists(path)) continue;
    length.size = keep ? keep(length.synced, length.size) : length.synced;
    std::error_code failed;
    std::filesystem::resize_file(path, length.size, failed);
    if (failed) ADD_FAILURE() << path << ": " << failed.message();
    length.synced = length.size;
  }
  fault_ = Fault::kNone;
}

rocksdb::IOStatus FaultyFileSystem::NewWritableFile(const std::string& path,
                                                    const rocksdb::FileOptions& options,
                                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                                    rocksdb::IODebugContext* debug) {
  auto status = Check(Operation::kCreate, path);
  if (!status.ok()) return status;
  std::unique_ptr<rocksdb::FSWritableFile> target;
  status = FileSystemWrapper::NewWritableFile(path, options, &target, debug);
  if (!status.ok()) return status;
  {
    const std::lock_guard lock(mutex_);
    lengths_[path] = {};
  }
  *file = std::make_unique<File>(*this, path, std::move(target));
  return status;
}

rocksdb::IOStatus FaultyFileSystem::RenameFile(const std::string& from, const std::string& to,
                                               const rocksdb::IOOptions& options,
                                               rocksdb::IODebugContext* debug) {
  auto status = Check(Operation::kRename, from);
  if (status.ok()) status = FileSystemWrapper::RenameFile(from, to, options, debug);
  const std::lock_guard lock(mutex_);
  if (status.ok() && lengths_.contains(from)) {
    lengths_[to] = lengths_[from];
    lengths_.erase(from);
  }
  return status;
}

rocksdb::IOStatus FaultyFileSystem::DeleteFile(const std::string& path,
                                               const rocksdb::IOOptions& options,
                                               rocksdb::IODebugContext* debug) {
  auto status = FileSystemWrapper::DeleteFile(path, options, debug);
  const std::lock_guard lock(mutex_);
  if (status.ok()) lengths_.erase(path);
  return status;
}

}  // namespace entente::log
