// One generation of the views takes over from another while everything goes on.
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/services/projector/generations_client.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/rules.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"
#include "views/generations/generations.h"
#include "views/generations/rebuild.h"
#include "views/view_store.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using bus::MessageType;

v1::TimelineRequest TimelineAt(std::uint64_t at_least) {
  v1::TimelineRequest request;
  request.mutable_context()->set_today("2021-06-01");
  request.mutable_context()->set_at_least_position(at_least);
  request.set_page_size(1'000);
  return request;
}

int MeetingsAt(Spine& spine, std::uint64_t position) {
  client::Client client(spine.endpoints(), kPatience);
  const auto reply = client.Ask(TimelineAt(position));
  EXPECT_TRUE(reply) << reply.error().front().ToString();
  return reply ? reply->entries_size() : -1;
}

Reason RefusalOf(Spine& spine, const Change& change) {
  const auto reply = Ask(spine, change);
  EXPECT_FALSE(reply) << Show(*reply);
  return reply ? Reason::kInternal : reply.error().front().reason;
}

Change Rollback(const std::string& name) {
  Change change;
  change.set_rollback(name);
  return change;
}

Change Drop(const std::string& name) {
  Change change;
  change.set_drop(name);
  return change;
}

Change Cancel() {
  Change change;
  change.set_cancel(true);
  return change;
}

Change Swap() {
  Change change;
  change.set_swap(true);
  return change;
}

TEST(Succession, ARebuildTakesOverWhileAppendsAndQuestionsGoOn) {
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 299)));
  std::atomic<bool> done = false;
  std::uint64_t last = 0;
  std::thread appending([&] {
    for (int n = 300; !done; ++n) last = spine.AppendNumbered(n, n);
  });
  Rebuild(spine);
  std::uint64_t position = 0;
  std::string generation;
  client::Client client(spine.endpoints(), kPatience);
  const bool taken_over = Await([&] {
    const auto reply = client.Ask(TimelineAt(0));
    EXPECT_TRUE(reply) << reply.error().front().ToString();
    if (!reply) return false;
    EXPECT_GE(reply->answered().position(), position);
    position = reply->answered().position();
    generation = reply->answered().generation();
    return generation == "g2";
  });
  done = true;
  appending.join();
  ASSERT_TRUE(taken_over) << generation;
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  EXPECT_EQ(Show(Generations(spine)), "g1 kept, g2 current");
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine), DigestOfProjector(spine));
  EXPECT_EQ(DigestOfReplica(spine), DigestFoldedAnew(spine));
}

TEST(Succession, WhatIsHeldWaitsToBeSwappedIn) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 9)));
  EXPECT_EQ(RefusalOf(spine, Swap()), Reason::kNotFound);
  Rebuild(spine, /*hold=*/true);
  std::uint64_t last = 10;
  const auto held = [&](const v1::StatusReply& status) {
    return status.building().held() && status.building().position() == last;
  };
  ASSERT_TRUE(held(spine.AwaitStatus(kProjector, held)));
  last = spine.AppendNumbered(10, 12);
  const auto status = spine.AwaitStatus(kProjector, held);
  ASSERT_TRUE(held(status)) << "it follows: " << status.DebugString();
  EXPECT_EQ(status.building().generation(), "g2");
  EXPECT_EQ(status.building().purpose(), v1::GenerationBuild::rebuild);
  EXPECT_EQ(status.generation(), "g1");
  EXPECT_EQ(Show(Generations(spine)), "g1 current, g2 building");

  Change another;
  another.mutable_rebuild();
  EXPECT_EQ(RefusalOf(spine, another), Reason::kStoreBusy);
  EXPECT_EQ(RefusalOf(spine, Drop("g2")), Reason::kStoreBusy);
  spine.StopProjector();
  spine.StartProjector();
  ASSERT_TRUE(held(spine.AwaitStatus(kProjector, held))) << "also by the next process";
  ASSERT_TRUE(Ask(spine, Swap()));
  EXPECT_TRUE(AwaitGeneration(spine, kProjector, "g2"));
}

