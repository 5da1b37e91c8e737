#include "services/settings/running.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <toml++/toml.h>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>
#include <utility>

#include "services/settings/data_directory.h"

namespace entente::settings {
namespace {

namespace fs = std::filesystem;
using Entries = std::map<std::string, RunningService>;

fs::path FileOf(const fs::path& data) { return data / "endpoints.toml"; }

// Held while the file is read, changed and replaced, since three services may start at once.
class Lock {
 public:
  explicit Lock(const fs::path& data)
      : fd_(open((data / "endpoints.lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)) {
    while (fd_ >= 0 && flock(fd_, LOCK_EX) != 0 && errno == EINTR) {
    }
  }
  ~Lock() {
    if (fd_ >= 0) close(fd_);
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  bool held() const { return fd_ >= 0; }

 private:
  int fd_;
};

bool Exists(pid_t pid) { return pid > 0 && (kill(pid, 0) == 0 || errno == EPERM); }

Result<Entries> ReadEntries(const fs::path& data) {
  const fs::path file = FileOf(data);
  std::error_code fault;
  if (!fs::exists(file, fault)) return Entries();
  Entries entries;
  try {
    const toml::table root = toml::parse_file(file.string());
    for (auto&& [name, node] : root) {
      const toml::table* table = node.as_table();
      if (table == nullptr) continue;
      RunningService service;
      service.endpoint = (*table)["endpoint"].value_or(std::string());
      service.tail = (*table)["tail"].value_or(std::string());
      service.pid = static_cast<pid_t>((*table)["pid"].value_or(std::int64_t{0}));
      entries.emplace(name.str(), std::move(service));
    }
  } catch (const toml::parse_error& error) {
    return Fail(Reason::kConfigInvalid, file.string(), "",
                fmt::format("{}, line {}: {}. Remove the file and restart the services.",
                            file.string(), error.source().begin.line, error.description()));
  }
  return entries;
}

Status WriteEntries(const fs::path& data, const Entries& entries) {
  if (entries.empty()) {
    std::error_code fault;
    fs::remove(FileOf(data), fault);
    return {};
  }
  toml::table root;
  for (const auto& [name, service] : entries) {
    toml::table table;
    table.insert("endpoint", service.endpoint);
    if (!service.tail.empty()) table.insert("tail", service.tail);
    table.insert("pid", static_cast<std::int64_t>(service.pid));
    root.insert(name, std::move(table));
  }
  std::ostringstream text;
  text << "# Written by the services that run on this directory.\n" << root << "\n";
  return ReplaceFile(FileOf(data), text.str());
}

// Entries of processes that are gone are left out on the way.
template <class Edit>
Status EditEntries(const fs::path& data, Edit edit) {
  const Lock lock(data);
  if (!lock.held()) {
    return Fail(Reason::kFileUnreadable, data.string(), "",
                fmt::format("{} cannot be written to: {}.", data.string(), std::strerror(errno)));
  }
  // A file that cannot be read holds nothing worth keeping.
  Entries entries = ReadEntries(data).value_or(Entries());
  std::erase_if(entries, [](const auto& entry) { return !Exists(entry.second.pid); });
  edit(entries);
  return WriteEntries(data, entries);
}

}  // namespace

Result<Entries> ReadRunning(const fs::path& data) {
  auto entries = ReadEntries(data);
  if (entries) {
    std::erase_if(*entries, [](const auto& entry) { return !Exists(entry.second.pid); });
  }
  return entries;
}

RunningEntry::RunningEntry(fs::path data, std::string service)
    : data_(std::move(data)), service_(std::move(service)) {}

RunningEntry::RunningEntry(RunningEntry&& other) noexcept
    : data_(std::exchange(other.data_, {})), service_(std::move(other.service_)) {}

RunningEntry::~RunningEntry() {
  if (data_.empty()) return;
  // What cannot be taken out is passed over by readers once this process has ended.
  (void)EditEntries(data_, [&](Entries& entries) {
    const auto it = entries.find(service_);
    if (it != entries.end() && it->second.pid == getpid()) entries.erase(it);
  });
}

Result<RunningEntry> RunningEntry::Enter(const fs::path& data, const std::string& service,
                                         const std::string& endpoint, const std::string& tail) {
  Status entered =
      EditEntries(data, [&](Entries& entries) { entries[service] = {endpoint, tail, getpid()}; });
  if (!entered) return Fail(std::move(entered.error()));
  return RunningEntry(data, service);
}

}  // namespace entente::settings
