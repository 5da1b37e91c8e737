// The three programs on tcp, each killed with SIGKILL while events come in, and started again:
// what was acknowledged is answered, and nothing is lost or doubled for a reader.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <climits>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include "client/client.h"
#include "log/commit.h"
#include "log/stopped_log.h"
#include "services/query/replica_directory.h"
#include "tests/services/serve/entangled.h"
#include "tests/services/serve/process.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "views/generations/generations.h"
#include "views/rows/key.h"
#include "views/verify/refold.h"

namespace entente::serve {
namespace {

using spine::Await;
using spine::kPatience;

bool CanBeBound(const std::string& endpoint) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port =
      htons(static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1))));
  const bool bound = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  close(fd);
  return bound;
}

// The endpoint that a killed program had. The system may have given its port to a connection of
// somebody else's meanwhile.
std::string Freed(const std::string& endpoint) {
  EXPECT_TRUE(Await([&] { return CanBeBound(endpoint); })) << endpoint;
  return endpoint;
}

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
    StartIngest(Freed(at_.ingest));
  }
  void KillProjector() {
    projector_->Kill();
    StartProjector(Freed(at_.projector));
  }
  void KillQuery() {
    query_->Kill();
    StartQuery(Freed(at_.query), Freed(at_.tail));
  }
  // A query with a replica of its own.
  void StartSecondQuery() { StartSecondQuery("tcp://127.0.0.1:*"); }
  void KillSecondQuery() {
    second_query_->Kill();
    StartSecondQuery(Freed(second_at_.query));
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

// Appends the first event of a history, the second … one after the other behind `before` that the
// log holds, each until it is acknowledged, however often ingest goes away; a repeated one is a
// duplicate.
class Writer {
 public:
  using History = v1::NewEvent (*)(int n);
  explicit Writer(const client::Endpoints& endpoints, History history = spine::Numbered,
                  std::uint64_t before = 0, int limit = INT_MAX)
      : limit_(limit),
        thread_([this, endpoints, history, before] { Run(endpoints, history, before); }) {}
  ~Writer() { Stop(); }

  int acknowledged() const { return acknowledged_; }
  std::uint64_t last_position() const { return last_position_; }
  // No more than so many events for now.
  void Limit(int events) {
    limit_ = events;
    limit_.notify_one();
  }
  void Stop() {
    stop_ = true;
    Limit(INT_MAX);
    if (thread_.joinable()) thread_.join();
  }

 private:
  void Run(const client::Endpoints& endpoints, History history, std::uint64_t before) {
    client::Client client(endpoints, std::chrono::seconds(2));
    while (!stop_) {
      if (const int limit = limit_; acknowledged_ >= limit) {
        limit_.wait(limit);
        continue;
      }
      const auto reply = client.Append(spine::Batch({history(acknowledged_)}));
      if (!reply) {
        EXPECT_EQ(reply.error().front().reason, Reason::kUnreachable)
            << reply.error().front().ToString();
        continue;
      }
      // One writer: positions are those of the events, whatever happened between.
      EXPECT_EQ(reply->events(0).position(),
                before + static_cast<std::uint64_t>(acknowledged_) + 1);
      last_position_ = reply->events(0).position();
      ++acknowledged_;
    }
  }

  std::atomic<bool> stop_ = false;
  std::atomic<int> limit_;
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
  all.reserve(static_cast<std::size_t>(writer.acknowledged()));
  for (int n = 0; n < writer.acknowledged(); ++n) all.push_back(spine::Numbered(n).stream());
  EXPECT_EQ(alerts.Take(writer.acknowledged()), all);
  EXPECT_EQ(programs.Stop(), (std::vector{0, 0, 0}));
}

TEST(Processes, IngestKilled) { ExpectNothingLost(&Programs::KillIngest); }
TEST(Processes, ProjectorKilled) { ExpectNothingLost(&Programs::KillProjector); }
TEST(Processes, QueryKilled) { ExpectNothingLost(&Programs::KillQuery); }

struct Rows {
  Position at;
  std::map<std::string, std::string> rows;
};

// All rows but the store's own, of a store that nobody has open.
Rows RowsOf(const views::ViewStore& store) {
  const auto snapshot = store.TakeSnapshot();
  Rows rows{snapshot->checkpoint().position, {}};
  const std::string first = views::EndOf(views::Key(views::View::kStore).bytes());
  for (const auto row = snapshot->Range(first, ""); row->Valid(); row->Next()) {
    rows.rows.emplace(row->key(), row->value());
  }
  return rows;
}

Rows RowsOfReplica(const std::filesystem::path& data) {
  auto store = query::ReplicaDirectory(data / "replica").OpenCurrent();
  if (!store || !*store) {
    ADD_FAILURE() << "no replica in " << data;
    return {};
  }
  return RowsOf(**store);
}

Rows RowsOfProjector(const std::filesystem::path& data) {
  auto generations = views::Generations::Open(data / "views");
  auto store = generations ? generations->OpenCurrent() : Fail(generations.error());
  if (!store) {
    ADD_FAILURE() << store.error().ToString();
    return {};
  }
  return RowsOf(**store);
}

// What the log gives, folded anew from its first event on.
Rows RowsOfTheLog(const std::filesystem::path& data) {
  const spine::TemporaryDirectory scratch;
  const auto stopped = log::StoppedLog::Open(data / "log");
  auto refold = views::Refold::Begin(scratch.path() / "refold");
  if (!stopped || !refold) {
    ADD_FAILURE() << (stopped ? refold.error() : stopped.error()).ToString();
    return {};
  }
  for (Position next(1); next <= stopped->head().position;) {
    const auto range = stopped->Read(next, 1 << 20);
    if (!range) {
      ADD_FAILURE() << range.error().ToString();
      return {};
    }
    for (const std::string& bytes : range->commits) {
      EXPECT_TRUE(refold->Take(*log::CommitView::Parse(bytes)));
    }
    next = range->next;
  }
  EXPECT_TRUE(refold->Finish());
  return RowsOf(refold->store());
}

// In words, since thousands of rows of bytes say nothing.
std::string Difference(const Rows& whole, const Rows& copy) {
  if (whole.at != copy.at) {
    return fmt::format("positions {} and {}", whole.at.value(), copy.at.value());
  }
  const auto& one = whole.rows;
  const auto& other = copy.rows;
  const auto [a, b] = std::ranges::mismatch(one, other);
  if (a == one.end() && b == other.end()) return "none";
  const auto view = [](const std::string& key) { return std::to_string(key[0]); };
  return "row " + std::to_string(std::distance(one.begin(), a)) + " of " +
         std::to_string(one.size()) + " and " + std::to_string(other.size()) + ", view " +
         (a == one.end() ? view(b->first) : view(a->first));
}

// The first events of the long life, at once.
bool AppendEarlyLife(const client::Endpoints& endpoints, int events) {
  v1::AppendRequest early;
  for (int n = 0; n < events; ++n) *early.add_events() = EarlyLife(n);
  return client::Client(endpoints, kPatience).Append(early).has_value();
}

// Either side, at any moment, while events come in that change what earlier ones meant.
TEST(Processes, ReplicasHoldTheProjectorsRowsWhoeverIsKilled) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  Programs programs;
  programs.StartSecondQuery();
  constexpr int kEarlyLife = 300;
  ASSERT_TRUE(AppendEarlyLife(programs.endpoints(), kEarlyLife));
  Writer writer(programs.endpoints(), Entangled, kEarlyLife, 0);
  constexpr std::array kKills = {&Programs::KillProjector, &Programs::KillQuery,
                                 &Programs::KillSecondQuery, &Programs::KillIngest};
  for (int round = 0; round < 10; ++round) {
    const int from = writer.acknowledged();
    const int events = static_cast<int>(random() % 20);
    writer.Limit(from + events + 20);  // so many may come in while one is away
    ASSERT_TRUE(Await([&] { return writer.acknowledged() >= from + events; }));
    (programs.*kKills[random() % kKills.size()])();
  }
  // The first chapters are told to their end.
  writer.Limit(std::max(writer.acknowledged(), 60));
  ASSERT_TRUE(Await([&] { return writer.acknowledged() >= 60; }));
  writer.Stop();
  // The last of all: behind it, no append of the writer's is under way any more.
  const auto last = client::Client(programs.endpoints(), kPatience)
                        .Append(spine::Batch({Entangled(writer.acknowledged())}));
  ASSERT_TRUE(last) << last.error().front().ToString();

  v1::MeetingRequest meeting;
  meeting.mutable_context()->set_today("2030-01-01");
  meeting.mutable_context()->set_at_least_position(last->durable_position());
  for (const client::Endpoints& at : {programs.endpoints(), programs.second_endpoints()}) {
    client::Client client(at, kPatience);
    meeting.set_id(kLongLife);
    const auto long_life = client.Ask(meeting);
    ASSERT_TRUE(long_life) << long_life.error().front().ToString();
    EXPECT_GT(long_life->meeting().reports_size(), kEarlyLife);
    meeting.set_id(kAbsorbed);
    const auto absorbed = client.Ask(meeting);
    ASSERT_TRUE(absorbed) << absorbed.error().front().ToString();
    EXPECT_EQ(absorbed->meeting().asked_as(), kAbsorbed);
  }
  programs.Kill();
  const Rows rows = RowsOfProjector(programs.data());
  EXPECT_EQ(rows.at.value(), last->durable_position());
  EXPECT_GT(rows.rows.size(), static_cast<std::size_t>(kEarlyLife + writer.acknowledged()));
  EXPECT_EQ(Difference(rows, RowsOfReplica(programs.data())), "none");
  EXPECT_EQ(Difference(rows, RowsOfReplica(programs.second_data())), "none");
  EXPECT_EQ(Difference(rows, RowsOfTheLog(programs.data())), "none");
}

