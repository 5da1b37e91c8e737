// The three programs on tcp, each killed with SIGKILL while events come in, and started again:
// what was acknowledged is answered, and nothing is lost or doubled for a reader.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <filesystem>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "client/client.h"
#include "services/query/replica_directory.h"
#include "tests/services/serve/process.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "views/generations/generations.h"
#include "views/rows/key.h"

namespace entente::serve {
namespace {

using spine::Await;
using spine::kPatience;

class Programs {
 public:
  Programs() {
    StartIngest("tcp://127.0.0.1:*");
    StartProjector("tcp://127.0.0.1:*");
    StartQuery("tcp://127.0.0.1:*", "tcp://127.0.0.1:*");
  }

  // Killed, and started again where it was.
  void KillIngest() {
    ingest_->Kill();
    StartIngest(at_.ingest);
  }
  void KillProjector() {
    projector_->Kill();
    StartProjector(at_.projector);
  }
  void KillQuery() {
    query_->Kill();
    StartQuery(at_.query, at_.tail);
  }
  // A query with a replica of its own.
  void StartSecondQuery() { StartSecondQuery("tcp://127.0.0.1:*"); }
  void KillSecondQuery() {
    second_query_->Kill();
    StartSecondQuery(second_at_.query);
  }
  // All of them.
  void Kill() {
    if (second_query_) second_query_->Kill();
    query_->Kill();
    projector_->Kill();
    ingest_->Kill();
  }
  std::vector<int> Stop() { return {query_->Stop(), projector_->Stop(), ingest_->Stop()}; }

  const client::Endpoints& endpoints() const { return at_; }
  const client::Endpoints& second_endpoints() const { return second_at_; }
  std::filesystem::path data() const { return directory_.path() / "data"; }
  std::filesystem::path second_data() const { return directory_.path() / "second"; }

 private:
  // "ingest tcp://127.0.0.1:40111" -> the endpoint.
  static std::string EndpointIn(const std::string& line, const std::string& name) {
    EXPECT_TRUE(line.starts_with(name + " ")) << line;
    return line.substr(std::min(line.size(), name.size() + 1));
  }
  static std::vector<std::string> Arguments(const std::filesystem::path& data,
                                            std::vector<std::string> more) {
    more.insert(more.end(), {"--data", data.string(), "--log-level", "error"});
    return more;
  }
  std::vector<std::string> Arguments(std::vector<std::string> more) const {
    return Arguments(data(), std::move(more));
  }
  void StartSecondQuery(const std::string& listen) {
    second_query_ = std::make_unique<Process>(
        "entente-query",
        Arguments(second_data(), {"--listen", listen, "--tail", "tcp://127.0.0.1:*", "--projector",
                                  at_.projector, "--ingest", at_.ingest}));
    second_at_.query = EndpointIn(second_query_->Line(), "query");
  }
  void StartIngest(const std::string& listen) {
    ingest_ = std::make_unique<Process>("entente-ingest", Arguments({"--listen", listen}));
    at_.ingest = EndpointIn(ingest_->Line(), "ingest");
  }
  void StartProjector(const std::string& listen) {
    projector_ = std::make_unique<Process>("entente-projector",
                                           Arguments({"--listen", listen, "--ingest", at_.ingest}));
    at_.projector = EndpointIn(projector_->Line(), "projector");
  }
  void StartQuery(const std::string& listen, const std::string& tail) {
    query_ = std::make_unique<Process>("entente-query",
                                       Arguments({"--listen", listen, "--tail", tail, "--projector",
                                                  at_.projector, "--ingest", at_.ingest}));
    at_.query = EndpointIn(query_->Line(), "query");
    at_.tail = EndpointIn(query_->Line(), "tail");
  }