TEST(Succession, BackAndForthAndDropped) {
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 9)));
  EXPECT_EQ(RefusalOf(spine, Rollback("")), Reason::kNotFound);
  EXPECT_EQ(RefusalOf(spine, Change()), Reason::kFieldRequired);
  Rebuild(spine);
  ASSERT_TRUE(AwaitGeneration(spine, kQuery, "g2"));
  const std::uint64_t last = spine.AppendNumbered(10, 19);
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  const log::Digest rebuilt = DigestOfProjector(spine);

  ASSERT_TRUE(Ask(spine, Rollback("")));
  ASSERT_TRUE(AwaitGeneration(spine, kQuery, "g1"));
  EXPECT_EQ(Show(Generations(spine)), "g1 current, g2 kept");
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last)) << "folded forward";
  EXPECT_EQ(DigestOfProjector(spine), rebuilt);
  EXPECT_EQ(MeetingsAt(spine, last), 20);

  EXPECT_EQ(RefusalOf(spine, Rollback("g1")), Reason::kFieldInvalid);
  EXPECT_EQ(RefusalOf(spine, Rollback("g9")), Reason::kNotFound);
  EXPECT_EQ(RefusalOf(spine, Drop("g1")), Reason::kFieldInvalid);
  EXPECT_EQ(RefusalOf(spine, Drop("g9")), Reason::kNotFound);
  ASSERT_TRUE(Await([&] { return Ask(spine, Drop("g2")).has_value(); }));
  EXPECT_EQ(Show(Generations(spine)), "g1 current");
  EXPECT_FALSE(std::filesystem::exists(spine.data() / "views/g2"));
}

// Nothing was projected, and the log is long already.
TEST(Succession, ALongLogIsBuiltAtOnceAndTheEmptyViewsAreGone) {
  Spine spine;
  spine.StartIngest();
  std::uint64_t last = spine.AppendNumbered(0, 59);
  spine.StartQuery();
  spine.StartProjector({.far_behind = 50});
  ASSERT_TRUE(AwaitGeneration(spine, kProjector, "g2"));
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, last));
  EXPECT_EQ(MeetingsAt(spine, last), 60);
  EXPECT_TRUE(Await([&] { return Show(Generations(spine)) == "g2 current"; }));
  last = spine.AppendNumbered(60, 69);
  EXPECT_EQ(MeetingsAt(spine, last), 70) << "projected as ever";
  EXPECT_EQ(DigestOfProjector(spine), DigestFoldedAnew(spine));
}

TEST(Succession, ALongLogIsBuiltByTheNextProcessToo) {
  Spine spine;
  spine.StartIngest();
  const std::uint64_t last = spine.AppendNumbered(0, 59);
  // Ends before it takes over: where there is no other thread to wait for, at once.
  spine.StartProjector({.far_behind = 50});
  spine.StopProjector();
  spine.StartProjector({.far_behind = 50});
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  EXPECT_TRUE(Await([&] { return Show(Generations(spine)) == "g2 current"; }));
  EXPECT_EQ(DigestOfProjector(spine), DigestFoldedAnew(spine));
}

// It ended after the new views took over and before it could remove the empty ones.
TEST(Succession, EmptyViewsThatAProcessLeftAreGone) {
  Spine spine;
  spine.StartIngest();
  const std::uint64_t last = spine.AppendNumbered(0, 9);
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  spine.StopProjector();
  ASSERT_TRUE(views::ViewStore::Open(spine.data() / "views/g2", "g2"));
  spine.StartProjector();
  EXPECT_TRUE(Await([&] { return Show(Generations(spine)) == "g1 current"; }));
}

TEST(Succession, WhoStopsAtPoisonFollowsALongLogUpToThere) {
  Spine spine;
  spine.StartIngest();
  const std::uint64_t last = spine.AppendNumbered(0, 59);
  spine.StartProjector({.poison = projector::PoisonPolicy::kPause, .far_behind = 50});
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  EXPECT_EQ(Show(Generations(spine)), "g1 current");
}

TEST(Succession, WhatIsCancelledIsGone) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 9)));
  EXPECT_EQ(RefusalOf(spine, Cancel()), Reason::kNotFound);
  Rebuild(spine, /*hold=*/true);
  ASSERT_TRUE(Ask(spine, Cancel()));
  EXPECT_EQ(Show(Generations(spine)), "g1 current");
  EXPECT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(10, 12)));
  Rebuild(spine);
  EXPECT_TRUE(AwaitGeneration(spine, kProjector, "g2"));
}