// Asks the same question again and again until it is told to stop; none may be refused.
class Asker {
 public:
  explicit Asker(const client::Endpoints& endpoints)
      : thread_([this, endpoints] { Run(endpoints); }) {}
  ~Asker() { Stop(); }

  bool AwaitGeneration(const std::string& name) {
    return Await([&] {
      const std::lock_guard guard(mutex_);
      return generation_ == name;
    });
  }
  // How many were answered.
  int Stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
    return answered_;
  }

 private:
  void Run(const client::Endpoints& endpoints) {
    client::Client client(endpoints, kPatience);
    v1::TimelineRequest timeline;
    timeline.mutable_context()->set_today("2030-01-01");
    timeline.set_page_size(10);
    while (!stop_) {
      const auto reply = client.Ask(timeline);
      if (!reply) {
        ADD_FAILURE() << reply.error().front().ToString();
        return;
      }
      ++answered_;
      const std::lock_guard guard(mutex_);
      generation_ = reply->answered().generation();
    }
  }

  std::atomic<bool> stop_ = false;
  int answered_ = 0;
  std::mutex mutex_;
  std::string generation_;
  std::thread thread_;
};

bool ChangeGenerations(const client::Endpoints& endpoints,
                       const v1::ChangeGenerationsRequest& change) {
  const auto changed = client::Client(endpoints, kPatience).Ask(change);
  EXPECT_TRUE(changed) << changed.error().front().ToString();
  return changed.has_value();
}

