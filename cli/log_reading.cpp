#include "cli/log_reading.h"

#include <filesystem>
#include <string>
#include <vector>

#include "log/log.h"

namespace entente::cli {
namespace {

constexpr std::uint64_t kPageBytes = 4U << 20;

struct Page {
  std::vector<std::string> commits;
  Position durable;
  Position next;
};

// Reads pages by `read` until the head that the first one named, or less.
Result<LogReading> ReadPages(const std::function<Result<Page>(Position)>& read, Position from,
                             const std::function<Status(const log::CommitView&)>& take,
                             std::optional<Position> until) {
  LogReading reading;
  Position next = from;
  do {
    const auto page = read(next);
    if (!page) return Fail(page.error());
    if (reading.durable == Position()) reading.durable = page->durable;
    if (page->commits.empty()) break;
    for (const std::string& bytes : page->commits) {
      const auto commit = log::CommitView::Parse(bytes);
      if (!commit) return Fail(commit.error());
      if (until && commit->first() > *until) return reading;
      if (auto taken = take(*commit); !taken) return Fail(std::move(taken.error()));
    }
    next = page->next;
  } while (next <= until.value_or(reading.durable));
  return reading;
}

Result<Page> FromService(client::Client& client, Position from) {
  auto page = client.ReadLog(from, std::chrono::milliseconds(0));
  if (!page) return Fail(std::move(page.error().front()));
  return Page{std::move(page->commits), page->durable, page->next};
}

Result<Page> FromDirectory(const log::Log& log, Position from) {
  auto range = log.Read(from, kPageBytes);
  if (!range) return Fail(std::move(range.error()));
  return Page{std::move(range->commits), range->durable, range->next};
}

}  // namespace

Result<LogReading> ReadCommits(Session& session, Position from,
                               const std::function<Status(const log::CommitView&)>& take,
                               std::optional<Position> until) {
  const auto endpoints = session.FindEndpoints();
  if (endpoints && !endpoints->ingest.empty()) {
    auto client = session.Connect();
    if (!client) return Fail(std::move(client.error()));
    return ReadPages([&](Position next) { return FromService(**client, next); }, from, take, until);
  }
  const std::filesystem::path directory = session.data() / "log";
  if (!std::filesystem::exists(directory)) {
    return Fail(Reason::kFileUnreadable, "--data", session.data().string(),
                "there is no log in this directory");
  }
  auto log = log::Log::Open(directory, {});
  if (!log) return Fail(std::move(log.error()));
  return ReadPages([&](Position next) { return FromDirectory(**log, next); }, from, take, until);
}

}  // namespace entente::cli
