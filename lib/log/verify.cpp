#include "log/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <random>
#include <utility>

#include "log/directory_lock.h"
#include "log/emptied_commit.h"
#include "log/extent.h"
#include "log/pending_removals.h"
#include "log/prepared_batch.h"
#include "log/recovery.h"
#include "log/rocks_store.h"
#include "log/witness.h"

namespace entente::log {
namespace {

constexpr std::uint64_t kReadBytes = 4 << 20;

tl::unexpected<Error> WrongAt(Position position, std::string message) {
  Error error =
      Fail(Reason::kStoreDamaged, "", "", fmt::format("position {}: {}", position.value(), message))
          .value();
  error.position = position;
  return Fail(std::move(error));
}

std::size_t OffsetIn(std::string_view whole, std::string_view part) {
  return static_cast<std::size_t>(part.data() - whole.data());
}

// Does the table say of the body what the body says of itself?
bool TableFits(const EventView& event) {
  const auto layout = ScanBody(event.body);
  return layout && layout->content_size == event.content.size() &&
         layout->payload_field == event.payload_field &&
         layout->id_offset == OffsetIn(event.body, event.id) &&
         layout->id_size == event.id.size() &&
         layout->stream_offset == OffsetIn(event.body, event.stream) &&
         layout->stream_size == event.stream.size();
}

// Walks a store's commits; stops at the first break.
void Walk(const LogStore& store, LogVerifier& verifier, std::optional<Error>& unreadable,
          const std::function<void(Position)>& progress) {
  for (Position next(1); next <= store.head();) {
    const auto commits = store.Read(next, store.head(), kReadBytes);
    if (!commits) {
      unreadable = commits.error();
      return;
    }
    if (commits->empty()) return;
    for (const std::string& bytes : *commits) {
      const auto commit = CommitView::Parse(bytes);
      if (!commit) {
        unreadable = commit.error();
        return;
      }
      if (!verifier.Step(*commit)) return;
      next = commit->last().Next();
    }
    if (progress) progress(Position(next.value() - 1));
  }
}

}  // namespace

LogVerifier::LogVerifier() : walk_(ChainPoint{}), keys_(std::random_device()()) {}

bool LogVerifier::Step(const CommitView& commit) {
  if (report_.first_break) return false;
  auto status = CheckCommit(commit);
  for (std::uint32_t i = 0; status && i < commit.count(); ++i) {
    status = CheckEvent(commit.event(i));
  }
  if (!status) {
    report_.first_break = status.error();
    return false;
  }
  report_.end = walk_.head();
  ++report_.commits;
  report_.events += commit.count();
  report_.last_recorded = commit.recorded();
  return true;
}

Status LogVerifier::CheckCommit(const CommitView& commit) {
  if (auto status = walk_.Step(commit); !status) return status;
  if (report_.commits == 0) {
    report_.first_recorded = commit.recorded();
  } else if (commit.recorded() < report_.last_recorded) {
    return WrongAt(commit.first(), "recorded before the commit that precedes it");
  }
  return {};
}

Status LogVerifier::CheckEvent(const EventView& event) {
  const StreamKey stream = keys_.ForStream(event.stream);
  const Revision expected = revisions_.Find(stream).Next();
  if (event.revision != expected) {
    return WrongAt(event.position,
                   fmt::format("revision {} of {}, where {} comes next", event.revision.value(),
                               event.stream, expected.value()));
  }
  revisions_.Set(stream, event.revision);
  if (event.erased) {
    if (!IsEmpty(event)) {
      return WrongAt(event.position, "the body is neither empty nor what was appended");
    }
    empty_.insert(event.position);
    return {};
  }
  if (!TableFits(event)) return WrongAt(event.position, "the table does not fit the body");
  if (sha_.Of(event.content) != DigestFrom(event.content_digest)) {
    return WrongAt(event.position, "the content does not have the digest that the chain holds");
  }
  if (sha_.Of(event.carriage) != DigestFrom(event.carriage_digest)) {
    return WrongAt(event.position, "the carriage does not have the digest that the chain holds");
  }
  if (auto order = OrderIn(event)) orders_.try_emplace(order->position, *order);
  return {};
}

VerifyReport LogVerifier::Finish() && {
  report_.streams = revisions_.size();
  for (const auto& [position, order] : orders_) {
    (empty_.contains(position) ? report_.erased : report_.not_carried_out).push_back(order);
  }
  const auto without_order = std::find_if(
      empty_.begin(), empty_.end(), [&](Position position) { return !orders_.contains(position); });
  if (!report_.first_break && without_order != empty_.end()) {
    report_.first_break =
        WrongAt(*without_order, "the body is empty, and no event says that it was erased").value();
  }
  return std::move(report_);
}

Result<VerifyReport> VerifyLog(const std::filesystem::path& directory,
                               const std::function<void(Position)>& progress) {
  const LogFiles files(directory);
  if (!std::filesystem::exists(files.commits)) {
    return Fail(Reason::kFileUnreadable, directory.string(), "", "there is no log here");
  }
  const auto lock = DirectoryLock::Take(directory);
  if (!lock) return Fail(lock.error());

  std::optional<Error> unreadable;
  auto store = RocksStore::Open(files.commits, {nullptr, RocksStore::Mode::kStrict, true});
  if (!store && store.error().reason == Reason::kStoreDamaged) {
    unreadable = store.error();
    store = RocksStore::Open(files.commits, {nullptr, RocksStore::Mode::kPointInTime, true});
  }
  if (!store) return Fail(unreadable ? *unreadable : store.error());

  LogVerifier verifier;
  std::optional<Error> unreadable_later;
  Walk(**store, verifier, unreadable_later, progress);
  VerifyReport report = std::move(verifier).Finish();
  if (!report.first_break && unreadable_later) report.first_break = unreadable_later;
  if (!report.first_break && unreadable) report.first_break = unreadable;

  const auto removals = PendingRemovals(files.erasing).Read();
  if (!removals || !removals->empty()) {
    report.notes.emplace_back(
        "What was erased last may still lie in the log's files; opening the log removes it.");
  }
  const auto witness = Witness::Read(files.witness);
  if (!witness) {
    report.notes.emplace_back("There is no witness file that says how far the log once reached.");
  } else if (!report.first_break) {
    Extent extent;
    extent.end = report.end;
    auto status = CheckNothingLost(extent, {witness->position, "the witness file"});
    if (!status) report.first_break = status.error();
  }
  if (report.first_break && report.first_break->field.empty()) {
    report.first_break->field = files.commits.string();
  }
  return report;
}

}  // namespace entente::log
