#include "log/wal_gate.h"

#include <rocksdb/db.h>
#include <rocksdb/file_system.h>

#include <string>
#include <utility>

namespace entente::log {

class WalGate::Wal final : public rocksdb::FSWritableFileOwnerWrapper {
 public:
  Wal(WalGate& gate, std::unique_ptr<rocksdb::FSWritableFile> target)
      : FSWritableFileOwnerWrapper(std::move(target)), gate_(gate) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* debug) override {
    return Told(FSWritableFileOwnerWrapper::Append(data, options, debug));
  }
  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo& verification,
                           rocksdb::IODebugContext* debug) override {
    return Told(FSWritableFileOwnerWrapper::Append(data, options, verification, debug));
  }
  rocksdb::IOStatus RangeSync(std::uint64_t offset, std::uint64_t bytes,
                              const rocksdb::IOOptions& options,
                              rocksdb::IODebugContext* debug) override {
    return Told(FSWritableFileOwnerWrapper::RangeSync(offset, bytes, options, debug));
  }

 private:
  rocksdb::IOStatus Told(rocksdb::IOStatus status) {
    if (!status.ok()) gate_.OnWriteFailed();
    return status;
  }

  WalGate& gate_;
};

class WalGate::Files final : public rocksdb::FileSystemWrapper {
 public:
  Files(WalGate& gate, const std::shared_ptr<rocksdb::FileSystem>& base)
      : FileSystemWrapper(base), gate_(gate) {}
  const char* Name() const override { return "WalGate"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* file,
                                    rocksdb::IODebugContext* debug) override {
    auto status = FileSystemWrapper::NewWritableFile(path, options, file, debug);
    if (status.ok() && path.ends_with(".log")) {
      *file = std::make_unique<Wal>(gate_, std::move(*file));
    }
    return status;
  }

 private:
  WalGate& gate_;
};

WalGate::WalGate(rocksdb::Env* base)
    : env_(rocksdb::NewCompositeEnv(std::make_shared<Files>(
          *this, (base != nullptr ? base : rocksdb::Env::Default())->GetFileSystem()))) {}

WalGate::~WalGate() = default;

rocksdb::Status WalGate::Sync(rocksdb::DB& db) {
  {
    const std::lock_guard lock(mutex_);
    if (write_failed_) return rocksdb::Status::IOError("a write before this sync has failed");
    ++syncing_;
  }
  const rocksdb::Status done = db.SyncWAL();
  {
    const std::lock_guard lock(mutex_);
    --syncing_;
  }
  ended_.notify_all();
  return done;
}

void WalGate::OnWriteFailed() {
  std::unique_lock lock(mutex_);
  write_failed_ = true;
  ended_.wait(lock, [this] { return syncing_ == 0; });
}

}  // namespace entente::log
