// Alerts of a running `entente serve`: how late they come, what slow readers cost, and what memory.
//
//     subscribe_bench --entente build/release/bin/entente --json figures.json
//
// The service is a process of its own, so that its memory is its own; readers are connections of
// this process, on one loop, but for slow ones, which have a thread of their own: what it costs
// them to be there is not the service's. What is measured in memory gets a service that nobody used
// before: what another reader left behind would be taken again, and look like nothing.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>
#include <zmq.hpp>

#include "bench/bare_router.h"
#include "bench/figures.h"
#include "bench/give_up.h"
#include "bench/race.h"
#include "bench/round_trip.h"
#include "bench/served.h"
#include "bus/dealer.h"
#include "bus/frame.h"
#include "bus/loop.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/subscription.pb.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using bus::MessageType;

double MicrosSince(Clock::time_point begin) { return SecondsSince(begin) * 1e6; }

double Quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

struct Plan {
  std::string program, json;
  fs::path directory = fs::temp_directory_path();
  std::size_t readers = 1'000;
  std::size_t matching = 10;
  std::size_t open = 64;
  double rate = 500;  // appends a second, of the load
  int rounds = 300;
  int seconds = 60;
};

v1::AppendRequest MeetingOf(const std::string& party, std::uint64_t number) {
  v1::AppendRequest request;
  v1::NewEvent& event = *request.add_events();
  event.set_id(fmt::format("bench-{}", number));
  event.set_stream(fmt::format("meeting/bench-{:08}", number));
  event.set_reported("2021-05-05");
  event.mutable_source()->set_publisher("a daily");
  event.mutable_source()->set_class_(v1::Source::media);
  event.mutable_meeting()->set_kind("two-plus-two");
  event.mutable_meeting()->add_parties()->set_name("JP");
  event.mutable_meeting()->add_parties()->set_name(party);
  event.mutable_meeting_scheduled()->mutable_date()->set_edtf("2021-06-01");
  return request;
}

// One subscription, on a connection of its own or on one of many.
struct Reader {
  std::shared_ptr<bus::Dealer> dealer;
  std::uint64_t id = 0;
  std::uint64_t delivered = 0;
  bool caught_up = false;
};

v1::SubscribeRequest ReaderOf(const std::string& country, std::uint32_t credit) {
  v1::SubscribeRequest request;
  request.mutable_filter()->add_countries(country);
  request.set_now(true);
  request.set_credit(credit);
  return request;
}

v1::SubscriptionMessage Read(const tl::expected<bus::Message, Errors>& message) {
  if (!message) GiveUp(message.error().front().ToString());
  v1::SubscriptionMessage came;
  if (!bus::ParseBody(*message, &came)) GiveUp("a message cannot be read");
  return came;
}

