#include "tests/log/log_client.h"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace entente::log {

v1::NewEvent Held(const std::string& stream, const std::string& id, const std::string& reported,
                  const std::string& place) {
  v1::NewEvent event;
  event.set_stream(stream);
  event.set_id(id);
  event.set_reported(reported);
  event.mutable_source()->set_publisher("The Daily");
  event.mutable_source()->set_class_(v1::Source::media);
  event.mutable_meeting_held()->mutable_date()->set_edtf("2021-05-04");
  event.mutable_meeting_held()->set_place(place);
  return event;
}

v1::NewEvent EventOf(const std::string& id) {
  return Held("meeting/m-" + std::to_string(std::hash<std::string>()(id) % 97), id);
}

v1::AppendRequest Batch(std::vector<v1::NewEvent> events) {
  v1::AppendRequest batch;
  for (v1::NewEvent& event : events) *batch.add_events() = std::move(event);
  return batch;
}

v1::AppendRequest Expecting(v1::AppendRequest batch, const std::string& stream,
                            std::uint64_t exact) {
  v1::Expectation* expected = batch.add_expected();
  expected->set_stream(stream);
  expected->set_exact(exact);
  return batch;
}

v1::AppendRequest ExpectingNone(v1::AppendRequest batch, const std::string& stream) {
  v1::Expectation* expected = batch.add_expected();
  expected->set_stream(stream);
  expected->set_no_stream(true);
  return batch;
}

std::unique_ptr<Log> OpenOrFail(const std::filesystem::path& directory, LogOptions options) {
  auto log = Log::Open(directory, std::move(options));
  if (!log) {
    ADD_FAILURE() << log.error().ToString();
    return nullptr;
  }
  return std::move(*log);
}

LogClient::LogClient(Log& log) : log_(log) {
  log_.OnOutcome([this] {
    const std::lock_guard lock(mutex_);
    ++notified_;
    changed_.notify_one();
  });
}

LogClient::~LogClient() { log_.OnOutcome(nullptr); }

std::uint64_t LogClient::Send(const v1::AppendRequest& batch) {
  const std::uint64_t token = ++last_token_;
  log_.Append(token, batch);
  return token;
}

Answer LogClient::Wait(std::uint64_t token) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  std::uint64_t seen = 0;
  while (true) {
    for (AppendOutcome& outcome : log_.TakeOutcomes()) {
      Answer& answer = answers_[outcome.token];
      if (outcome.errors.empty()) ToReply(outcome, &answer.reply);
      answer.errors = std::move(outcome.errors);
    }
    if (const auto it = answers_.find(token); it != answers_.end()) {
      Answer answer = std::move(it->second);
      answers_.erase(it);
      return answer;
    }
    std::unique_lock lock(mutex_);
    if (!changed_.wait_until(lock, deadline, [&] { return notified_ != seen; })) {
      ADD_FAILURE() << "no outcome for append " << token;
      return {};
    }
    seen = notified_;
  }
}

v1::AppendReply LogClient::MustAppend(const v1::AppendRequest& batch) {
  Answer answer = Append(batch);
  for (const Error& error : answer.errors) ADD_FAILURE() << error.ToString();
  return answer.reply;
}

std::vector<v1::RecordedEvent> AllEvents(const Log& log) {
  std::vector<v1::RecordedEvent> events;
  for (Position next(1); next <= log.durable().position;) {
    const auto range = log.Read(next, 1 << 16);
    if (!range) {
      ADD_FAILURE() << range.error().ToString();
      break;
    }
    for (const std::string& bytes : range->commits) {
      const auto commit = CommitView::Parse(bytes);
      if (!commit) {
        ADD_FAILURE() << commit.error().ToString();
        return events;
      }
      for (std::uint32_t i = 0; i < commit->count(); ++i) {
        events.push_back(ToRecordedEvent(commit->event(i)));
      }
    }
    next = range->next;
  }
  return events;
}

}  // namespace entente::log
