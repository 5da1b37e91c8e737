#include "cli/last_append.h"

#include <fmt/format.h>

#include <chrono>
#include <fstream>
#include <system_error>

#include "cli/state_directory.h"
#include "services/settings/data_directory.h"

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::hours kMatters(24);
constexpr std::string_view kPrefix = "appended-";

// FNV-1a, 64 bits: a name for a file, not a proof of anything.
std::string NameOf(std::string_view log) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : log) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return fmt::format("{}{:016x}", kPrefix, hash);
}

bool Old(const fs::path& file) {
  std::error_code fault;
  const auto written = fs::last_write_time(file, fault);
  return fault || fs::file_time_type::clock::now() - written > kMatters;
}

}  // namespace

LastAppend::LastAppend(std::string_view log) : LastAppend(StateDirectory(), log) {}

LastAppend::LastAppend(const fs::path& directory, std::string_view log) {
  if (!directory.empty()) file_ = directory / NameOf(log);
}

std::uint64_t LastAppend::Read() const {
  std::uint64_t position = 0;
  if (!file_.empty() && !Old(file_)) std::ifstream(file_) >> position;
  return position;
}

void LastAppend::Keep(std::uint64_t position) const {
  if (file_.empty()) return;
  std::error_code ignored;
  fs::create_directories(file_.parent_path(), ignored);
  for (const auto& entry : fs::directory_iterator(file_.parent_path(), ignored)) {
    const bool ours = entry.path().filename().string().starts_with(kPrefix);
    if (ours && entry.is_regular_file(ignored) && Old(entry.path())) {
      fs::remove(entry.path(), ignored);
    }
  }
  // Best effort, as the class says.
  [[maybe_unused]] const Status kept = settings::ReplaceFile(file_, fmt::format("{}\n", position));
}

void LastAppend::Forget() const {
  std::error_code ignored;
  fs::remove(file_, ignored);
}

}  // namespace entente::cli
