// What was erased from the log is gone from the views, from the deltas and from every replica.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <system_error>

#include "log/erase.h"
#include "log/log.h"
#include "tests/services/projector/generations_client.h"
#include "tests/services/spine/events.h"
#include "tests/services/spine/spine.h"
#include "views/projection.h"
#include "views/view_store.h"

namespace entente::spine {
namespace {

using enum client::Client::Service;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kSecret = "Villa-Hammerschmidt";  // where the talks were held
constexpr const char* kMeeting = "the-talks";

v1::NewEvent Secret() {
  v1::NewEvent event = Held(kMeeting, {"JP", "DE"}, "2021-04-13");
  event.mutable_meeting_held()->set_place(kSecret);
  return event;
}

// Files under a directory that hold the text, by their path in it; some may go meanwhile.
std::vector<std::string> FilesWithSecret(const std::filesystem::path& directory) {
  namespace fs = std::filesystem;
  std::vector<std::string> found;
  std::error_code gone;
  for (fs::recursive_directory_iterator at(directory, gone), end; at != end; at.increment(gone)) {
    if (!at->is_regular_file(gone)) continue;
    std::ostringstream content;
    content << std::ifstream(at->path(), std::ios::binary).rdbuf();
    if (content.str().find(kSecret) == std::string::npos) continue;
    found.push_back(fs::relative(at->path(), directory, gone).string());
  }
  return found;
}

class Erasure : public testing::Test {
 protected:
  // Appended before anything else, at position 1; `last_` is the end of the log.
  void AppendAll() {
    spine_.Append({Secret()});
    last_ = spine_.AppendNumbered(0, 40);
  }
  // Of a log that nobody has open.
  void Erase() {
    spine_.StopIngest();
    const auto order = log::EraseEvent(spine_.data() / "log", Position(1), "a court", "its order");
    ASSERT_TRUE(order) << order.error().ToString();
    last_ = order->ordered_at.value();
    spine_.StartIngest();
  }
  // At the head of the log.
  bool ThereIsTheMeeting() {
    client::Client client(spine_.endpoints(), kPatience);
    v1::MeetingRequest request;
    request.mutable_context()->set_today("2021-06-01");
    request.mutable_context()->set_at_least_position(last_);
    request.set_id(kMeeting);
    return client.Ask(request).has_value();
  }
  void ExpectGone() {
    EXPECT_FALSE(ThereIsTheMeeting());
    // Who read the old rows lets go of them in a moment.
    EXPECT_TRUE(Await([&] { return FilesWithSecret(spine_.data()).empty(); }))
        << testing::PrintToString(FilesWithSecret(spine_.data()));
    EXPECT_EQ(DigestOfProjector(spine_), DigestFoldedAnew(spine_));
  }
  // What a projector writes; nothing is running.
  void FoldToHead(const std::string& generation) {
    const auto log = log::Log::Open(spine_.data() / "log", {});
    const auto store = views::ViewStore::Open(spine_.data() / "views" / generation, generation);
    ASSERT_TRUE(log && store);
    const auto range = (*log)->Read((*store)->checkpoint().position.Next(), 1 << 20);
    std::vector<log::CommitView> commits;
    for (const std::string& bytes : range->commits) {
      commits.push_back(*log::CommitView::Parse(bytes));
    }
    const auto projected =
        views::Project(*(*store)->TakeSnapshot(), commits, domain::PartyRegistry::BuiltIn(),
                       domain::Vocabulary::BuiltIn());
    ASSERT_TRUE(projected);
    ASSERT_TRUE((*store)->Apply(projected->delta));
  }
  std::vector<std::string> Notes(client::Client::Service service) {
    const auto status = spine_.AwaitStatus(service, [](const auto&) { return true; });
    return {status.notes().begin(), status.notes().end()};
  }
  bool AwaitGenerations(const std::string& shown) {
    return Await([&] { return Show(Generations(spine_)) == shown; });
  }