TEST(Succession, ViewsOfAnotherVersionAreServedUntilThisProgramsOwnAreBuilt) {
  const projector::Config next{.rules = NextVersion()};
  Spine spine;
  spine.StartAll();
  ASSERT_TRUE(spine.AwaitCheckpoint(kQuery, spine.AppendNumbered(0, 9)));
  spine.StopProjector();
  spine.StopIngest();  // so that nothing can be built for now
  spine.StartProjector(next);
  const auto waiting = spine.AwaitStatus(kProjector, [](const auto&) { return true; });
  EXPECT_EQ(waiting.generation(), "g1");
  EXPECT_EQ(waiting.projection_version(), views::kProjectionVersion);
  EXPECT_EQ(waiting.building().projection_version(), views::kProjectionVersion + 1);
  EXPECT_EQ(waiting.health(), v1::StatusReply::amber) << waiting.DebugString();
  EXPECT_EQ(MeetingsAt(spine, 10), 10);
  EXPECT_EQ(RefusalOf(spine, Cancel()), Reason::kFieldInvalid);
  spine.StopQuery();
  std::filesystem::remove_all(spine.data() / "replica");
  spine.StartQuery();
  EXPECT_EQ(MeetingsAt(spine, 10), 10) << "a replica made of them";
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine), DigestOfProjector(spine));
  spine.StartQuery();

  spine.StartIngest();
  std::uint64_t last = spine.AppendNumbered(10, 19);
  EXPECT_EQ(MeetingsAt(spine, last), 20);
  const auto now = spine.AwaitStatus(kQuery, [](const auto&) { return true; });
  EXPECT_EQ(now.generation(), "g2");
  EXPECT_EQ(now.projection_version(), views::kProjectionVersion + 1);
  spine.StopQuery();
  EXPECT_EQ(DigestOfReplica(spine), DigestOfProjector(spine));

  // The program before comes back to what it has kept, and brings it to the head.
  spine.StopProjector();
  spine.StartProjector();
  ASSERT_TRUE(AwaitGeneration(spine, kProjector, "g1"));
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  EXPECT_EQ(Show(Generations(spine)), "g1 current, g2 kept");
  Change back = Rollback("g2");
  EXPECT_EQ(RefusalOf(spine, back), Reason::kStoreFormat);
  EXPECT_EQ(DigestOfProjector(spine), DigestFoldedAnew(spine));
}

// The next message that says something of the history.
std::optional<v1::SubscriptionMessage> NextOf(Wire& wire) {
  while (true) {
    const auto reply = wire.Receive();
    if (!reply) return std::nullopt;
    v1::SubscriptionMessage message;
    EXPECT_TRUE(bus::ParseBody(*reply, &message));
    if (message.has_delivered() || message.has_revised()) return message;
  }
}

std::string Show(const std::optional<v1::SubscriptionMessage>& message) {
  return message ? message->DebugString() : "nothing came";
}

