#include "cli/log_reading.h"

#include <algorithm>
#include <string>
#include <vector>

#include "log/stopped_log.h"

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

Result<Page> FromService(client::Client& client, Position from,
                         std::optional<RecordedTime> recorded) {
  // Where there is nothing, not to wait until there is.
  auto page = client.ReadLog(from, std::chrono::milliseconds(1), recorded);
  if (!page) return Fail(std::move(page.error().front()));
  return Page{std::move(page->commits), page->durable, page->next};
}

Result<Page> FromDirectory(const log::StoppedLog& log, Position from) {
  auto range = log.Read(from, kPageBytes);
  if (!range) return Fail(std::move(range.error()));
  return Page{std::move(range->commits), range->durable, range->next};
}

// The first position that a directory's log holds of what is wanted.
Result<Position> FirstWanted(const log::StoppedLog& log, const LogBeginning& from) {
  if (!from.recorded) return from.position;
  const auto before = log.AtTime(RecordedTime(from.recorded->value() - 1));
  if (!before) return Fail(before.error());
  return std::max(from.position, before->Next());
}

}  // namespace

bool IngestRuns(const Session& session) {
  const auto endpoints = session.FindEndpoints();
  return endpoints && !endpoints->ingest.empty();
}

Result<LogReading> ReadCommits(Session& session, const LogBeginning& from,
                               const std::function<Status(const log::CommitView&)>& take,
                               std::optional<Position> until) {
  if (IngestRuns(session)) {
    auto client = session.Connect();
    if (!client) return Fail(std::move(client.error()));
    return ReadPages([&](Position next) { return FromService(**client, next, from.recorded); },
                     from.position, take, until);
  }
  const auto log = log::StoppedLog::Open(session.data() / "log");
  if (!log) return Fail(log.error());
  const auto first = FirstWanted(*log, from);
  if (!first) return Fail(first.error());
  return ReadPages([&](Position next) { return FromDirectory(*log, next); }, *first, take, until);
}

}  // namespace entente::cli
