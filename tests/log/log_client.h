// Appends to a log and waits for the answer, for tests.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "entente/v1/log.pb.h"
#include "log/log.h"

namespace entente::log {

// A well-formed event; equal arguments make equal content.
v1::NewEvent Held(const std::string& stream, const std::string& id,
                  const std::string& reported = "2021-05-05", const std::string& place = "Tokyo");
// The event that an id of a crash or model test stands for, always the same.
v1::NewEvent EventOf(const std::string& id);
v1::AppendRequest Batch(std::vector<v1::NewEvent> events);
v1::AppendRequest Expecting(v1::AppendRequest batch, const std::string& stream,
                            std::uint64_t exact);
v1::AppendRequest ExpectingNone(v1::AppendRequest batch, const std::string& stream);

// Opens a log that must open; fails the test otherwise.
std::unique_ptr<Log> OpenOrFail(const std::filesystem::path& directory, LogOptions options = {});

// What became of a batch, as the one who sent it reads it.
struct Answer {
  Errors errors;  // not empty: nothing was stored
  v1::AppendReply reply;
};

// One log's appending thread.
class LogClient {
 public:
  explicit LogClient(Log& log);
  ~LogClient();
  // Sends without waiting; returns the token.
  std::uint64_t Send(const v1::AppendRequest& batch);
  // Waits for the outcome of a token; fails the test after a minute.
  Answer Wait(std::uint64_t token);
  Answer Append(const v1::AppendRequest& batch) { return Wait(Send(batch)); }
  // Appends what must succeed.
  v1::AppendReply MustAppend(const v1::AppendRequest& batch);

 private:
  Log& log_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t notified_ = 0;
  std::uint64_t last_token_ = 0;
  std::map<std::uint64_t, Answer> answers_;
};

// Every event of the durable log, in order.
std::vector<v1::RecordedEvent> AllEvents(const Log& log);

}  // namespace entente::log
