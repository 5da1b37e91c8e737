#include "tests/log/crash_oracle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace entente::log {

CrashDiary::CrashDiary(const std::filesystem::path& path)
    : file_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0) std::abort();
}

CrashDiary::~CrashDiary() { close(file_); }

void CrashDiary::Intend(const std::string& id) { Line(fmt::format("intend {}\n", id)); }

void CrashDiary::Acknowledged(const std::string& id, std::uint64_t position) {
  Line(fmt::format("told {} {}\n", id, position));
}

void CrashDiary::Line(const std::string& text) {
  if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
}

CrashOracle CrashOracle::Read(const std::filesystem::path& path) {
  CrashOracle oracle;
  std::ifstream file(path);
  std::string what;
  std::string id;
  while (file >> what >> id) {
    std::uint64_t& position = oracle.intended[id];
    if (what == "told") file >> position;
  }
  return oracle;
}

}  // namespace entente::log
