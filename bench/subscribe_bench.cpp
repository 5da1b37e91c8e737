// Alerts of a running `entente serve`: how late they come, what slow readers cost, and what memory.
//
//     subscribe_bench --entente build/release/bin/entente --json figures.json
//
// The service is a process of its own, so that its memory is its own; all readers are connections
// of this process, on one loop.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bench/figures.h"
#include "bench/give_up.h"
#include "bench/served.h"
#include "bus/dealer.h"
#include "bus/loop.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/subscription.pb.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using bus::MessageType;

double MicrosSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::micro>(Clock::now() - begin).count();
}

double Quantile(std::vector<double> values, double q) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  return values[static_cast<std::size_t>(q * static_cast<double>(values.size() - 1))];
}

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
  bool grants = true;
};

enum class Connections { kOneEach, kOneForAll };

class Bench {
 public:
  Bench(const Served& served, zmq::context_t& context) : served_(served), context_(context) {
    appender_ = Connect(served.ingest());
    asker_ = Connect(served.query());
  }

  // So many readers of a country, from now on. Returns when all have caught up.
  void Open(std::size_t count, const std::string& country, std::uint32_t credit, bool grants,
            Connections connections = Connections::kOneEach) {
    v1::SubscribeRequest request;
    request.mutable_filter()->add_countries(country);
    request.set_now(true);
    request.set_credit(credit);
    std::size_t waits = count;
    std::shared_ptr<bus::Dealer> dealer;
    for (std::size_t i = 0; i < count; ++i) {
      if (!dealer || connections == Connections::kOneEach) dealer = Connect(served_.query());
      readers_.push_back(std::make_unique<Reader>());
      Reader* reader = readers_.back().get();
      reader->grants = grants;
      reader->dealer = dealer;
      reader->id = reader->dealer->Stream(
          MessageType::subscribe_request, request,
          [this, reader, &waits](tl::expected<bus::Message, Errors> message) {
            if (!message) GiveUp(message.error().front().ToString());
            v1::SubscriptionMessage came;
            if (!bus::ParseBody(*message, &came)) GiveUp("a message cannot be read");
            if (came.has_caught_up() && !std::exchange(reader->caught_up, true)) {
              if (--waits == 0) loop_.Stop();
            }
            Take(reader, came);
          });
    }
    loop_.Run();
  }
  void Close() {
    readers_.clear();
    (void)RoundTrip();
  }

  // Microseconds of a request that reads and writes nothing.
  double RoundTrip() {
    const auto begin = Clock::now();
    asker_->Request(MessageType::status_request, v1::StatusRequest(), std::chrono::seconds(10),
                    [this](const auto&) { loop_.Stop(); });
    loop_.Run();
    return MicrosSince(begin);
  }

  // Appends one event about a country and waits until `expected` readers were told. Microseconds
  // from the append's sending to each alert.
  std::vector<double> AppendAndAwait(const std::string& party, std::size_t expected) {
    std::vector<double> late;
    const auto begin = Clock::now();
    on_alert_ = [&] {
      late.push_back(MicrosSince(begin));
      if (late.size() == expected) loop_.Stop();
    };
    appender_->Request(MessageType::append_request, MeetingOf(party, ++appended_),
                       std::chrono::seconds(30), [](const auto& reply) {
                         if (!reply) GiveUp(reply.error().front().ToString());
                       });
    loop_.Run();
    on_alert_ = nullptr;
    return late;
  }

