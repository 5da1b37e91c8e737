#include "tests/views/history.h"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <map>

#include "formats/json_lines.h"
#include "log/commit_builder.h"
#include "views/rows/key.h"

namespace entente::views {

ScratchDirectory::ScratchDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "entente-views-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary directory " << name;
  path_ = name;
}

ScratchDirectory::~ScratchDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

v1::NewEvent EventOf(std::string_view json) {
  auto event = formats::EventFromJson(json);
  if (!event) {
    ADD_FAILURE() << event.error().ToString() << "\n" << json;
    return {};
  }
  if (event->reported().empty()) event->set_reported("2021-05-05");
  if (event->source().publisher().empty()) event->mutable_source()->set_publisher("The Daily");
  if (event->source().class_() == v1::Source::unspecified) {
    event->mutable_source()->set_class_(v1::Source::media);
  }
  return *event;
}

History& History::Append(const std::vector<std::string>& json_events) {
  std::vector<v1::NewEvent> events;
  events.reserve(json_events.size());
  for (const std::string& json : json_events) events.push_back(EventOf(json));
  return Append(std::move(events));
}

History& History::Append(std::vector<v1::NewEvent> events) {
  const std::size_t first = all_.size();
  for (v1::NewEvent& event : events) {
    const std::uint64_t revision = NextRevisionOf(event.stream());
    if (event.id().empty()) event.set_id("e" + std::to_string(next_));
    all_.push_back({std::move(event), revision, now_ms_});
    ++next_;
  }
  commits_.push_back(Encode(first, all_.size() - first, &chain_));
  now_ms_ += 1000;
  return *this;
}

History& History::AppendGarbage() {
  v1::NewEvent event =
      EventOf(R"({"stream":"meeting/abc","meeting_held":{"date":{"edtf":"2021-05-04"}}})");
  event.set_id("garbage" + std::to_string(next_));
  return AppendOne({.event = std::move(event), .revision = 1, .recorded_ms = 0, .garbage = true});
}

History& History::AppendOfPayloadVersion(std::uint16_t version, std::string_view json_event) {
  v1::NewEvent event = EventOf(json_event);
  if (event.id().empty()) event.set_id("e" + std::to_string(next_));
  return AppendOne(
      {.event = std::move(event), .revision = 1, .recorded_ms = 0, .payload_version = version});
}

History History::InOrder(const std::vector<std::size_t>& order) const {
  History other;
  for (const std::size_t place : order) {
    Appended one = all_.at(place);
    one.revision = other.NextRevisionOf(one.event.stream());
    other.AppendOne(std::move(one));
  }
  return other;
}

std::uint64_t History::NextRevisionOf(const std::string& stream) const {
  return 1 + static_cast<std::uint64_t>(std::ranges::count_if(
                 all_, [&](const Appended& one) { return one.event.stream() == stream; }));
}

History& History::AppendOne(Appended appended) {
  appended.recorded_ms = now_ms_;
  all_.push_back(std::move(appended));
  ++next_;
  commits_.push_back(Encode(all_.size() - 1, 1, &chain_));
  now_ms_ += 1000;
  return *this;
}

std::string History::Encode(std::size_t first, std::size_t count, log::Digest* chain) const {
  log::Sha256 sha;
  v1::AppendRequest request;
  for (std::size_t i = first; i < first + count; ++i) *request.add_events() = all_[i].event;
  log::PreparedBatch batch = log::Prepare(request, request.ByteSizeLong(), sha);
  EXPECT_TRUE(batch.errors.empty());
  std::vector<log::AdmittedEvent> admitted;
  for (std::size_t i = 0; i < count; ++i) {
    log::PreparedEvent& event = batch.events[i];
    if (all_[first + i].garbage) {
      // Tag and length of the payload's date become a field that ends beyond the message.
      const std::string payload = all_[first + i].event.meeting_held().SerializeAsString();
      const std::size_t at = batch.bodies.find(payload, event.body_offset);
      EXPECT_NE(at, std::string::npos);
      batch.bodies[at + 1] = '\x7f';
    }
    admitted.push_back({&event, batch.body(event), Revision(all_[first + i].revision),
                        all_[first + i].payload_version});
  }
  log::CommitHead head;
  head.first = Position(first + 1);
  head.recorded = RecordedTime(all_[first].recorded_ms);
  head.previous = *chain;
  log::EncodedCommit commit = log::EncodeCommit(head, admitted, sha);
  *chain = commit.hash;
  return commit.bytes;
}

std::vector<std::string> History::OneCommitEach() const {
  std::vector<std::string> commits;
  commits.reserve(all_.size());
  log::Digest chain{};
  for (std::size_t i = 0; i < all_.size(); ++i) commits.push_back(Encode(i, 1, &chain));
  return commits;
}

TestViews::TestViews(std::size_t bytes_max, std::uint32_t projection_version)
    : projector_(domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn(),
                 {.bytes_max = bytes_max}) {
  auto store = ViewStore::Open(directory_.path() / "views", "g1", projection_version);
  if (!store) {
    Report(store.error());
    return;
  }
  store_ = std::move(*store);
}

void TestViews::Project(const std::vector<std::string>& commits, std::size_t at_once) {
  for (std::size_t first = 0; first < commits.size(); first += at_once) {
    std::vector<log::CommitView> views;
    for (std::size_t i = first; i < std::min(commits.size(), first + at_once); ++i) {
      auto commit = log::CommitView::Parse(commits[i]);
      if (!commit) return Report(commit.error());
      views.push_back(*commit);
    }
    const auto snapshot = store_->TakeSnapshot();
    auto projected = projector_.Project(*snapshot, views);
    if (!projected) return Report(projected.error());
    if (auto applied = store_->Apply(projected->delta); !applied) return Report(applied.error());
    for (Parked& parked : projected->parked) parked_.push_back(std::move(parked));
  }
}

std::vector<std::pair<std::string, std::string>> TestViews::Rows() const {
  std::vector<std::pair<std::string, std::string>> all;
  const auto snapshot = store_->TakeSnapshot();
  for (auto rows = snapshot->Range(EndOf(Key(View::kStore).bytes()), ""); rows->Valid();
       rows->Next()) {
    all.emplace_back(rows->key(), rows->value());
  }
  return all;
}

AnswerContext TestViews::ContextOf(const Snapshot& snapshot) {
  return {snapshot, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn()};
}

void TestViews::Report(const Error& error) { ADD_FAILURE() << error.ToString(); }

v1::QueryContext TodayIs(const std::string& day) {
  v1::QueryContext context;
  context.set_today(day);
  return context;
}

std::string ShortName(const std::string& stream) { return stream.substr(stream.find('/') + 1); }

}  // namespace entente::views
