// An ingest with a log of its own, and a client of it.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "client/client.h"
#include "log/commit.h"
#include "services/ingest/service.h"
#include "tests/services/settings/temporary_directory.h"

namespace entente::ingest {

class IngestFixture : public testing::Test {
 protected:
  using Client = client::Client;

  void SetUp() override { StartService(); }

  Config ConfigOf(const std::string& name, const std::string& listen = "tcp://127.0.0.1:*") const {
    return {
        .data = directory.path() / name, .listen = listen, .allow_plaintext = false, .marker = ""};
  }

  void StartService() {
    auto started = Service::Start(ConfigOf("data"), context);
    ASSERT_TRUE(started) << started.error().ToString();
    service = std::move(*started);
    client = std::make_unique<Client>(client::Endpoints{.ingest = service->endpoint()});
  }

  void Restart() {
    client.reset();
    service->Stop();
    service.reset();
    StartService();
  }

  v1::AppendReply MustAppend(const v1::AppendRequest& request) {
    auto reply = client->Append(request);
    EXPECT_TRUE(reply) << reply.error().front().ToString();
    return reply ? *reply : v1::AppendReply();
  }

  v1::StatusReply Status() {
    auto status = client->Status(Client::Service::kIngest);
    EXPECT_TRUE(status) << status.error().front().ToString();
    return status ? *status : v1::StatusReply();
  }

  // Ids of all events of the log, in order; checks that positions have no gaps.
  std::vector<std::string> AllIds() {
    std::vector<std::string> ids;
    const Position end(Status().durable_position());
    for (Position next(1); next <= end;) {
      auto page = client->ReadLog(next, std::chrono::milliseconds(0));
      EXPECT_TRUE(page) << page.error().front().ToString();
      if (!page || page->commits.empty()) break;
      for (const std::string& bytes : page->commits) {
        const auto commit = log::CommitView::Parse(bytes);
        EXPECT_TRUE(commit);
        for (std::uint32_t i = 0; i < commit->count(); ++i) {
          EXPECT_EQ(commit->event(i).position, Position(ids.size() + 1));
          ids.emplace_back(commit->event(i).id);
        }
        next = commit->last().Next();
      }
      EXPECT_EQ(page->next, next);
    }
    EXPECT_EQ(ids.size(), end.value());
    return ids;
  }

  // "REASON field" of each.
  static std::vector<std::string> Reasons(const Errors& errors) {
    std::vector<std::string> reasons;
    for (const Error& error : errors) {
      reasons.push_back(std::string(Describe(error.reason).name) + " " + error.field);
    }
    return reasons;
  }

  settings::TemporaryDirectory directory;
  zmq::context_t context;
  std::unique_ptr<Service> service;
  std::unique_ptr<Client> client;
};

}  // namespace entente::ingest