// Readers that are slow in three ways, a third of them in each: they use up their credit and grant
// no more; grant one a second; have credit and read nothing at all. Each has a connection of its
// own.
class SlowReaders {
 public:
  // Returns when all that read have caught up.
  SlowReaders(const std::string& endpoint, std::size_t count, const std::string& country,
              std::uint32_t credit)
      : reading_(count - count / 3) {
    context_.set(zmq::ctxopt::max_sockets, 8'192);
    thread_ = std::thread([this, endpoint, count, request = ReaderOf(country, credit)] {
      // What they do themselves, on the cores of the service, is not what the service does for
      // them. ZeroMQ's thread, which begins with the first socket, is as low.
      (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), 19);
      for (std::size_t i = 0; i < count; ++i) {
        if (i % 3 == 2) {
          OpenDeaf(endpoint, request);
        } else {
          Open(endpoint, request, i % 3 == 1);
        }
      }
      if (!granting_.empty()) {
        const auto each = std::chrono::milliseconds(1'000 / granting_.size());
        loop_.Every(std::max(each, std::chrono::milliseconds(1)), [this] { GrantNext(); });
      }
      loop_.Run();
      dealers_.clear();
      deaf_.clear();
    });
    Await(caught_up_, reading_);
  }
  ~SlowReaders() {
    loop_.Stop();
    thread_.join();
  }
  SlowReaders(const SlowReaders&) = delete;
  SlowReaders& operator=(const SlowReaders&) = delete;

  // Until each that reads has used up its first credit, or as much.
  void AwaitDelivered(std::uint32_t credit) const { Await(delivered_, reading_ * credit); }

 private:
  struct Granting {
    bus::Dealer* dealer;
    std::uint64_t id;
  };

  static void Await(const std::atomic<std::size_t>& counter, std::size_t count) {
    for (std::size_t now = counter; now < count; now = counter) counter.wait(now);
  }

  void Open(const std::string& endpoint, const v1::SubscribeRequest& request, bool grants) {
    auto dealer = bus::Dealer::Connect(loop_, context_, endpoint);
    if (!dealer) GiveUp(dealer.error().ToString());
    bus::Dealer* const reader = dealers_.emplace_back(*std::move(dealer)).get();
    const auto id = std::make_shared<std::uint64_t>();
    *id = reader->Stream(MessageType::subscribe_request, request,
                         [this, reader, id](const auto& message) {
                           const v1::SubscriptionMessage came = Read(message);
                           if (came.has_heartbeat()) Grant({reader, *id}, 0);
                           if (came.has_caught_up()) Count(&caught_up_);
                           if (came.has_delivered()) Count(&delivered_);
                         });
    if (grants) granting_.push_back({reader, *id});
  }
  void OpenDeaf(const std::string& endpoint, v1::SubscribeRequest request) {
    request.set_lease_s(3'600);  // it gives no sign of life either
    bus::Header header;
    header.type = MessageType::subscribe_request;
    header.correlation = 1;
    header.body_frames = 1;
    zmq::socket_t& socket = deaf_.emplace_back(context_, ZMQ_DEALER);
    socket.set(zmq::sockopt::linger, 0);
    socket.connect(endpoint);
    socket.send(zmq::buffer(bus::EncodeHeader(header)), zmq::send_flags::sndmore);
    socket.send(zmq::buffer(request.SerializeAsString()), zmq::send_flags::none);
  }

  static void Grant(const Granting& reader, std::uint32_t more) {
    v1::Credit credit;
    credit.set_subscription(reader.id);
    credit.set_more(more);
    reader.dealer->Tell(MessageType::credit, credit);
  }
  void GrantNext() { Grant(granting_[granted_++ % granting_.size()], 1); }
  static void Count(std::atomic<std::size_t>* counter) {
    ++*counter;
    counter->notify_all();
  }

  const std::size_t reading_;
  zmq::context_t context_;
  // The thread's.
  bus::Loop loop_;
  std::vector<std::unique_ptr<bus::Dealer>> dealers_;
  std::vector<Granting> granting_;
  std::size_t granted_ = 0;
  std::vector<zmq::socket_t> deaf_;

  std::atomic<std::size_t> caught_up_ = 0;
  std::atomic<std::size_t> delivered_ = 0;
  std::thread thread_;
};

enum class Connections { kOneEach, kOneForAll };

// A service on a directory of its own, and its readers.
class Bench {
 public:
  Bench(const Plan& plan, zmq::context_t& context)
      : plan_(plan),
        context_(context),
        data_(plan.directory / fmt::format("entente-bench-{}", ::getpid())) {
    fs::create_directories(data_);
    served_ = std::make_unique<Served>(plan.program, data_);
    appender_ = Connect(served_->ingest());
  }
  ~Bench() {
    served_.reset();
    std::error_code ignored;
    fs::remove_all(data_, ignored);
  }
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;

  // So many readers of a country, from now on. Returns when all have caught up.
  void Open(std::size_t count, const std::string& country, std::uint32_t credit,
            Connections connections = Connections::kOneEach) {
    Open(count, connections, [&](std::size_t) { return ReaderOf(country, credit); });
  }

  // So many durable subscriptions to a country, from now on, each with one consumer, that settles
  // nothing; all on one connection.
  void OpenGroups(std::size_t count, const std::string& country, std::uint32_t credit) {
    const auto name = [](std::size_t i) { return fmt::format("group-{}", i); };
    const auto maker = Connect(served_->query());
    std::size_t waits = count;
    for (std::size_t i = 0; i < count; ++i) {
      v1::CreateGroupRequest request;
      request.mutable_group()->set_name(name(i));
      request.mutable_group()->mutable_filter()->add_countries(country);
      request.set_now(true);
      maker->Request(MessageType::create_group_request, request, std::chrono::seconds(30),
                     [&](const auto& reply) {
                       if (!reply) GiveUp(reply.error().front().ToString());
                       if (--waits == 0) loop_.Stop();
                     });
    }
    loop_.Run();
    Open(count, Connections::kOneForAll, [&](std::size_t i) {
      v1::SubscribeRequest request;
      request.set_group(name(i));
      request.set_credit(credit);
      return request;
    });
  }

  void Open(std::size_t count, Connections connections,
            const std::function<v1::SubscribeRequest(std::size_t)>& request_of) {
    if (count == 0) return;
    std::size_t waits = count;
    std::shared_ptr<bus::Dealer> dealer;
    readers_.reserve(readers_.size() + count);
    for (std::size_t i = 0; i < count; ++i) {
      if (!dealer || connections == Connections::kOneEach) dealer = Connect(served_->query());
      readers_.push_back(std::make_unique<Reader>());
      Reader* reader = readers_.back().get();
      reader->dealer = dealer;
      reader->id = reader->dealer->Stream(
          MessageType::subscribe_request, request_of(i),
          [this, reader, &waits](const tl::expected<bus::Message, Errors>& message) {
            const v1::SubscriptionMessage came = Read(message);
            if (came.has_caught_up() && !std::exchange(reader->caught_up, true)) {
              if (--waits == 0) loop_.Stop();
            }
            Take(reader, came);
          });
    }
    loop_.Run();
  }

  // Appends one event about a country and waits until `expected` readers were told. Microseconds
  // from the append's sending to each alert.
  std::vector<double> AppendAndAwait(const std::string& party, std::size_t expected) {
    std::vector<double> late;
    late.reserve(expected);
    sent_.clear();
    const auto request = MeetingOf(party, ++appended_);
    request_bytes_ = request.ByteSizeLong();
    const auto begin = Clock::now();
    on_alert_ = [&] {
      late.push_back(MicrosSince(begin));
      if (late.size() == expected) loop_.Stop();
    };
    appender_->Request(MessageType::append_request, request, std::chrono::seconds(30),
                       [](const auto& reply) {
                         if (!reply) GiveUp(reply.error().front().ToString());
                       });
    loop_.Run();
    on_alert_ = nullptr;
    return late;
  }

  // Events about a country, one a request, at the plan's rate for so long, or slower where too many
  // are unanswered. Returns how many, once all are acknowledged; alerts come in between. lateness()
  // then has how late those of the first reader came, in microseconds from the sending of the
  // append, and peak_kib() the most memory that the service was seen to hold.
  std::uint64_t AppendFor(const std::string& party, std::chrono::seconds duration) {
    const std::uint64_t before = appended_;
    sent_.clear();
    lateness_.clear();
    delivered_before_ = readers_.front()->delivered;
    peak_kib_ = memory_kib();
    const auto begin = Clock::now();
    auto looked = begin;
    std::size_t unanswered = 0;
    const auto send_due = [&] {
      const auto now = Clock::now();
      if (now - looked >= std::chrono::milliseconds(500)) {
        looked = now;
        peak_kib_ = std::max(peak_kib_, memory_kib());
      }
      if (now - begin >= duration) {
        if (unanswered == 0) loop_.Stop();
        return;
      }
      const auto due = static_cast<std::size_t>(SecondsSince(begin) * plan_.rate);
      for (; sent_.size() < due && unanswered < plan_.open; ++unanswered) {
        sent_.push_back(Clock::now());
        appender_->Request(MessageType::append_request, MeetingOf(party, ++appended_),
                           std::chrono::seconds(30), [&](const auto& reply) {
                             if (!reply) GiveUp(reply.error().front().ToString());
                             --unanswered;
                           });
      }
    };
    const auto ticks = loop_.Every(std::chrono::milliseconds(1), send_due);
    loop_.Run();
    loop_.Cancel(ticks);
    peak_kib_ = std::max(peak_kib_, memory_kib());
    return appended_ - before;
  }

  // So many events about a country, one after the other; those who are told of them grant no more.
  void AppendToHoarders(const std::string& party, std::size_t count, std::size_t told) {
    grants_ = false;
    for (std::size_t i = 0; i < count; ++i) (void)AppendAndAwait(party, told);
  }

  void AwaitDelivered(const Reader& reader, std::uint64_t count) {
    while (reader.delivered < count) {
      on_alert_ = [&] {
        if (reader.delivered >= count) loop_.Stop();
      };
      loop_.Run();
    }
    on_alert_ = nullptr;
  }

  const Reader& reader(std::size_t i) const { return *readers_[i]; }
  const std::vector<double>& lateness() const { return lateness_; }
  double memory_kib() const { return served_->MemoryKiB(); }
  double peak_kib() const { return peak_kib_; }
  const fs::path& data() const { return data_; }
  std::string endpoint() const { return served_->query(); }
  // Of the last append and the last alert, as they are on the wire.
  std::size_t request_bytes() const { return request_bytes_ + bus::kHeaderBytes; }
  std::size_t alert_bytes() const { return alert_bytes_ + bus::kHeaderBytes; }

 private:
  std::unique_ptr<bus::Dealer> Connect(const std::string& endpoint) {
    auto dealer = bus::Dealer::Connect(loop_, context_, endpoint);
    if (!dealer) GiveUp(dealer.error().ToString());
    return *std::move(dealer);
  }

  void Take(Reader* reader, const v1::SubscriptionMessage& message) {
    v1::Credit credit;
    credit.set_subscription(reader->id);
    if (message.has_heartbeat()) reader->dealer->Tell(MessageType::credit, credit);
    if (!message.has_delivered()) return;
    ++reader->delivered;
    alert_bytes_ = message.ByteSizeLong();
    // Appends of one connection are recorded, and told, in the order in which they were sent.
    if (reader == readers_.front().get() && !sent_.empty()) {
      lateness_.push_back(MicrosSince(sent_.at(reader->delivered - delivered_before_ - 1)));
    }
    constexpr std::uint32_t kGrant = 50;
    if (grants_ && reader->delivered % kGrant == 0) {
      credit.set_more(kGrant);
      reader->dealer->Tell(MessageType::credit, credit);
    }
    if (on_alert_) on_alert_();
  }

  const Plan& plan_;
  zmq::context_t& context_;
  const fs::path data_;
  std::unique_ptr<Served> served_;
  bus::Loop loop_;
  std::unique_ptr<bus::Dealer> appender_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::function<void()> on_alert_;
  bool grants_ = true;
  std::uint64_t appended_ = 0;
  std::vector<Clock::time_point> sent_;  // of the load
  std::uint64_t delivered_before_ = 0;   // to the first reader
  std::vector<double> lateness_;
  double peak_kib_ = 0;
  std::size_t request_bytes_ = 0;
  std::size_t alert_bytes_ = 0;
};

// Microseconds of writing so many bytes to the service's disk and waiting until they are there.
double OneSync(const fs::path& directory, std::size_t size) {
  const std::string file = (directory / "sync-probe").string();
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string bytes(size, 'x');
  const auto begin = Clock::now();
  if (fd < 0 || ::write(fd, bytes.data(), bytes.size()) < 0 || ::fdatasync(fd) != 0) {
    GiveUp("no sync");
  }
  const double micros = MicrosSince(begin);
  ::close(fd);
  return micros;
}

// What one subscription may take.
constexpr double kIdleKiB = 16;
constexpr double kActiveKiB = 64;  // and its credit window

// What a connection takes in a process that does nothing with it but answer.
double KiBOfBareConnection(const Plan& plan, zmq::context_t& context, const BareRouter& router) {
  const double before = MemoryKiB(router.pid());
  std::vector<zmq::socket_t> connections;
  zmq::message_t answer;
  for (std::size_t i = 0; i < plan.readers; ++i) {
    zmq::socket_t& connection = connections.emplace_back(context, ZMQ_DEALER);
    connection.set(zmq::sockopt::linger, 0);
    connection.connect(router.endpoint());
    connection.send(zmq::message_t(), zmq::send_flags::none);
    (void)connection.recv(answer);
  }
  return (MemoryKiB(router.pid()) - before) / static_cast<double>(plan.readers);
}

// Subscriptions that nothing matches, all on one connection, then each on one of its own, beside
// what ZeroMQ takes for such a connection.
void IdleMemory(const Plan& plan, zmq::context_t& context, const BareRouter& router,
                Figures* figures) {
  const auto kib_of = [&](Connections connections) {
    Bench bench(plan, context);
    const double before = bench.memory_kib();
    bench.Open(plan.readers, "DE", 100, connections);
    return (bench.memory_kib() - before) / static_cast<double>(plan.readers);
  };
  figures->Add("memory_idle_subscription", kib_of(Connections::kOneForAll), "KiB",
               Beside{.raw = kIdleKiB, .at_most = 1});
  figures->Add("memory_idle_with_connection", kib_of(Connections::kOneEach), "KiB",
               Beside{.raw = KiBOfBareConnection(plan, context, router)});
}

// Durable subscriptions with a consumer each: idle ones, and ones whose consumers took as much as
// they may and settled nothing, which the service keeps until they do.
void GroupMemory(const Plan& plan, zmq::context_t& context, Figures* figures) {
  {
    Bench bench(plan, context);
    const double before = bench.memory_kib();
    const std::size_t groups = std::min<std::size_t>(plan.readers, 1'000);  // a service's most
    bench.OpenGroups(groups, "DE", 100);
    figures->Add("memory_idle_group", (bench.memory_kib() - before) / static_cast<double>(groups),
                 "KiB", Beside{.raw = kIdleKiB, .at_most = 1});
  }
  constexpr std::uint32_t kCredit = 100;
  Bench bench(plan, context);
  const std::size_t groups = std::min<std::size_t>(plan.readers, 1'000);
  // What the events themselves cost was there before.
  bench.Open(1, "KR", kCredit);
  bench.AppendToHoarders("KR", kCredit, 1);
  const double before = bench.memory_kib();
  bench.OpenGroups(groups, "KR", kCredit);
  bench.AppendToHoarders("KR", kCredit, groups);
  const double window = kCredit * static_cast<double>(bench.alert_bytes()) / 1024;
  figures->Add("memory_group_in_flight",
               (bench.memory_kib() - before) / static_cast<double>(groups), "KiB",
               Beside{.raw = kActiveKiB + window, .at_most = 1});
}

// The times of alerts and, turn by turn with them, of what they rest on: one round trip of the
// append's and the alert's size over a bare socket, and one sync of the append's bytes.
struct Turns {
  std::vector<double> bare, first, median, last;
};

Turns TakeTurns(Bench& bench, const std::string& party, std::size_t expected, int rounds) {
  // Once before, so that the first of all is in no figure, and to know the alert's size.
  (void)bench.AppendAndAwait(party, expected);
  BareService bare(bench.request_bytes(), bench.alert_bytes());
  (void)bare.RoundTripSeconds();
  Turns turns;
  for (int i = 0; i < rounds; ++i) {
    turns.bare.push_back(bare.RoundTripSeconds() * 1e6 +
                         OneSync(bench.data(), bench.request_bytes()));
    const auto late = bench.AppendAndAwait(party, expected);
    turns.first.push_back(late.front());
    turns.median.push_back(Quantile(late, 0.5));
    turns.last.push_back(late.back());
  }
  return turns;
}

void AddQuantiles(const std::string& name, const std::vector<double>& times,
                  const std::vector<double>& bare, Figures* figures) {
  for (const auto& [label, q] : {std::pair("p50", 0.5), {"p99", 0.99}}) {
    figures->Add(fmt::format("{}_{}", name, label), Quantile(times, q), "us",
                 Beside{.raw = Quantile(bare, q)});
  }
}

void FewMatch(const Plan& plan, zmq::context_t& context, Figures* figures) {
  Bench bench(plan, context);
  bench.Open(plan.readers - plan.matching, "DE", 100);
  bench.Open(plan.matching, "FR", 100);
  const Turns turns = TakeTurns(bench, "FR", plan.matching, plan.rounds);
  const std::string of = fmt::format("of_{}_matching", plan.matching);
  AddQuantiles("alert_first_" + of, turns.first, turns.bare, figures);
  AddQuantiles("alert_last_" + of, turns.last, turns.bare, figures);
}

void AllMatch(const Plan& plan, zmq::context_t& context, Figures* figures) {
  Bench bench(plan, context);
  bench.Open(plan.readers, "IN", 100);
  const Turns turns = TakeTurns(bench, "IN", plan.readers, std::min(plan.rounds, 40));
  AddQuantiles("alert_first_all_match", turns.first, turns.bare, figures);
  AddQuantiles("alert_median_all_match", turns.median, turns.bare, figures);
  AddQuantiles("alert_last_all_match", turns.last, turns.bare, figures);
}

void SlowOnes(const Plan& plan, zmq::context_t& context, Figures* figures) {
  constexpr std::uint32_t kSlowCredit = 10;
  const std::chrono::seconds duration(plan.seconds);
  const std::size_t slow = plan.readers - 1;
  // The same load on two services of one age, since a store has more to do as it grows: with the
  // fast one alone, and beside the slow ones.
  std::vector<double> late_alone;
  std::uint64_t alone = 0;
  {
    Bench bench(plan, context);
    bench.Open(1, "KR", 1'000);
    alone = bench.AppendFor("KR", duration);
    bench.AwaitDelivered(bench.reader(0), alone);
    late_alone = bench.lateness();
  }
  Bench bench(plan, context);
  bench.Open(1, "KR", 1'000);

  // From before they are there until each has what its credit allows.
  const double before = bench.memory_kib();
  const SlowReaders readers(bench.endpoint(), slow, "KR", kSlowCredit);
  for (std::uint32_t i = 0; i < kSlowCredit; ++i) (void)bench.AppendAndAwait("KR", 1);
  readers.AwaitDelivered(kSlowCredit);
  const double stalled = bench.memory_kib();
  const std::uint64_t beside = bench.AppendFor("KR", duration);
  const double peak = bench.peak_kib();
  bench.AwaitDelivered(bench.reader(0), kSlowCredit + beside);
  figures->Add("load_beside_slow", static_cast<double>(beside) / plan.seconds, "appends/s",
               Beside{.raw = static_cast<double>(alone) / plan.seconds, .at_least = 0.9});
  for (const auto& [label, q] : {std::pair("p50", 0.5), {"p99", 0.99}}) {
    figures->Add(fmt::format("fast_lateness_beside_slow_{}", label), Quantile(bench.lateness(), q),
                 "us", Beside{.raw = Quantile(late_alone, q), .at_most = 1.5});
  }
  const double window = kSlowCredit * static_cast<double>(bench.alert_bytes()) / 1024;
  figures->Add("memory_slow",
               (stalled - before) / static_cast<double>(std::max<std::size_t>(1, slow)), "KiB",
               Beside{.raw = kActiveKiB + window, .at_most = 1});
  figures->Add("memory_service", peak / 1024, "MiB");
}

// A thousand connections are more files than a shell allows by default; the service inherits it.
void AllowManyFiles() {
  rlimit files{};
  if (::getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  files.rlim_cur = files.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &files);
}

bool Run(const Plan& plan) {
  if (plan.matching == 0 || plan.matching > plan.readers) GiveUp("--matching: 1 to --readers");
  if (plan.open == 0 || plan.seconds <= 0 || plan.rate <= 0) {
    GiveUp("--open, --seconds and --rate: at least 1");
  }
  AllowManyFiles();
  const BareRouter router;
  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets, 8'192);
  Figures figures;
  IdleMemory(plan, context, router, &figures);
  GroupMemory(plan, context, &figures);
  FewMatch(plan, context, &figures);
  AllMatch(plan, context, &figures);
  SlowOnes(plan, context, &figures);
  return plan.json.empty() || figures.WriteJson(plan.json);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
  entente::bench::Plan plan;
  CLI::App app("Alerts of a running service, beside a bare round trip and one sync.");
  app.add_option("--entente", plan.program, "the command")->required();
  app.add_option("--readers", plan.readers, "subscriptions")->capture_default_str();
  app.add_option("--matching", plan.matching, "of these, that match")->capture_default_str();
  app.add_option("--rounds", plan.rounds, "appends to time")->capture_default_str();
  app.add_option("--seconds", plan.seconds, "of load beside slow readers")->capture_default_str();
  app.add_option("--rate", plan.rate, "appends a second under load")->capture_default_str();
  app.add_option("--open", plan.open, "appends unanswered under load, at most")
      ->capture_default_str();
  app.add_option("--directory", plan.directory, "where to make a directory, removed afterwards")
      ->capture_default_str();
  app.add_option("--json", plan.json, "write the figures to this file too");
  CLI11_PARSE(app, argc, argv);
  return entente::bench::Run(plan) ? 0 : 1;
}
