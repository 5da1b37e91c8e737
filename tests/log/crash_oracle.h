// What a process meant to append and what it was told, on file, so that it outlives the process.
//
// The intent is noted before an event is sent, the answer after it came. A crash in between leaves
// two legal outcomes for that event, there or not there, and no third.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>

namespace entente::log {

// Written by the process that will be killed. Each line goes out in one write(2), so that killing
// the process leaves whole lines, and the page cache keeps them.
class CrashDiary {
 public:
  explicit CrashDiary(const std::filesystem::path& path);
  ~CrashDiary();
  CrashDiary(const CrashDiary&) = delete;
  CrashDiary& operator=(const CrashDiary&) = delete;
  void Intend(const std::string& id);
  void Acknowledged(const std::string& id, std::uint64_t position);

 private:
  void Line(const std::string& text);
  int file_ = -1;
};

// Read by the one that kills.
struct CrashOracle {
  // Position of each intended id; 0: no answer came.
  std::map<std::string, std::uint64_t> intended;
  static CrashOracle Read(const std::filesystem::path& path);
};

}  // namespace entente::log
