// RocksDB's log of its own doings, left out.
#pragma once

#include <rocksdb/env.h>

#include <cstdarg>
#include <memory>

namespace entente::log {

// For every database that names no logger of its own. By default RocksDB writes such a log into the
// database's directory. On a full disk that fails, and Debian's build, which has assertions, aborts
// the process at the next line it wants to write there: before ingest can say that the disk is
// full. What fails comes back as a status all the same.
class NoInfoLog final : public rocksdb::Logger {
 public:
  NoInfoLog() : rocksdb::Logger(rocksdb::FATAL_LEVEL) {}
  using rocksdb::Logger::Logv;
  void Logv(const char* /*format*/, va_list /*arguments*/) override {}
};

}  // namespace entente::log
