// Subscriptions against the running services: what a reader is promised, on the wire.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "services/query/subscription/cursor.h"
#include "tests/services/query/promises.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;

// One subscription on the bare wire. EXPECTs that its messages are numbered without gaps and that
// covered_to never goes back.
class Reader {
 public:
  Reader(Spine& spine, const v1::SubscribeRequest& request, int queue = 0)
      : wire_(spine, spine.endpoints().query, queue),
        id_(wire_.Send(MessageType::subscribe_request, request)) {}

  // The next message that is no heartbeat, which are answered; nullopt: an error came.
  std::optional<v1::SubscriptionMessage> Next() {
    while (true) {
      const auto reply = wire_.Receive();
      if (!reply) {
        error_ = reply.error().front();
        return std::nullopt;
      }
      EXPECT_EQ(reply->header.correlation, id_);
      v1::SubscriptionMessage message;
      EXPECT_TRUE(bus::ParseBody(*reply, &message));
      EXPECT_EQ(message.number(), ++number_) << promise::kNumbered;
      const Cursor covered = query::FromWire(message.covered_to());
      EXPECT_GE(covered, covered_) << promise::kCovered;
      covered_ = covered;
      if (!message.has_heartbeat()) return message;
      Grant(0);
    }
  }

  // Subjects of the changes up to the next message of another kind, which is left in last().
  std::vector<std::string> Subjects() {
    std::vector<std::string> subjects;
    while (true) {
      last_ = Next();
      if (!last_ || !last_->has_delivered()) return subjects;
      subjects.push_back(last_->delivered().change().change().subject());
    }
  }
  const std::optional<v1::SubscriptionMessage>& last() const { return last_; }
  const std::optional<Error>& error() const { return error_; }
  const Cursor& covered() const { return covered_; }

  void Grant(std::uint32_t more) {
    v1::Credit credit;
    credit.set_subscription(id_);
    credit.set_more(more);
    wire_.Send(MessageType::credit, credit);
  }
  void Unsubscribe() {
    v1::Unsubscribe goodbye;
    goodbye.set_subscription(id_);
    wire_.Send(MessageType::unsubscribe, goodbye);
  }
  Wire& wire() { return wire_; }

 private:
  Wire wire_;
  std::uint64_t id_;
  std::uint64_t number_ = 0;
  Cursor covered_;
  std::optional<v1::SubscriptionMessage> last_;
  std::optional<Error> error_;
};

v1::SubscribeRequest FromTheFirst() {
  v1::SubscribeRequest request;
  request.set_credit(10'000);
  return request;
}

v1::SubscribeRequest OfCountry(const std::string& country) {
  v1::SubscribeRequest request = FromTheFirst();
  request.mutable_filter()->add_countries(country);
  return request;
}

std::string Subject(int n) { return Numbered(n).stream(); }

TEST(Subscriptions, HistoryThenLive) {
  Spine spine;
  spine.StartAll();
  std::uint64_t last = spine.AppendNumbered(0, 2);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Reader reader(spine, FromTheFirst());
  EXPECT_EQ(reader.Subjects(), (std::vector{Subject(0), Subject(1), Subject(2)}));
  ASSERT_TRUE(reader.last());
  EXPECT_TRUE(reader.last()->has_caught_up());
  EXPECT_EQ(reader.covered(), query::EndOf(Position(last)));

  spine.AppendNumbered(3, 3);
  const auto live = reader.Next();
  ASSERT_TRUE(live && live->has_delivered());
  const v1::DescribedChange& change = live->delivered().change();
  EXPECT_EQ(change.change().subject(), Subject(3));
  EXPECT_EQ(change.change().position(), 4U);
  EXPECT_FALSE(change.text().empty());
  EXPECT_EQ(change.source().publisher(), "a daily");
  EXPECT_EQ(live->delivered().delivery(), 1U);
}

// As many as half the feed matches; the service that was started anew has nothing in memory yet.
TEST(Subscriptions, SayWhatCatchingUpCost) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 99);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  spine.StopQuery();
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Reader reader(spine, OfCountry("FR"));
  const std::size_t matches = reader.Subjects().size();
  EXPECT_EQ(matches, 50U);
  ASSERT_TRUE(reader.last() && reader.last()->has_caught_up());
  EXPECT_GE(reader.last()->caught_up().rows_examined(), matches);
  EXPECT_LE(reader.last()->caught_up().rows_examined(), 2 * matches + 100);

  v1::SubscribeRequest now = FromTheFirst();
  now.set_now(true);
  Reader from_now(spine, now);
  from_now.Subjects();
  ASSERT_TRUE(from_now.last() && from_now.last()->has_caught_up());
  EXPECT_EQ(from_now.last()->caught_up().rows_examined(), 0U) << "of its own session only";
}

