#include "tests/services/spine/spine.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <system_error>
#include <thread>
#include <utility>

#include "log/log.h"
#include "tests/services/spine/events.h"
#include "views/generations/rebuild.h"

namespace entente::spine {

bool Await(const std::function<bool()>& condition) {
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::yield();
  }
  return true;
}

TemporaryDirectory::TemporaryDirectory() {
  std::string name = (std::filesystem::temp_directory_path() / "entente-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary directory " << name;
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Spine::Spine() {
  const std::string at = "ipc://" + data().string();
  endpoints_ = {.ingest = at + "/ingest.sock",
                .projector = at + "/projector.sock",
                .query = at + "/query.sock",
                .tail = at + "/tail.sock"};
}

void Spine::StartIngest() {
  auto service =
      ingest::Service::Start({.data = data(), .listen = endpoints_.ingest, .marker = ""}, context_);
  ASSERT_TRUE(service) << service.error().ToString();
  ingest_ = *std::move(service);
}

void Spine::StartProjector(projector::Config given) {
  given.data = data();
  given.ingest = endpoints_.ingest;
  given.listen = endpoints_.projector;
  auto service = projector::Service::Start(given, context_);
  ASSERT_TRUE(service) << service.error().ToString();
  projector_ = *std::move(service);
}

std::uint64_t Spine::Append(std::vector<v1::NewEvent> events) {
  client::Client client(endpoints_, kPatience);
  const auto reply = client.Append(Batch(std::move(events)));
  if (!reply) {
    ADD_FAILURE() << reply.error().front().ToString();
    return 0;
  }
  return reply->events(reply->events_size() - 1).position();
}

bool Spine::RebuildStopped() {
  const auto log = log::Log::Open(data() / "log", {});
  EXPECT_TRUE(log) << log.error().ToString();
  if (!log) return false;
  const auto rebuilt = views::RebuildViews(**log, data() / "views", nullptr);
  EXPECT_TRUE(rebuilt) << rebuilt.error().ToString();
  return rebuilt.has_value();
}

std::uint64_t Spine::AppendNumbered(int first, int last) {
  std::vector<v1::NewEvent> events;
  for (int n = first; n <= last; ++n) events.push_back(Numbered(n));
  return Append(std::move(events));
}

v1::StatusReply Spine::AwaitStatus(client::Client::Service service,
                                   const std::function<bool(const v1::StatusReply&)>& holds) {
  client::Client client(endpoints_, kPatience);
  v1::StatusReply last;
  Await([&] {
    const auto status = client.Status(service);
    if (status) last = *status;
    return status && holds(last);
  });
  return last;
}

bool Spine::AwaitCheckpoint(client::Client::Service service, std::uint64_t position) {
  const auto there = [position](const v1::StatusReply& status) {
    return status.checkpoint() >= position;
  };
  return there(AwaitStatus(service, there));
}

}  // namespace entente::spine