TEST(Succession, ASubscriberHearsOfItOnceAndNothingAgain) {
  Spine spine;
  spine.StartAll();
  const std::uint64_t s = spine.AppendNumbered(0, 19);
  Wire all(spine, spine.endpoints().query);
  Wire french(spine, spine.endpoints().query);
  v1::SubscribeRequest request;
  request.set_credit(10'000);
  all.Send(MessageType::subscribe_request, request);
  request.mutable_filter()->add_countries("FR");
  french.Send(MessageType::subscribe_request, request);
  Wire shared(spine, spine.endpoints().query);
  v1::CreateGroupRequest create;
  create.mutable_group()->set_name("desk");
  ASSERT_TRUE(shared.Ask<v1::CreateGroupReply>(MessageType::create_group_request, create));
  v1::SubscribeRequest consume;
  consume.set_group("desk");
  consume.set_resume(true);
  consume.set_credit(100);
  shared.Send(MessageType::subscribe_request, consume);
  for (Wire* wire : {&all, &shared}) {
    for (int n = 0; n < 20; ++n) ASSERT_TRUE(NextOf(*wire)->has_delivered());
  }
  for (int n = 0; n < 10; ++n) ASSERT_TRUE(NextOf(french)->has_delivered());

  spine.StopProjector();
  spine.StartProjector({.rules = NextVersion()});
  for (auto [wire, count] : {std::pair(&all, 20U), {&french, 10U}, {&shared, 20U}}) {
    const auto told = NextOf(*wire);
    ASSERT_TRUE(told && told->has_revised()) << Show(told);
    EXPECT_EQ(told->revised().generation(), "g2");
    EXPECT_EQ(told->revised().version(), views::kProjectionVersion + 1);
    EXPECT_EQ(told->revised().up_to(), s);
    EXPECT_EQ(told->revised().count(), count);
  }
  // 21 is of France, too.
  spine.AppendNumbered(21, 21);
  for (Wire* wire : {&all, &french, &shared}) {
    const auto live = NextOf(*wire);
    ASSERT_TRUE(live && live->has_delivered()) << Show(live);
    EXPECT_EQ(live->delivered().change().change().position(), s + 1);
  }
}

v1::NewEvent Poison() { return Held("poison", {"FR", "JP"}, "2021-03-01"); }

tl::expected<v1::ParkedEventsReply, Errors> AskParked(Spine& spine,
                                                      const v1::ParkedEventsRequest& request) {
  return Wire(spine, spine.endpoints().projector)
      .Ask<v1::ParkedEventsReply>(MessageType::parked_events_request, request);
}

v1::ParkedEventsReply Parked(Spine& spine, std::uint64_t after = 0, std::uint32_t page = 0,
                             const std::string& generation = "") {
  v1::ParkedEventsRequest request;
  request.set_after_position(after);
  request.set_page_size(page);
  request.set_generation(generation);
  const auto reply = AskParked(spine, request);
  EXPECT_TRUE(reply) << reply.error().front().ToString();
  return reply.value_or(v1::ParkedEventsReply());
}

TEST(Poison, ThePolicySaysWhetherTheViewsStayBeforeIt) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector({.poison = projector::PoisonPolicy::kPause, .rules = WithPoison()});
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, spine.AppendNumbered(0, 2)));
  spine.Append({Poison()});
  const std::uint64_t last = spine.AppendNumbered(3, 4);
  const auto before_it = [&](const v1::StatusReply& status) {
    return status.paused_at() == 4 && status.durable_position() == last;
  };
  const auto paused = spine.AwaitStatus(kProjector, before_it);
  ASSERT_TRUE(before_it(paused)) << paused.DebugString();
  EXPECT_EQ(paused.checkpoint(), 3U);
  EXPECT_EQ(paused.parked(), 0U);
  EXPECT_EQ(paused.health(), v1::StatusReply::red);
  EXPECT_NE(paused.notes(0).find("POISON_EVENT"), std::string::npos) << paused.notes(0);

  spine.StopProjector();
  spine.StartProjector({.rules = WithPoison()});
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  const auto parking = spine.AwaitStatus(kProjector, [](const auto&) { return true; });
  EXPECT_EQ(parking.parked(), 1U);
  EXPECT_EQ(parking.paused_at(), 0U);
  EXPECT_EQ(parking.health(), v1::StatusReply::amber);
}

// Before it takes over, a person sees what the new one could not fold.
TEST(Poison, WhatTheOneBeingBuiltParkedIsListed) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector();
  spine.AppendNumbered(0, 2);
  const std::uint64_t last = spine.Append({Poison()});
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  spine.StopProjector();
  spine.StartProjector({.rules = WithPoison()});
  Rebuild(spine, /*hold=*/true);
  ASSERT_TRUE(AwaitHeld(spine));
  EXPECT_EQ(Parked(spine).parked_size(), 0);
  const auto building = Parked(spine, 0, 0, "g2");
  EXPECT_EQ(building.generation(), "g2");
  ASSERT_EQ(building.parked_size(), 1);
  EXPECT_EQ(building.parked(0).position(), last);
}