TEST(Subscriptions, FromNowFromACursorFromADay) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 4);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));

  v1::SubscribeRequest now = FromTheFirst();
  now.set_now(true);
  Reader from_now(spine, now);
  EXPECT_TRUE(from_now.Subjects().empty());
  EXPECT_EQ(from_now.covered(), query::EndOf(Position(last)));

  v1::SubscribeRequest after = FromTheFirst();
  after.mutable_after()->set_position(3);
  after.mutable_after()->set_ordinal(0);
  EXPECT_EQ(Reader(spine, after).Subjects(), (std::vector{Subject(3), Subject(4)}));

  v1::SubscribeRequest recorded = FromTheFirst();
  recorded.set_recorded("2001-01-01");
  EXPECT_EQ(Reader(spine, recorded).Subjects().size(), 5U);
}

TEST(Subscriptions, OfOneCountry) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 9);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Reader reader(spine, OfCountry("FR"));
  EXPECT_EQ(reader.Subjects(),
            (std::vector{Subject(1), Subject(3), Subject(5), Subject(7), Subject(9)}));
  spine.AppendNumbered(10, 11);
  EXPECT_EQ(reader.Next()->delivered().change().change().subject(), Subject(11));
}

TEST(Subscriptions, CoveredToGoesOnWhereNothingMatches) {
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 9)));
  Reader reader(spine, OfCountry("DE"));
  EXPECT_TRUE(reader.Subjects().empty());
  EXPECT_EQ(reader.covered(), query::EndOf(Position(10)));
  const std::uint64_t last = spine.AppendNumbered(10, 19);
  while (reader.covered() < query::EndOf(Position(last))) {
    const auto message = reader.Next();
    ASSERT_TRUE(message) << reader.error()->ToString();
    EXPECT_TRUE(message->has_checkpoint());
  }
}

// Readers that begin at different moments while events keep coming: each gets every change once.
TEST(Subscriptions, NothingIsLostOrDoubledWhileAppendsGoOn) {
  constexpr int kBatches = 60;
  Spine spine;
  spine.StartAll();
  std::vector<std::vector<std::string>> seen(3);
  std::vector<std::thread> readers;
  std::atomic<int> appended = 0;
  std::thread appending([&] {
    for (int batch = 0; batch < kBatches; ++batch) {
      spine.AppendNumbered(5 * batch, 5 * batch + 4);
      ++appended;
    }
  });
  readers.reserve(seen.size());
  for (std::size_t i = 0; i < seen.size(); ++i) {
    readers.emplace_back([&, i] {
      EXPECT_TRUE(Await([&] { return appended >= static_cast<int>(10 * i); }));
      client::Client client(spine.endpoints(), kPatience);
      v1::SubscribeRequest request;
      request.set_credit(7 + 20 * static_cast<std::uint32_t>(i));
      const auto ended = client.Subscribe(
          request,
          [&](const v1::SubscriptionMessage& message) {
            if (message.has_delivered()) {
              seen[i].push_back(message.delivered().change().change().subject());
            }
            return seen[i].size() < std::size_t{5} * kBatches;
          },
          [deadline = std::chrono::steady_clock::now() + kPatience] {
            return std::chrono::steady_clock::now() > deadline;
          });
      EXPECT_TRUE(ended);
    });
  }
  for (std::thread& reader : readers) reader.join();
  appending.join();
  std::vector<std::string> all;
  all.reserve(std::size_t{5} * kBatches);
  for (int n = 0; n < 5 * kBatches; ++n) all.push_back(Subject(n));
  for (const auto& one : seen) EXPECT_EQ(one, all);
}

TEST(Subscriptions, SlowReaderWithACreditOfOne) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t last = spine.AppendNumbered(0, 5);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  v1::SubscribeRequest request;
  request.set_credit(1);
  Reader reader(spine, request);
  for (int n = 0; n <= 5; ++n) {
    const auto message = reader.Next();
    ASSERT_TRUE(message && message->has_delivered()) << n;
    EXPECT_EQ(message->delivered().change().change().subject(), Subject(n));
    if (n == 5) break;
    // Asked for on the same connection after the change: were there more, it would have come.
    ASSERT_TRUE(
        reader.wire().Ask<v1::StatusReply>(MessageType::status_request, v1::StatusRequest()))
        << promise::kWithinCredit;
    reader.Grant(1);
  }
  const auto end = reader.Next();  // that nothing more matches is told without credit
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->has_caught_up());
}

