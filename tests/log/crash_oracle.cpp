#include "tests/log/crash_oracle.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string_view>
#include <utility>

namespace entente::log {

namespace {

constexpr std::string_view kEnd = " .";

}  // namespace

CrashDiary::CrashDiary(const std::filesystem::path& path, std::string run)
    : run_(std::move(run)),
      file_(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
  if (file_ < 0) std::abort();
  Line("\n");  // behind what the one before may not have ended
}

CrashDiary::~CrashDiary() { close(file_); }

void CrashDiary::Intend(const std::vector<std::string>& ids) {
  Line(fmt::format("intend {} {}{}\n", run_, fmt::join(ids, " "), kEnd));
}

void CrashDiary::Acknowledged(const std::vector<std::string>& ids, const v1::AppendReply& reply) {
  std::string line = "told " + run_;
  for (std::size_t i = 0; i < ids.size(); ++i) {
    const auto position = reply.events(static_cast<int>(i)).position();
    fmt::format_to(std::back_inserter(line), " {} {}", ids[i], position);
  }
  Line(fmt::format("{}{}\n", line, kEnd));
}

void CrashDiary::Line(const std::string& text) {
  if (write(file_, text.data(), text.size()) != static_cast<ssize_t>(text.size())) std::abort();
}

CrashOracle CrashOracle::Read(const std::filesystem::path& path) {
  CrashOracle oracle;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    if (!line.ends_with(kEnd)) continue;
    line.resize(line.size() - kEnd.size());
    std::istringstream words(line);
    std::string what;
    std::string run;
    std::string id;
    words >> what >> run;
    oracle.in_flight[run] += what == "told" ? -1 : 1;
    while (words >> id) {
      std::uint64_t& position = oracle.intended[id];
      if (what == "told") words >> position;
    }
  }
  return oracle;
}

}  // namespace entente::log