TEST(Poison, WithoutServicesItIsListedOrEndsTheRebuildAsAsked) {
  Spine spine;
  spine.StartIngest();
  spine.AppendNumbered(0, 2);
  const std::uint64_t poison = spine.Append({Poison()});
  spine.AppendNumbered(3, 4);
  spine.StopIngest();
  const auto log = log::Log::Open(spine.data() / "log", {});
  ASSERT_TRUE(log) << log.error().ToString();
  const auto views = spine.data() / "views";
  const auto rebuild = [&](bool stop) {
    return views::RebuildViews(**log, views, nullptr,
                               {.stop_at_poison = stop, .rules = WithPoison()});
  };
  const auto parking = rebuild(false);
  ASSERT_TRUE(parking) << parking.error().ToString();
  ASSERT_EQ(parking->parked.size(), 1U);
  EXPECT_EQ(parking->parked[0].position, Position(poison));
  EXPECT_EQ(parking->parked[0].error.message, "this is poison");
  const auto stopped = rebuild(true);
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().reason, Reason::kPoisonEvent);
  EXPECT_EQ(stopped.error().value, std::to_string(poison));
  const auto generations = views::Generations::OpenToRead(views);
  ASSERT_TRUE(generations);
  EXPECT_EQ(generations->current(), "g1");
  EXPECT_EQ(generations->All(), std::vector<std::string>{"g1"});
}

TEST(Poison, ParkedEventsAreListedAndFoldedByARebuildWithMendedRules) {
  Spine spine;
  spine.StartIngest();
  spine.StartProjector({.rules = WithPoison()});
  spine.AppendNumbered(0, 2);
  spine.Append({Poison()});
  const std::uint64_t last = spine.Append({Held("poison-too", {"FR", "JP"}, "2021-03-02")});
  ASSERT_TRUE(spine.AwaitCheckpoint(kProjector, last));
  const auto all = Parked(spine);
  ASSERT_EQ(all.parked_size(), 2) << all.DebugString();
  EXPECT_EQ(all.parked(0).position(), 4U);
  EXPECT_EQ(all.parked(0).error().reason(), v1::Reason::UNSUPPORTED);
  EXPECT_EQ(all.parked(0).error().message(), "this is poison");
  EXPECT_FALSE(all.more());
  const auto first = Parked(spine, 0, 1);
  EXPECT_EQ(first.parked_size(), 1);
  EXPECT_TRUE(first.more());
  EXPECT_EQ(Parked(spine, 4).parked(0).position(), 5U);

  // One that is to stop at poison does, and harms nobody.
  Change strict;
  strict.mutable_rebuild()->set_stop_at_poison(true);
  ASSERT_TRUE(Ask(spine, strict));
  const auto stopped = [](const v1::StatusReply& status) {
    return status.building().trouble().find("POISON_EVENT") != std::string::npos;
  };
  const auto status = spine.AwaitStatus(kProjector, stopped);
  EXPECT_TRUE(stopped(status)) << status.DebugString();
  EXPECT_EQ(status.building().position(), 3U);
  EXPECT_EQ(status.generation(), "g1");
  ASSERT_TRUE(Ask(spine, Cancel()));

  spine.StopProjector();
  spine.StartProjector();
  EXPECT_EQ(Parked(spine).parked_size(), 2) << "what is stored is not changed by a new program";
  Rebuild(spine);
  ASSERT_TRUE(AwaitGeneration(spine, kProjector, "g2"));
  EXPECT_EQ(Parked(spine).parked_size(), 0);
  EXPECT_EQ(Parked(spine, 0, 0, "g1").parked_size(), 2) << "of one that is kept";
  v1::ParkedEventsRequest of_none;
  of_none.set_generation("g7");
  const auto unknown = AskParked(spine, of_none);
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().front().reason, Reason::kNotFound);
  EXPECT_EQ(unknown.error().front().field, "generation");
  EXPECT_EQ(DigestOfProjector(spine), DigestFoldedAnew(spine));
}

TEST(Succession, GarbageIsAnsweredByName) {
  Spine spine;
  spine.StartProjector();
  Wire wire(spine, spine.endpoints().projector);
  for (const MessageType::Value type :
       {MessageType::change_generations_request, MessageType::parked_events_request}) {
    wire.SendBytes(type, "\xff\xff\xff\xff garbage");
    const auto reply = wire.Receive();
    ASSERT_FALSE(reply);
    EXPECT_EQ(reply.error().front().reason, Reason::kMessageMalformed);
  }
}

}  // namespace
}  // namespace entente::spine