  spine::TemporaryDirectory directory_;
  client::Endpoints at_;
  std::unique_ptr<Process> ingest_;
  std::unique_ptr<Process> projector_;
  std::unique_ptr<Process> query_;
  client::Endpoints second_at_;
  std::unique_ptr<Process> second_query_;
};

// Appends Numbered(0), Numbered(1) … one after the other, each until it is acknowledged, however
// often ingest goes away; a repeated one is a duplicate.
class Writer {
 public:
  explicit Writer(const client::Endpoints& endpoints)
      : thread_([this, endpoints] { Run(endpoints); }) {}
  ~Writer() { Stop(); }

  int acknowledged() const { return acknowledged_; }
  std::uint64_t last_position() const { return last_position_; }
  void Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run(const client::Endpoints& endpoints) {
    client::Client client(endpoints, std::chrono::seconds(2));
    while (!stop_) {
      const auto reply = client.Append(spine::Batch({spine::Numbered(acknowledged_)}));
      if (!reply) {
        EXPECT_EQ(reply.error().front().reason, Reason::kUnreachable)
            << reply.error().front().ToString();
        continue;
      }
      // One writer: positions are those of the events, whatever happened between.
      EXPECT_EQ(reply->events(0).position(), static_cast<std::uint64_t>(acknowledged_) + 1);
      last_position_ = reply->events(0).position();
      ++acknowledged_;
    }
  }

  std::atomic<bool> stop_ = false;
  std::atomic<int> acknowledged_ = 0;
  std::atomic<std::uint64_t> last_position_ = 0;
  std::thread thread_;
};

// Reads all changes from the first, until it has as many as it is told at last.
class Alerts {
 public:
  explicit Alerts(const client::Endpoints& endpoints)
      : thread_([this, endpoints] { Run(endpoints); }) {}
  ~Alerts() { thread_.join(); }

  // Waits until this many came; the subjects, in the order they came.
  std::vector<std::string> Take(int count) {
    EXPECT_TRUE(Await([&] { return count_ >= count; })) << count_ << " of " << count;
    done_ = true;
    thread_.join();
    thread_ = std::thread([] {});
    return subjects_;
  }

 private:
  void Run(const client::Endpoints& endpoints) {
    client::Client client(endpoints, kPatience);
    const auto ended = client.Subscribe(
        v1::SubscribeRequest(),
        [this](const v1::SubscriptionMessage& message) {
          if (message.has_delivered()) {
            subjects_.push_back(message.delivered().change().change().subject());
            ++count_;
          }
          return true;
        },
        [this] { return done_.load(); });
    EXPECT_TRUE(ended) << ended.error().front().ToString();
  }

