#include "services/query/group_recovery.h"

#include <fmt/format.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <system_error>
#include <utility>
#include <vector>

#include "log/no_info_log.h"
#include "log/witness.h"

namespace entente::query {
namespace {

namespace fs = std::filesystem;
using Mode = rocksdb::WALRecoveryMode;

// RocksDB's own switch of the WAL must never come before ours, which syncs (group_store.cpp).
constexpr std::size_t kWriteBufferBytes = 64 << 20;

struct Evidence {
  std::uint64_t durable = 0;
  std::string who;
};

rocksdb::Options RocksOptions(rocksdb::Env* env, Mode mode) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = true;
  options.wal_recovery_mode = mode;
  // As in the log: after a failed sync the page cache may show bytes that the disk does not hold.
  options.avoid_flush_during_recovery = false;
  options.write_buffer_size = kWriteBufferBytes;
  options.arena_block_size = 1 << 20;
  options.info_log = std::make_shared<log::NoInfoLog>();
  return options;
}

Error FromRocks(const rocksdb::Status& status, const GroupFiles& files) {
  const Reason reason = status.IsCorruption() ? Reason::kStoreDamaged : Reason::kStoreIo;
  return Fail(reason, "subscriptions", files.rows.string(), status.ToString()).value();
}

Result<std::unique_ptr<rocksdb::DB>> OpenRows(const GroupFiles& files, rocksdb::Env* env, Mode mode,
                                              bool only_look) {
  rocksdb::DB* db = nullptr;
  const rocksdb::Options options = RocksOptions(env, mode);
  const rocksdb::Status opened =
      only_look ? rocksdb::DB::OpenForReadOnly(options, files.rows.string(), &db)
                : rocksdb::DB::Open(options, files.rows.string(), &db);
  if (!opened.ok()) return Fail(FromRocks(opened, files));
  return std::unique_ptr<rocksdb::DB>(db);
}

std::vector<fs::path> WalFiles(const GroupFiles& files) {
  std::vector<fs::path> wals;
  std::error_code ignored;  // what cannot be listed cannot be read either
  for (const auto& entry : fs::directory_iterator(files.rows, ignored)) {
    if (entry.path().extension() == ".log") wals.push_back(entry.path());
  }
  std::ranges::sort(wals);
  return wals;
}

Evidence EvidenceIn(const GroupFiles& files) {
  Evidence evidence;
  const auto note = [&evidence](std::uint64_t durable, const fs::path& file) {
    if (durable > evidence.durable) evidence = {durable, file.filename().string()};
  };
  if (const auto witness = log::Witness::Read(files.witness)) {
    note(witness->position.value(), files.witness);
  }
  for (const fs::path& wal : WalFiles(files)) note(DurableInWal(wal), wal);
  return evidence;
}

// The head, if everything that it speaks of is there, and nothing is missing that was on disk.
Result<GroupHead> Judge(rocksdb::DB& db, const GroupFiles& files, const Evidence& evidence) {
  const auto damaged = [&files](std::string what) {
    return Fail(Reason::kStoreDamaged, "subscriptions", files.rows.string(), std::move(what));
  };
  GroupHead head;
  std::uint64_t sum = 0;
  const std::unique_ptr<rocksdb::Iterator> row(db.NewIterator({}));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const std::string_view key(row->key().data(), row->key().size());
    const std::string_view value(row->value().data(), row->value().size());
    if (key != std::string_view(&kHeadKey, 1)) {
      sum += DigestOf(key, value);
    } else if (auto decoded = DecodeHead(value)) {
      head = *decoded;
    } else {
      return Fail(Error(decoded.error()).At(files.rows.string()));
    }
  }
  if (!row->status().ok()) return Fail(FromRocks(row->status(), files));
  if (!head.summed) {
    head.sum = sum;
    head.summed = true;
  }
  if (head.batch < evidence.durable) {
    return damaged(fmt::format("{} says that batch {} was on disk, and the last one found is {}",
                               evidence.who, evidence.durable, head.batch));
  }
  if (head.sum != sum) {
    return damaged(
        fmt::format("the rows are not those that batch {} left: something before it is "
                    "missing",
                    head.batch));
  }
  return head;
}

// Keeps what RocksDB is about to drop. Returns where.
Result<fs::path> CopyWalFiles(const GroupFiles& files) {
  std::error_code failed;
  fs::path to;
  for (int n = 1; to.empty() || fs::exists(to, failed); ++n) to = files.damaged / std::to_string(n);
  fs::create_directories(to, failed);
  for (const fs::path& wal : WalFiles(files)) {
    if (!failed) fs::copy_file(wal, to / wal.filename(), failed);
  }
  if (failed) return Fail(Reason::kStoreIo, "subscriptions", to.string(), failed.message());
  return to;
}

}  // namespace

Result<OpenedGroupRows> OpenGroupRows(const fs::path& directory, rocksdb::Env* env) {
  const GroupFiles files(directory);
  const Evidence evidence = EvidenceIn(files);
  OpenedGroupRows opened;
  Mode mode = Mode::kTolerateCorruptedTailRecords;
  // RocksDB flushes and drops WALs as it opens, so whatever is to be refused is refused before.
  if (fs::exists(files.rows / "CURRENT") && !WalFiles(files).empty()) {
    std::optional<Error> damage;
    auto looked = OpenRows(files, env, mode, true);
    if (!looked && looked.error().reason == Reason::kStoreDamaged) {
      // A torn or zero-filled end, or a flipped byte: the evidence tells them apart.
      damage = looked.error();
      mode = Mode::kPointInTimeRecovery;
      looked = OpenRows(files, env, mode, true);
    }
    if (!looked) return Fail(damage ? *damage : looked.error());
    if (auto head = Judge(**looked, files, evidence); !head) {
      Error refused = head.error();
      if (damage) refused.message += "; " + damage->message;
      return Fail(std::move(refused));
    }
    looked->reset();
    if (damage) {
      const auto kept = CopyWalFiles(files);
      if (!kept) return Fail(kept.error());
      opened.note = fmt::format(
          "{} What it held further was answered to nobody; the files as they "
          "were are in {}.",
          damage->ToString(), kept->string());
    }
  }
  auto db = OpenRows(files, env, mode, false);
  if (!db) return Fail(std::move(db).error());
  auto head = Judge(**db, files, evidence);
  if (!head) return Fail(std::move(head).error());
  opened.db = *std::move(db);
  opened.head = *head;
  return opened;
}

}  // namespace entente::query