TEST(Subscriptions, ReaderWithoutCreditIsToldThatItFellBehind) {
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  v1::SubscribeRequest request;
  request.set_credit(1);
  request.set_now(true);
  Reader reader(spine, request);
  ASSERT_TRUE(reader.Next()->has_caught_up());
  spine.AppendNumbered(1, 3);
  EXPECT_EQ(reader.Next()->delivered().change().change().subject(), Subject(1));
  // It may have caught up once more between two of the appends.
  auto told = reader.Next();
  while (told && told->has_caught_up()) told = reader.Next();
  ASSERT_TRUE(told);
  EXPECT_TRUE(told->has_fell_behind());
  reader.Grant(10);
  EXPECT_EQ(reader.Subjects(), (std::vector{Subject(2), Subject(3)}));
  EXPECT_TRUE(reader.last()->has_caught_up());
}

// One that has credit for everything and reads nothing of it: ZeroMQ's queues and the kernel's fill
// up, and the rest of the feed waits in the store.
TEST(Subscriptions, AReaderThatReadsNothingDelaysNobodyAndLosesNothing) {
  constexpr int kMany = 1'000;
  constexpr int kAtOnce = 100;
  constexpr int kLive = 3;
  Spine spine;
  spine.StartAll();
  for (int n = 0; n < kMany; n += kAtOnce) {
    ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(n, n + kAtOnce - 1)));
  }
  v1::SubscribeRequest request = FromTheFirst();
  request.set_with_meeting(true);
  request.set_lease_s(3'600);  // it gives no sign of life either
  Reader stuck(spine, request, /*queue=*/1);
  Reader prompt(spine, request);
  const std::vector<std::string> history = prompt.Subjects();
  EXPECT_EQ(history.size(), std::size_t{kMany});
  for (int n = kMany; n < kMany + kLive; ++n) {
    spine.AppendNumbered(n, n);
    auto live = prompt.Next();
    while (live && !live->has_delivered()) live = prompt.Next();
    ASSERT_TRUE(live) << prompt.error()->ToString();
    EXPECT_EQ(live->delivered().change().change().subject(), Subject(n));
  }

  std::vector<std::string> all;
  all.reserve(kMany + kLive);
  while (all.size() < kMany + kLive) {
    const auto message = stuck.Next();
    ASSERT_TRUE(message) << stuck.error()->ToString() << ", after " << all.size();
    if (message->has_delivered()) {
      all.push_back(message->delivered().change().change().subject());
    }
  }
  std::vector<std::string> expected;
  expected.reserve(all.size());
  for (int n = 0; n < kMany + kLive; ++n) expected.push_back(Subject(n));
  EXPECT_EQ(all, expected) << promise::kGapFree;
}