  // Events about a country, appended as fast as they are acknowledged, for so long. Returns how
  // many; alerts go on coming in between, and lateness() has how late those of the first reader
  // came, in microseconds from the sending of the append.
  std::uint64_t AppendFor(const std::string& party, std::chrono::seconds duration) {
    const std::uint64_t before = appended_;
    sent_.clear();
    lateness_.clear();
    const auto end = Clock::now() + duration;
    std::function<void()> next = [&] {
      if (Clock::now() >= end) return loop_.Stop();
      sent_.push_back(Clock::now());
      appender_->Request(MessageType::append_request, MeetingOf(party, ++appended_),
                         std::chrono::seconds(30), [&](const auto& reply) {
                           if (!reply) GiveUp(reply.error().front().ToString());
                           next();
                         });
    };
    next();
    loop_.Run();
    return appended_ - before;
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
  // Of the last alert, as it is on the wire.
  double alert_kib() const { return static_cast<double>(alert_bytes_) / 1024; }

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
    if (reader == readers_.front().get() && reader->delivered <= sent_.size()) {
      lateness_.push_back(MicrosSince(sent_[reader->delivered - 1]));
    }
    constexpr std::uint32_t kGrant = 50;
    if (reader->grants && reader->delivered % kGrant == 0) {
      credit.set_more(kGrant);
      reader->dealer->Tell(MessageType::credit, credit);
    }
    if (on_alert_) on_alert_();
  }

  const Served& served_;
  zmq::context_t& context_;
  bus::Loop loop_;
  std::unique_ptr<bus::Dealer> appender_, asker_;
  std::vector<std::unique_ptr<Reader>> readers_;
  std::function<void()> on_alert_;
  std::uint64_t appended_ = 0;
  std::vector<Clock::time_point> sent_;  // of the load
  std::vector<double> lateness_;
  std::size_t alert_bytes_ = 0;
};

// Microseconds of writing a few bytes to the service's disk and waiting until they are there.
double OneSync(const fs::path& directory) {
  const std::string file = (directory / "sync-probe").string();
  const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const std::string bytes(500, 'x');
  const auto begin = Clock::now();
  if (::write(fd, bytes.data(), bytes.size()) < 0 || ::fdatasync(fd) != 0) GiveUp("no sync");
  const double micros = MicrosSince(begin);
  ::close(fd);
  return micros;
}

struct Plan {
  std::string program, json;
  std::size_t readers = 1'000;
  std::size_t matching = 10;
  int rounds = 300;
  int seconds = 60;
};

// What one subscription may take.
constexpr double kIdleKiB = 16;
constexpr double kActiveKiB = 64;  // and its credit window

// Subscriptions that nothing matches, each on a connection of its own, then all on one: the
// difference is what a connection takes.
void IdleMemory(Bench& bench, const Served& served, const Plan& plan, Figures* figures) {
  for (const auto& [name, connections] :
       {std::pair("on a connection of its own", Connections::kOneEach),
        {"of many on one connection", Connections::kOneForAll}}) {
    const double before = served.MemoryKiB();
    bench.Open(plan.readers, "DE", 100, true, connections);
    figures->Add(fmt::format("memory of one idle subscription, {}", name),
                 (served.MemoryKiB() - before) / static_cast<double>(plan.readers), "KiB",
                 Beside{.raw = kIdleKiB, .at_most = 1});
    bench.Close();
  }
}

void Latency(Bench& bench, const Served& served, const Plan& plan, Figures* figures) {
  std::vector<double> bare;
  for (int i = 0; i < plan.rounds; ++i) bare.push_back(bench.RoundTrip() + OneSync(served.data()));
  bench.Open(plan.readers - plan.matching, "DE", 100, true);
  bench.Open(plan.matching, "FR", 100, true);
  std::vector<double> first, last;
  for (int i = 0; i < plan.rounds; ++i) {
    const auto late = bench.AppendAndAwait("FR", plan.matching);
    first.push_back(late.front());
    last.push_back(late.back());
  }
  const double floor = Quantile(bare, 0.5);
  figures->Add("bare round trip and one sync, p50", floor, "us");
  for (const auto& [name, values] : {std::pair("first", &first), {"last", &last}}) {
    for (const auto& [label, q] : {std::pair("p50", 0.5), {"p99", 0.99}}) {
      const double micros = Quantile(*values, q);
      figures->Add(fmt::format("append to the {} of {} alerts of {}, {}", name, plan.matching,
                               plan.readers, label),
                   micros, "us", Beside{.raw = floor});
    }
  }
  bench.Close();
}

