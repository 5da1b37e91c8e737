// Answers of a running `entente serve` over a log of lives, each beside a bare ZeroMQ round trip of
// a request and reply of the same size, turn by turn.
//
//     query_bench --entente build/release/bin/entente --events 1000000 --json figures.json
//
// What is asked for is what a page of the service shows first: the questions of one country, and
// single meetings of each status, one after the other. What was then is asked as of another day, or
// position, every time, and, under `_again`, as of the same one. Today is the 1st of June 2021, in
// the middle of the lives.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
#include <zmq.hpp>

#include "bench/figures.h"
#include "bench/give_up.h"
#include "bench/lives_log.h"
#include "bench/projecting.h"
#include "bench/race.h"
#include "bench/round_trip.h"
#include "bench/served.h"
#include "bus/frame.h"
#include "entente/v1/query.pb.h"
#include "values/day.h"
#include "views/generations/generations.h"
#include "views/generations/growing.h"

namespace entente::bench {
namespace {

namespace fs = std::filesystem;
using bus::MessageType;

struct Plan {
  std::string program;
  fs::path directory = fs::temp_directory_path();
  std::uint64_t events = 100'000;
  int rounds = 300;
  double seconds_max = 20;  // a question, however few rounds that gives
  std::string only;         // questions whose name begins so
  std::string json;
  fs::path data;  // log and views are kept here; empty: made anew and removed
};

// A question as the bytes of its frames, so that no client's work is in the time.
struct Question {
  std::string name;
  MessageType::Value type = MessageType::unspecified;
  std::vector<std::string> bodies;     // asked in turn; each but the first for the first time
  std::optional<double> at_most = {};  // times the bare round trip, at the median
};

class Asker {
 public:
  explicit Asker(const std::string& endpoint) : socket_(context_, ZMQ_DEALER) {
    socket_.connect(endpoint);
  }

  // Leaves the reply in `reply`.
  void Ask(MessageType::Value type, const std::string& body) {
    bus::Header header;
    header.type = type;
    header.correlation = ++asked_;
    header.time_left_ms = 3'600'000;
    header.body_frames = 1;
    socket_.send(zmq::buffer(bus::EncodeHeader(header)), zmq::send_flags::sndmore);
    socket_.send(zmq::buffer(body), zmq::send_flags::none);
    zmq::message_t frame;
    (void)socket_.recv(frame);
    const auto answered = bus::DecodeHeader(frame.to_string_view());
    (void)socket_.recv(frame);
    reply = frame.to_string();
    if (!answered || answered->type == MessageType::error) GiveUp("an answer is an error");
  }
  template <class Reply, class Request>
  Reply Parsed(MessageType::Value type, const Request& request) {
    Ask(type, request.SerializeAsString());
    Reply parsed;
    if (!parsed.ParseFromString(reply)) GiveUp("an answer cannot be read");
    return parsed;
  }

  std::string reply;