// Each reader's history is several pages; they are read in turn, and questions come between.
TEST(Subscriptions, ReadersCatchingUpDoNotHoldUpAQuestion) {
  constexpr int kReaders = 40;
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 149)));
  Wire wire(spine, spine.endpoints().query);
  for (int i = 0; i < kReaders; ++i) {
    v1::SubscribeRequest request;
    request.set_credit(10'000);
    request.set_lease_s(3'600);  // they give no sign of life
    wire.Send(MessageType::subscribe_request, request);
  }
  const std::uint64_t asked = wire.Send(MessageType::status_request, v1::StatusRequest());
  int caught_up = 0;
  bool answered = false;
  while (caught_up < kReaders) {
    const auto reply = wire.Receive();
    ASSERT_TRUE(reply) << reply.error().front().ToString();
    if (reply->header.correlation == asked) {
      answered = true;
      EXPECT_LT(caught_up, kReaders / 2);
      continue;
    }
    v1::SubscriptionMessage message;
    ASSERT_TRUE(bus::ParseBody(*reply, &message));
    if (message.has_caught_up()) ++caught_up;
  }
  EXPECT_TRUE(answered);
}

// A meeting that many speak of, asked for in a window that it never lies in: it is folded for each
// of its changes, in vain, and questions come between.
TEST(Subscriptions, ReadersOfAWindowThatMatchesNothingDoNotHoldUpAQuestion) {
  constexpr int kReports = 200;
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  std::vector<v1::NewEvent> events;
  events.reserve(kReports);
  for (int i = 0; i < kReports; ++i) {
    events.push_back(Scheduled("talks", {"IN", "JP"}, "2021-06-01"));
    events.back().set_id("told-" + std::to_string(i));
    events.back().mutable_source()->set_publisher("daily " + std::to_string(i));
  }
  const std::uint64_t last = spine.Append(std::move(events));
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  // Only now, so that nobody has folded any of it before.
  spine.StartQuery();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  Wire wire(spine, spine.endpoints().query);
  v1::SubscribeRequest request = FromTheFirst();
  request.mutable_filter()->set_from("2031-01-01");
  request.set_with_confirmations(true);
  wire.Send(MessageType::subscribe_request, request);
  int answered = 0;
  std::uint64_t asked = wire.Send(MessageType::status_request, v1::StatusRequest());
  for (bool caught_up = false; !caught_up;) {
    const auto reply = wire.Receive();
    ASSERT_TRUE(reply) << reply.error().front().ToString();
    if (reply->header.correlation == asked) {
      ++answered;
      asked = wire.Send(MessageType::status_request, v1::StatusRequest());
      continue;
    }
    v1::SubscriptionMessage message;
    ASSERT_TRUE(bus::ParseBody(*reply, &message));
    ASSERT_FALSE(message.has_delivered());
    caught_up = message.has_caught_up();
  }
  EXPECT_GT(answered, 5);
}

TEST(Subscriptions, VanishedReaderIsForgottenWhenItsLeaseEnds) {
  Spine spine;
  spine.StartAll();
  v1::SubscribeRequest request = FromTheFirst();
  request.set_lease_s(1);
  const auto open = [&](std::uint32_t expected) {
    return spine
               .AwaitStatus(
                   kQuery,
                   [expected](const auto& status) { return status.subscriptions() == expected; })
               .subscriptions() == expected;
  };
  Wire silent(spine, spine.endpoints().query);
  silent.Send(MessageType::subscribe_request, request);
  EXPECT_TRUE(open(1));
  EXPECT_TRUE(open(0));
  // It learns of it when it asks on, and on the connection it has.
  std::optional<v1::SubscriptionMessage> last;
  while (!last || !last->has_ended()) {
    const auto reply = silent.Receive();
    ASSERT_TRUE(reply);
    last.emplace();
    ASSERT_TRUE(bus::ParseBody(*reply, &*last));
  }
  EXPECT_NE(last->ended().why().find("no sign of life"), std::string::npos);
  v1::Credit credit;
  credit.set_subscription(1);
  silent.Send(MessageType::credit, credit);
  const auto unknown = silent.Receive();
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().front().reason, Reason::kSubscriptionUnknown);
}

TEST(Subscriptions, UnsubscribedIsGone) {
  Spine spine;
  spine.StartAll();
  Reader reader(spine, FromTheFirst());
  ASSERT_TRUE(reader.Next()->has_caught_up());
  reader.Unsubscribe();
  const auto status =
      reader.wire().Ask<v1::StatusReply>(MessageType::status_request, v1::StatusRequest());
  ASSERT_TRUE(status);
  EXPECT_EQ(status->subscriptions(), 0U);
}

TEST(Subscriptions, ClientResumesWhenTheServiceIsStartedAnew) {
  Spine spine;
  spine.StartAll();
  spine.AppendNumbered(0, 4);
  std::vector<std::string> subjects;
  bool restarted = false;
  client::Client client(spine.endpoints(), kPatience);
  const auto ended = client.Subscribe(
      FromTheFirst(),
      [&](const v1::SubscriptionMessage& message) {
        if (message.has_delivered()) {
          subjects.push_back(message.delivered().change().change().subject());
        }
        if (subjects.size() == 5 && !restarted) {
          restarted = true;
          spine.StopQuery();
          spine.AppendNumbered(5, 9);
          spine.StartQuery();
        }
        return subjects.size() < 10;
      },
      [deadline = std::chrono::steady_clock::now() + kPatience] {
        return std::chrono::steady_clock::now() > deadline;
      });
  ASSERT_TRUE(ended) << ended.error().front().ToString();
  std::vector<std::string> all;
  all.reserve(10);
  for (int n = 0; n < 10; ++n) all.push_back(Subject(n));
  EXPECT_EQ(subjects, all);
}