void AllMatch(Bench& bench, const Plan& plan, Figures* figures) {
  bench.Open(plan.readers, "IN", 100, true);
  std::vector<double> first, median, last;
  for (int i = 0; i < std::min(plan.rounds, 40); ++i) {
    auto late = bench.AppendAndAwait("IN", plan.readers);
    first.push_back(late.front());
    median.push_back(Quantile(late, 0.5));
    last.push_back(late.back());
  }
  figures->Add(fmt::format("all {} match: to the first", plan.readers), Quantile(first, 0.5), "us");
  figures->Add("  to the median", Quantile(median, 0.5), "us");
  figures->Add("  to the last", Quantile(last, 0.5), "us");
  bench.Close();
}

void SlowOnes(Bench& bench, const Served& served, const Plan& plan, Figures* figures) {
  constexpr std::uint32_t kSlowCredit = 10;
  const std::chrono::seconds duration(plan.seconds);
  const std::size_t slow = plan.readers - 1;
  // The same load with the fast one alone, then beside the slow ones. What the service's memory
  // grows by with the fast one alone is no cost of the slow ones.
  bench.Open(1, "KR", 1'000, true);
  const double alone_before = served.MemoryKiB();
  const std::uint64_t alone = bench.AppendFor("KR", duration);
  bench.AwaitDelivered(bench.reader(0), alone);
  const double alone_grew = served.MemoryKiB() - alone_before;
  const std::vector<double> late_alone = bench.lateness();
  bench.Close();

  bench.Open(1, "AU", 1'000, true);
  bench.Open(slow, "AU", kSlowCredit, false);
  const double before = served.MemoryKiB();
  const std::uint64_t beside = bench.AppendFor("AU", duration);
  bench.AwaitDelivered(bench.reader(0), beside);
  const double grew = served.MemoryKiB() - before;
  figures->Add(fmt::format("the fast one alone, {} s", plan.seconds),
               static_cast<double>(alone) / plan.seconds, "alerts/s");
  figures->Add(fmt::format("the fast one beside {} slow ones", slow),
               static_cast<double>(beside) / plan.seconds, "alerts/s",
               Beside{.raw = static_cast<double>(alone) / plan.seconds, .at_least = 0.9});
  for (const auto& [label, q] : {std::pair("p50", 0.5), {"p99", 0.99}}) {
    const double raw = Quantile(late_alone, q);
    figures->Add(fmt::format("  its lateness beside them, {}; alone", label),
                 Quantile(bench.lateness(), q), "us", Beside{.raw = raw, .at_most = 1.5});
  }
  figures->Add("  memory of one slow subscription",
               std::max(0.0, grew - alone_grew) / static_cast<double>(slow), "KiB",
               Beside{.raw = kActiveKiB + kSlowCredit * bench.alert_kib(), .at_most = 1});
  figures->Add("  memory of the service at the end", served.MemoryKiB() / 1024, "MiB");
  bench.Close();
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
  using namespace entente::bench;
  Plan plan;
  CLI::App app("Alerts of a running service, beside a bare round trip and one sync.");
  app.add_option("--entente", plan.program, "The command")->required();
  app.add_option("--readers", plan.readers, "Subscriptions");
  app.add_option("--matching", plan.matching, "Of these, that match");
  app.add_option("--rounds", plan.rounds, "Appends to time");
  app.add_option("--seconds", plan.seconds, "Of load beside slow readers");
  app.add_option("--json", plan.json, "Write the figures here");
  CLI11_PARSE(app, argc, argv);
  const Served served(plan.program);
  zmq::context_t context;
  context.set(zmq::ctxopt::max_sockets, 8'192);
  Bench bench(served, context);
  Figures figures;
  IdleMemory(bench, served, plan, &figures);
  Latency(bench, served, plan, &figures);
  AllMatch(bench, plan, &figures);
  SlowOnes(bench, served, plan, &figures);
  if (!plan.json.empty() && !figures.WriteJson(plan.json)) return 1;
}