// Two replicas are asked all the while; the projector and ingest are killed while one generation
// grows beside the other, after it took over, and after it was rolled back.
TEST(Processes, ARebuildWhoeverIsKilledRefusesNoQuestion) {
  Programs programs;
  programs.StartSecondQuery();
  constexpr int kEarlyLife = 200;
  ASSERT_TRUE(AppendEarlyLife(programs.endpoints(), kEarlyLife));
  const auto await_replicas = [&](std::uint64_t position) {
    v1::TimelineRequest there;
    there.mutable_context()->set_today("2030-01-01");
    there.mutable_context()->set_at_least_position(position);
    for (const client::Endpoints& at : {programs.endpoints(), programs.second_endpoints()}) {
      const auto reply = client::Client(at, kPatience).Ask(there);
      EXPECT_TRUE(reply) << reply.error().front().ToString();
      if (!reply) return false;
    }
    return true;
  };
  ASSERT_TRUE(await_replicas(kEarlyLife));
  Asker one(programs.endpoints());
  Asker other(programs.second_endpoints());
  Writer writer(programs.endpoints(), Entangled, kEarlyLife, 0);
  const auto kill = [&](void (Programs::*who)()) {
    const int from = writer.acknowledged();
    writer.Limit(from + 15);
    ASSERT_TRUE(Await([&] { return writer.acknowledged() >= from + 10; }));
    (programs.*who)();
  };
  const auto kill_both = [&] {
    kill(&Programs::KillProjector);
    kill(&Programs::KillIngest);
  };

  v1::ChangeGenerationsRequest change;
  change.mutable_rebuild()->set_hold(true);
  ASSERT_TRUE(ChangeGenerations(programs.endpoints(), change));
  kill_both();
  change.set_swap(true);
  ASSERT_TRUE(ChangeGenerations(programs.endpoints(), change));
  ASSERT_TRUE(one.AwaitGeneration("g2") && other.AwaitGeneration("g2"));
  kill_both();
  change.set_rollback("g1");
  ASSERT_TRUE(ChangeGenerations(programs.endpoints(), change));
  ASSERT_TRUE(one.AwaitGeneration("g1") && other.AwaitGeneration("g1"));
  kill_both();

  writer.Stop();
  const auto last = client::Client(programs.endpoints(), kPatience)
                        .Append(spine::Batch({Entangled(writer.acknowledged())}));
  ASSERT_TRUE(last) << last.error().front().ToString();
  ASSERT_TRUE(await_replicas(last->durable_position()));
  EXPECT_GT(one.Stop(), 0);
  EXPECT_GT(other.Stop(), 0);
  programs.Kill();
  const Rows rows = RowsOfProjector(programs.data());
  EXPECT_EQ(rows.at.value(), last->durable_position());
  EXPECT_EQ(Difference(rows, RowsOfReplica(programs.data())), "none");
  EXPECT_EQ(Difference(rows, RowsOfReplica(programs.second_data())), "none");
  EXPECT_EQ(Difference(rows, RowsOfTheLog(programs.data())), "none");
}

}  // namespace
}  // namespace entente::serve