  std::atomic<bool> done_ = false;
  std::atomic<int> count_ = 0;
  std::vector<std::string> subjects_;
  std::thread thread_;
};

// Each kill comes once more events were acknowledged since the last.
void ExpectNothingLost(void (Programs::*kill)()) {
  Programs programs;
  Writer writer(programs.endpoints());
  Alerts alerts(programs.endpoints());
  for (int round = 1; round <= 3; ++round) {
    ASSERT_TRUE(Await([&] { return writer.acknowledged() >= 20 * round; }));
    (programs.*kill)();
  }
  const int before = writer.acknowledged();
  ASSERT_TRUE(Await([&] { return writer.acknowledged() >= before + 20; }));
  writer.Stop();

  client::Client client(programs.endpoints(), kPatience);
  v1::TimelineRequest timeline;
  timeline.mutable_context()->set_today("2030-01-01");
  timeline.mutable_context()->set_at_least_position(writer.last_position());
  timeline.set_page_size(1);
  const auto reply = client.Ask(timeline);
  ASSERT_TRUE(reply) << reply.error().front().ToString();
  EXPECT_EQ(reply->possible(), static_cast<std::uint64_t>(writer.acknowledged()));

  std::vector<std::string> all;
  for (int n = 0; n < writer.acknowledged(); ++n) all.push_back(spine::Numbered(n).stream());
  EXPECT_EQ(alerts.Take(writer.acknowledged()), all);
  EXPECT_EQ(programs.Stop(), (std::vector{0, 0, 0}));
}

TEST(Processes, IngestKilled) { ExpectNothingLost(&Programs::KillIngest); }
TEST(Processes, ProjectorKilled) { ExpectNothingLost(&Programs::KillProjector); }
TEST(Processes, QueryKilled) { ExpectNothingLost(&Programs::KillQuery); }

// All rows but the store's own, of a store that nobody has open.
std::map<std::string, std::string> RowsOf(const std::shared_ptr<views::ViewStore>& store) {
  std::map<std::string, std::string> rows;
  const auto snapshot = store->TakeSnapshot();
  const std::string first = views::EndOf(views::Key(views::View::kStore).bytes());
  for (const auto row = snapshot->Range(first, ""); row->Valid(); row->Next()) {
    rows.emplace(row->key(), row->value());
  }
  return rows;
}

std::map<std::string, std::string> RowsOfReplica(const std::filesystem::path& data) {
  auto store = query::ReplicaDirectory(data / "replica").OpenCurrent();
  if (!store || !*store) {
    ADD_FAILURE() << "no replica in " << data;
    return {};
  }
  return RowsOf(*std::move(store));
}

std::map<std::string, std::string> RowsOfProjector(const std::filesystem::path& data) {
  auto generations = views::Generations::Open(data / "views");
  auto store = generations ? generations->OpenCurrent() : Fail(generations.error());
  if (!store) {
    ADD_FAILURE() << store.error().ToString();
    return {};
  }
  return RowsOf(*std::move(store));
}

// In words, since thousands of rows of bytes say nothing.
std::string Difference(const std::map<std::string, std::string>& one,
                       const std::map<std::string, std::string>& other) {
  const auto [a, b] = std::ranges::mismatch(one, other);
  if (a == one.end() && b == other.end()) return "none";
  const auto view = [](const std::string& key) { return std::to_string(key[0]); };
  return "row " + std::to_string(std::distance(one.begin(), a)) + " of " +
         std::to_string(one.size()) + " and " + std::to_string(other.size()) + ", view " +
         (a == one.end() ? view(b->first) : view(a->first));
}

// Either side, at any moment, while events come in.
TEST(Processes, ReplicasHoldTheProjectorsRowsWhoeverIsKilled) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Programs programs;
  programs.StartSecondQuery();
  Writer writer(programs.endpoints());
  constexpr std::array kKills = {&Programs::KillProjector, &Programs::KillQuery,
                                 &Programs::KillSecondQuery, &Programs::KillIngest};
  for (int round = 0; round < 10; ++round) {
    const int from = writer.acknowledged();
    const int events = static_cast<int>(random() % 20);
    ASSERT_TRUE(Await([&] { return writer.acknowledged() >= from + events; }));
    (programs.*kKills[random() % kKills.size()])();
  }
  writer.Stop();

  v1::TimelineRequest timeline;
  timeline.mutable_context()->set_today("2030-01-01");
  timeline.mutable_context()->set_at_least_position(writer.last_position());
  timeline.set_page_size(1);
  for (const client::Endpoints& at : {programs.endpoints(), programs.second_endpoints()}) {
    const auto reply = client::Client(at, kPatience).Ask(timeline);
    ASSERT_TRUE(reply) << reply.error().front().ToString();
    EXPECT_EQ(reply->possible(), static_cast<std::uint64_t>(writer.acknowledged()));
  }
  programs.Kill();
  const auto rows = RowsOfProjector(programs.data());
  EXPECT_GT(rows.size(), static_cast<std::size_t>(writer.acknowledged()));
  EXPECT_EQ(Difference(rows, RowsOfReplica(programs.data())), "none");
  EXPECT_EQ(Difference(rows, RowsOfReplica(programs.second_data())), "none");
}

}  // namespace
}  // namespace entente::serve