  Spine spine_;
  std::uint64_t last_ = 0;
};

TEST_F(Erasure, ViewsThatTellOfItAreLeftAndRemoved) {
  spine_.StartAll();
  AppendAll();
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  ASSERT_TRUE(ThereIsTheMeeting());
  Erase();
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g2"));
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  EXPECT_TRUE(AwaitGenerations("g2 current"));
  EXPECT_THAT(Notes(kProjector), IsEmpty());
  ExpectGone();
}

TEST_F(Erasure, ViewsThatWereKeptGoToo) {
  spine_.StartAll();
  AppendAll();
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  Rebuild(spine_);
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g2"));
  Erase();
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g3"));
  EXPECT_TRUE(AwaitGenerations("g3 current"));
  ExpectGone();
}

// A replica that was away does not learn it from the chain of the log, which is the same.
TEST_F(Erasure, AReplicaThatWasAwayMovesOver) {
  spine_.StartAll();
  AppendAll();
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  spine_.StopQuery();
  Erase();
  ASSERT_TRUE(AwaitGeneration(spine_, kProjector, "g2"));
  ASSERT_TRUE(AwaitGenerations("g2 current"));
  EXPECT_THAT(FilesWithSecret(spine_.data() / "replica"), Not(IsEmpty()));
  spine_.StartQuery();
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g2"));
  ExpectGone();
}

// Back to g1, which then is the one that is current, while g2 is dropped: the next must not be
// called g2 again, or a replica that was away since would take it for what it holds.
TEST_F(Erasure, ANameIsNotGivenTwice) {
  spine_.StartAll();
  AppendAll();
  Rebuild(spine_);
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g2"));
  spine_.StopQuery();
  Change back;
  back.set_rollback("g1");
  ASSERT_TRUE(Ask(spine_, back));
  ASSERT_TRUE(AwaitGeneration(spine_, kProjector, "g1"));
  Change drop;
  drop.set_drop("g2");
  ASSERT_TRUE(Await([&] { return Ask(spine_, drop).has_value(); }));
  Erase();
  ASSERT_TRUE(AwaitGenerations("g3 current"));
  spine_.StartQuery();
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g3"));
  ExpectGone();
}

TEST_F(Erasure, ViewsThatNeverToldOfItStay) {
  spine_.StartIngest();
  AppendAll();
  Erase();
  spine_.StartProjector();
  spine_.StartQuery();
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  EXPECT_EQ(Show(Generations(spine_)), "g1 current");
  ExpectGone();
}

// The one before died behind the rows of the order, and had not noted that others are to be built.
TEST_F(Erasure, TheNextProjectorSeesItInTheRows) {
  spine_.StartAll();
  AppendAll();
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  spine_.StopProjector();
  spine_.StopIngest();
  const auto order = log::EraseEvent(spine_.data() / "log", Position(1), "a court", "its order");
  ASSERT_TRUE(order);
  last_ = order->ordered_at.value();
  FoldToHead("g1");
  spine_.StartIngest();
  spine_.StartProjector();
  ASSERT_TRUE(AwaitGenerations("g2 current"));
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g2"));
  ExpectGone();
}

TEST_F(Erasure, OneThatIsHeldTakesOverWithoutBeingAsked) {
  spine_.StartAll();
  AppendAll();
  ASSERT_TRUE(spine_.AwaitCheckpoint(kQuery, last_));
  Rebuild(spine_, /*hold=*/true);
  ASSERT_TRUE(
      spine_.AwaitStatus(kProjector, [](const auto& status) { return status.building().held(); })
          .building()
          .held());
  Erase();
  // The one that was held told of it, too, and was given up.
  ASSERT_TRUE(AwaitGenerations("g2 current"));
  ASSERT_TRUE(AwaitGeneration(spine_, kQuery, "g2"));
  ExpectGone();
}

}  // namespace
}  // namespace entente::spine
