// Histories for tests of the views: events, how they were appended, and the views made of them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "entente/v1/event.pb.h"
#include "log/commit.h"
#include "views/answer.h"
#include "views/answers/fold_cache.h"
#include "views/projection.h"
#include "views/view_store.h"

namespace entente::views {

// A directory of a test's own, removed with it.
class ScratchDirectory {
 public:
  ScratchDirectory();
  ~ScratchDirectory();
  ScratchDirectory(const ScratchDirectory&) = delete;
  ScratchDirectory& operator=(const ScratchDirectory&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// One event from its JSON form; fields left out are filled in: an id from the event's number, a
// report of 2021-05-05 by a medium called "The Daily".
v1::NewEvent EventOf(std::string_view json);

// What a log would hold: commits with positions, revisions, recorded times and a chain.
class History {
 public:
  // Each append is one commit, recorded a second after the one before it.
  History& Append(const std::vector<std::string>& json_events);
  History& Append(std::vector<v1::NewEvent> events);
  // Recorded time of the appends that follow, milliseconds since 1970.
  History& At(std::int64_t recorded_ms) {
    now_ms_ = recorded_ms;
    return *this;
  }
  // An event whose stored body no version of ours can read.
  History& AppendGarbage();
  // An event whose payload a program of a version to come has written.
  History& AppendOfPayloadVersion(std::uint16_t version, std::string_view json_event);

  std::uint64_t events() const { return next_ - 1; }
  // As appended.
  const std::vector<std::string>& commits() const { return commits_; }
  // The same events, with the same positions and times, each in a commit of its own.
  std::vector<std::string> OneCommitEach() const;
  // The same events as they would stand had they come in another order: `order` has the place of
  // each, from 0, once.
  History InOrder(const std::vector<std::size_t>& order) const;

 private:
  struct Appended {
    v1::NewEvent event;
    std::uint64_t revision;
    std::int64_t recorded_ms;
    bool garbage = false;
    std::uint16_t payload_version = 1;
  };
  History& AppendOne(Appended appended);
  std::uint64_t NextRevisionOf(const std::string& stream) const;
  std::string Encode(std::size_t first, std::size_t count, log::Digest* chain) const;

  std::vector<Appended> all_;
  std::vector<std::string> commits_;
  log::Digest chain_{};
  std::uint64_t next_ = 1;
  std::int64_t now_ms_ = 1'620'000'000'000;  // 2021-05-03
};

// Views in a directory of their own.
class TestViews {
 public:
  // What is projected remembers up to `bytes_max` from one delta to the next.
  explicit TestViews(std::size_t bytes_max = 1U << 20,
                     std::uint32_t projection_version = kProjectionVersion);
  explicit TestViews(const History& history) : TestViews() { Project(history.commits()); }

  // Projects commits, `at_once` of them in each delta. Fails the test where that fails.
  void Project(const std::vector<std::string>& commits, std::size_t at_once = 100);

  ViewStore& store() const { return *store_; }
  std::vector<Parked>& parked() { return parked_; }
  // All rows but the store's own.
  std::vector<std::pair<std::string, std::string>> Rows() const;

  // Answers; fails the test where there is an error instead.
  template <class Request>
  auto Ask(const Request& request) {
    auto reply = TryAsk(request);
    if (!reply) Report(reply.error());
    return reply ? *reply : std::decay_t<decltype(*reply)>();
  }
  template <class Request>
  auto TryAsk(const Request& request) {
    const auto snapshot = store_->TakeSnapshot();
    AnswerContext context = ContextOf(*snapshot);
    context.folds = folds_;
    return Answer(context, request);
  }
  static AnswerContext ContextOf(const Snapshot& snapshot);

 private:
  static void Report(const Error& error);
  ScratchDirectory directory_;
  std::unique_ptr<ViewStore> store_;
  Projector projector_;
  std::vector<Parked> parked_;
  std::shared_ptr<FoldCache> folds_ = std::make_shared<FoldCache>(8U << 20);
};

// A question's context with this day as today.
v1::QueryContext TodayIs(const std::string& day);

// The last part of a stream's name.
std::string ShortName(const std::string& stream);

}  // namespace entente::views
