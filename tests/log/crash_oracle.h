// What a process meant to append and what it was told, on file, so that it outlives the process.
//
// The intent is noted before an event is sent, the answer after it came. A crash in between leaves
// two legal outcomes for that event, there or not there, and no third.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "entente/v1/log.pb.h"

namespace entente::log {

// Written by the process that will be killed; the page cache keeps it. A line that is being written
// when the process is killed may end anywhere, so each has an end of its own.
class CrashDiary {
 public:
  // `run` tells this process's lines from those of others in the same file. One word.
  CrashDiary(const std::filesystem::path& path, std::string run);
  ~CrashDiary();
  CrashDiary(const CrashDiary&) = delete;
  CrashDiary& operator=(const CrashDiary&) = delete;
  // One append, before it is sent and once it was answered.
  void Intend(const std::vector<std::string>& ids);
  void Acknowledged(const std::vector<std::string>& ids, const v1::AppendReply& reply);

 private:
  void Line(const std::string& text);
  std::string run_;
  int file_ = -1;
};

// Read by the one that kills.
struct CrashOracle {
  // Position of each intended id; 0: no answer came.
  std::map<std::string, std::uint64_t> intended;
  // Appends without an answer, by run.
  std::map<std::string, int> in_flight;
  static CrashOracle Read(const std::filesystem::path& path);
};

}  // namespace entente::log
