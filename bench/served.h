// `entente serve` as a process of its own.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

namespace entente::bench {

// Anonymous memory of a process, in KiB.
double MemoryKiB(pid_t process);

class Served {
 public:
  // On this data directory, which may hold a log; empty: on one of its own, removed afterwards.
  explicit Served(const std::string& program, const std::filesystem::path& data = {});
  ~Served();
  Served(const Served&) = delete;
  Served& operator=(const Served&) = delete;

  // As MemoryKiB.
  double MemoryKiB() const;
  const std::string& ingest() const { return ingest_; }
  const std::string& query() const { return query_; }
  const std::filesystem::path& data() const { return data_; }

 private:
  std::filesystem::path data_;
  bool is_ours_ = false;
  pid_t pid_ = 0;
  std::string ingest_, query_;
};

}  // namespace entente::bench