 private:
  zmq::context_t context_;
  zmq::socket_t socket_;
  std::uint64_t asked_ = 0;
};

v1::QueryContext Context() {
  v1::QueryContext context;
  context.set_today("2021-06-01");
  return context;
}

v1::TimelineRequest TimelineOfJapan() {
  v1::TimelineRequest request;
  *request.mutable_context() = Context();
  request.mutable_filter()->add_countries("JP");
  return request;
}

Question TimelineQuestion(std::string name, const v1::TimelineRequest& request, double at_most) {
  return {std::move(name), MessageType::timeline_request, {request.SerializeAsString()}, at_most};
}

// Of days before today, and of positions before the middle.
void AddAsOf(const Plan& plan, std::vector<Question>* questions) {
  constexpr int kDays = 300;
  Question reported{"timeline_as_of_reported", MessageType::timeline_request, {}, 10};
  Question recorded{"timeline_as_of_recorded", MessageType::timeline_request, {}, 10};
  for (int i = 0; i < kDays; ++i) {
    v1::TimelineRequest request = TimelineOfJapan();
    request.mutable_context()->mutable_as_of()->set_reported(
        Day::FromIso("2021-06-01")->PlusDays(-i).Iso());
    reported.bodies.push_back(request.SerializeAsString());
    request.mutable_context()->mutable_as_of()->clear_reported();
    request.mutable_context()->mutable_as_of()->set_position(plan.events / 2 -
                                                             static_cast<std::uint64_t>(i));
    recorded.bodies.push_back(request.SerializeAsString());
  }
  for (Question* const question : {&reported, &recorded}) {
    Question again = *question;
    again.name += "_again";
    again.bodies.resize(1);
    questions->push_back(std::move(*question));
    questions->push_back(std::move(again));
  }
}

// The meetings of this status on a page of them, in turn.
Question MeetingQuestion(Asker& asker, v1::Meeting::Status status) {
  v1::TimelineRequest page = TimelineOfJapan();
  page.mutable_filter()->add_statuses(status);
  const auto found = asker.Parsed<v1::TimelineReply>(MessageType::timeline_request, page);
  if (found.entries().empty()) GiveUp("no meeting has this status");
  const std::string word = v1::Meeting::Status_Name(status);
  Question question{
      "meeting_" + word.substr(word.find('_') + 1), MessageType::meeting_request, {}, 1.5};
  for (const v1::TimelineEntry& entry : found.entries()) {
    v1::MeetingRequest request;
    *request.mutable_context() = Context();
    request.set_id(entry.meeting().id());
    question.bodies.push_back(request.SerializeAsString());
  }
  return question;
}

std::vector<Question> Questions(Asker& asker, const Plan& plan) {
  std::vector<Question> questions;
  questions.push_back(TimelineQuestion("timeline_page", TimelineOfJapan(), 3));
  v1::TimelineRequest window = TimelineOfJapan();
  window.mutable_filter()->set_from("2021-06-01");
  questions.push_back(TimelineQuestion("timeline_from_today", window, 3));
  for (const auto status : {v1::Meeting::status_scheduled, v1::Meeting::status_lapsed,
                            v1::Meeting::status_postponed, v1::Meeting::status_held}) {
    questions.push_back(MeetingQuestion(asker, status));
  }
  v1::StatsRequest stats;
  *stats.mutable_context() = Context();
  *stats.mutable_filter() = TimelineOfJapan().filter();
  stats.set_by(v1::StatsRequest::year);
  questions.push_back({"stats_by_year", MessageType::stats_request, {stats.SerializeAsString()}});
  v1::PendingRequest pending;
  *pending.mutable_context() = Context();
  questions.push_back(
      {"pending_page", MessageType::pending_request, {pending.SerializeAsString()}});
  AddAsOf(plan, &questions);
  return questions;
}

double Quantile(std::vector<double>& values, double q) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(q * static_cast<double>(values.size() - 1));
  std::ranges::nth_element(values, at);
  return *at;
}

void Measure(const Question& question, const Plan& plan, Asker& asker, Figures& figures) {
  // Once before, so that the first of a kind is in no figure.
  asker.Ask(question.type, question.bodies.front());
  BareService bare(1, 1);
  (void)bare.RoundTripSeconds();
  std::vector<double> ours;
  std::vector<double> raw;
  std::vector<double> bytes;
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < plan.rounds && SecondsSince(begin) < plan.seconds_max; ++i) {
    const std::string& body =
        question.bodies[static_cast<std::size_t>(i + 1) % question.bodies.size()];
    const auto asked = std::chrono::steady_clock::now();
    asker.Ask(question.type, body);
    ours.push_back(SecondsSince(asked) * 1e6);
    bytes.push_back(static_cast<double>(asker.reply.size()));
    bare.Resize(body.size() + bus::kHeaderBytes, asker.reply.size() + bus::kHeaderBytes);
    raw.push_back(bare.RoundTripSeconds() * 1e6);
  }
  figures.Add(question.name + "_p50", Quantile(ours, 0.5), "us",
              Beside{.raw = Quantile(raw, 0.5), .at_most = question.at_most});
  figures.Add(question.name + "_p99", Quantile(ours, 0.99), "us",
              Beside{.raw = Quantile(raw, 0.99)});
  figures.Add(question.name + "_bytes", Quantile(bytes, 0.5), "bytes");
}

// In steps, since no question waits longer than a minute.
void AwaitProjected(Asker& asker, const Plan& plan) {
  constexpr std::uint64_t kStep = 50'000;
  for (std::uint64_t reached = 0; reached < plan.events;) {
    reached = std::min(plan.events, reached + kStep);
    v1::VocabularyRequest words;
    words.mutable_context()->set_at_least_position(reached);
    words.set_what(v1::VocabularyRequest::kinds);
    (void)asker.Parsed<v1::VocabularyReply>(MessageType::vocabulary_request, words);
  }
}

// The log, and its views where there are none yet: with a service's steps and memory that takes
// several times as long.
void Make(const Plan& plan, const fs::path& data, Figures* figures) {
  const auto begin = std::chrono::steady_clock::now();
  const auto log = LogOfLives(data / "log", plan.events);
  figures->Add("log_made", SecondsSince(begin), "s");
  if (fs::exists(data / "views")) return;
  auto generations = Or(views::Generations::Open(data / "views"));
  const auto projected =
      ProjectAll(*log, views::Growing::kBatchBytes, *Or(generations.OpenCurrent()));
  figures->Add("projected", projected.rate, "events/s");
}

bool Run(const Plan& plan) {
  const bool kept = !plan.data.empty();
  const fs::path data =
      kept ? plan.data : plan.directory / fmt::format("entente-bench-{}", getpid());
  Figures figures;
  Make(plan, data, &figures);
  {
    const Served served(plan.program, data);
    Asker asker(served.query());
    AwaitProjected(asker, plan);
    for (const Question& question : Questions(asker, plan)) {
      if (question.name.starts_with(plan.only)) Measure(question, plan, asker, figures);
    }
    figures.Add("memory", served.MemoryKiB() / 1024, "MiB");
  }
  if (!kept) fs::remove_all(data);
  return plan.json.empty() || figures.WriteJson(plan.json);
}

}  // namespace
}  // namespace entente::bench

int main(int argc, char** argv) {
  CLI::App app{"Answers of a running service, beside a bare round trip of the same size."};
  entente::bench::Plan plan;
  app.add_option("--entente", plan.program, "the command")->required();
  app.add_option("--events", plan.events, "events in the log, in thousands rounded up")
      ->capture_default_str();
  app.add_option("--rounds", plan.rounds, "times that each is asked")->capture_default_str();
  app.add_option("--only", plan.only, "ask only questions whose name begins so");
  app.add_option("--directory", plan.directory, "where to make a directory, removed afterwards")
      ->capture_default_str();
  app.add_option("--data", plan.data, "a directory to keep log and views in for the next time");
  app.add_option("--json", plan.json, "write the figures to this file too");
  CLI11_PARSE(app, argc, argv);
  return entente::bench::Run(plan) ? 0 : 1;
}