TEST(Subscriptions, BeforeThereAreViewsItWaitsForThem) {
  Spine spine;
  spine.StartQuery();
  Reader reader(spine, FromTheFirst());
  spine.StartIngest();
  spine.StartProjector();
  spine.AppendNumbered(0, 0);
  std::vector<std::string> subjects;
  while (subjects.empty()) {
    subjects = reader.Subjects();
    ASSERT_TRUE(reader.last()) << reader.error()->ToString();
  }
  EXPECT_EQ(subjects, std::vector{Subject(0)});
}

v1::NewEvent About(const std::string& meeting, const std::string& id) {
  v1::NewEvent event;
  event.set_stream("meeting/" + meeting);
  event.set_id(id);
  event.set_reported("2021-01-09");
  event.mutable_source()->set_publisher("a daily");
  event.mutable_source()->set_class_(v1::Source::media);
  return event;
}

// India was never to take part, and the other talks were never to be: who watches India was told
// otherwise, and is told so, though India is in neither any more.
TEST(Subscriptions, ACorrectionAndARetractionReachWhoGotTheWrongAlert) {
  Spine spine;
  spine.StartAll();
  const v1::NewEvent wrong = Scheduled("wrong", {"IN", "JP"}, "2021-04-24");
  const v1::NewEvent hoax = Scheduled("hoax", {"IN", "JP"}, "2021-05-01");
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.Append({wrong, hoax})));
  Reader reader(spine, OfCountry("IN"));
  EXPECT_EQ(reader.Subjects(), (std::vector<std::string>{"meeting/wrong", "meeting/hoax"}));

  v1::NewEvent correction = About("wrong", "correction");
  auto& corrected = *correction.mutable_report_corrected();
  corrected.set_target(wrong.id());
  corrected.set_basis(v1::Basis::source);
  *corrected.mutable_replacement()->mutable_meeting() = wrong.meeting();
  corrected.mutable_replacement()->mutable_meeting()->mutable_parties(0)->set_name("FR");
  *corrected.mutable_replacement()->mutable_meeting_scheduled() = wrong.meeting_scheduled();
  spine.Append({correction});
  const auto first = reader.Next();
  ASSERT_TRUE(first && first->has_delivered());
  const v1::DescribedChange& amended = first->delivered().change();
  EXPECT_EQ(amended.change().subject(), "meeting/wrong");
  EXPECT_NE(amended.text().find("orrect"), std::string::npos) << amended.text();

  v1::NewEvent retraction = About("hoax", "retraction");
  retraction.mutable_report_retracted()->set_target(hoax.id());
  retraction.mutable_report_retracted()->set_basis(v1::Basis::source);
  spine.Append({retraction});
  auto second = reader.Next();
  while (second && second->has_checkpoint()) second = reader.Next();
  ASSERT_TRUE(second && second->has_delivered());
  const v1::DescribedChange& withdrawn = second->delivered().change();
  EXPECT_EQ(withdrawn.change().subject(), "meeting/hoax");
  EXPECT_NE(withdrawn.text().find("ithdr"), std::string::npos) << withdrawn.text();
}

struct Refusal {
  const char* what;
  void (*spoil)(v1::SubscribeRequest&);
  Reason reason;
  const char* field;
};

const Refusal kRefusals[] = {
    {"a group that there is not", [](auto& request) { request.set_group("press"); },
     Reason::kGroupUnknown, "group"},
    {"resuming without a group", [](auto& request) { request.set_resume(true); },
     Reason::kFieldRequired, "group"},
    {"too much credit", [](auto& request) { request.set_credit(10'001); }, Reason::kFieldInvalid,
     "credit"},
    {"too long a lease", [](auto& request) { request.set_lease_s(3'601); }, Reason::kFieldInvalid,
     "lease_s"},
    {"an unknown country", [](auto& request) { request.mutable_filter()->add_countries("Jpan"); },
     Reason::kPartyUnknown, "filter.countries[0]"},
    {"a day that is none", [](auto& request) { request.set_recorded("2021-02-30"); },
     Reason::kTimeInvalid, "recorded"},
};

TEST(Subscriptions, RefusesWhatCannotBe) {
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 0)));
  for (const Refusal& one : kRefusals) {
    v1::SubscribeRequest request;
    one.spoil(request);
    Reader reader(spine, request);
    EXPECT_FALSE(reader.Next()) << one.what;
    ASSERT_TRUE(reader.error()) << one.what;
    EXPECT_EQ(reader.error()->reason, one.reason) << one.what;
    EXPECT_EQ(reader.error()->field, one.field) << one.what;
  }
}

}  // namespace
}  // namespace entente::spine
