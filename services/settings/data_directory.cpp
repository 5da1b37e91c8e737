#include "services/settings/data_directory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <utility>

namespace entente::settings {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMarkerFile = "MARKER";

tl::unexpected<Error> Unreadable(const fs::path& file, std::string_view what,
                                 const std::string& why) {
  return Fail(Reason::kFileUnreadable, file.string(), "",
              fmt::format("{} {}: {}.", file.string(), what, why));
}

// An absolute path from the environment; empty if there is none.
fs::path FromEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  fs::path path = value == nullptr ? fs::path() : fs::path(value);
  return path.is_absolute() ? path : fs::path();
}

}  // namespace

Result<fs::path> DefaultDataDirectory() {
  if (const fs::path data = FromEnvironment("XDG_DATA_HOME"); !data.empty()) {
    return data / "entente";
  }
  if (const fs::path home = FromEnvironment("HOME"); !home.empty()) {
    return home / ".local/share/entente";
  }
  return Fail(Reason::kConfigInvalid, "data", "",
              "Neither XDG_DATA_HOME nor HOME is set; name the data directory with --data.");
}

Status MakeDataDirectory(const fs::path& data) {
  std::error_code fault;
  if (fs::is_directory(data, fault)) return {};
  fs::create_directories(data, fault);
  if (fault) return Unreadable(data, "cannot be made", fault.message());
  fs::permissions(data, fs::perms::owner_all, fault);
  return {};
}

Result<std::string> PrepareDataDirectory(const fs::path& data, const std::string& marker) {
  if (Status made = MakeDataDirectory(data); !made) return Fail(std::move(made).error());
  if (!marker.empty()) return marker;
  return ReadMarker(data);
}

Result<std::string> ReadMarker(const fs::path& data) {
  const fs::path file = data / kMarkerFile;
  std::error_code fault;
  if (!fs::exists(file, fault)) return std::string();
  std::ifstream in(file);
  std::string marker;
  if (!in || (!std::getline(in, marker) && in.bad())) {
    return Unreadable(file, "cannot be read", std::strerror(errno));
  }
  return marker;
}

Status WriteMarker(const fs::path& data, std::string_view marker) {
  return ReplaceFile(data / kMarkerFile, fmt::format("{}\n", marker));
}

Status ReplaceFile(const fs::path& file, std::string_view content) {
  fs::path made = file;
  made += fmt::format(".{}.new", getpid());
  {
    std::ofstream out(made, std::ios::trunc | std::ios::binary);
    out << content;
    out.flush();
    if (!out) return Unreadable(made, "cannot be written", std::strerror(errno));
  }
  std::error_code fault;
  fs::rename(made, file, fault);
  if (fault) return Unreadable(file, "cannot be replaced", fault.message());
  return {};
}

}  // namespace entente::settings
