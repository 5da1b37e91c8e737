#include "services/query/long_answers.h"

#include <gtest/gtest.h>

#include <functional>
#include <future>

#include "tests/log/scratch_directory.h"

namespace entente::query {
namespace {

// Answered by what the test does.
class TestQuestion final : public Question {
 public:
  using Way = std::function<void(const views::AnswerContext&)>;
  explicit TestQuestion(Way way) : way_(std::move(way)) {}
  Position at_least() const override { return Position(0); }
  bool takes_long() const override { return true; }
  Result<bus::Message> Answer(const views::AnswerContext& context,
                              std::uint64_t correlation) const override {
    way_(context);
    bus::Message message;
    message.header.correlation = correlation;
    return message;
  }

 private:
  Way way_;
};

class LongAnswersTest : public testing::Test {
 protected:
  LongAnswersTest() {
    auto views = views::ViewStore::Open(directory_.path(), "1");
    if (!views) ADD_FAILURE() << views.error().ToString();
    views_ = *std::move(views);
  }
  ~LongAnswersTest() override { Release(); }

  void Begin(std::size_t threads) { answers_.emplace(loop_, threads); }
  Status Ask(std::uint64_t number, TestQuestion::Way way) {
    return answers_->Find(std::make_shared<TestQuestion>(std::move(way)), number, views_,
                          [this, number](Result<bus::Message> answer) {
                            EXPECT_TRUE(!answer || answer->header.correlation == number);
                            told_.emplace_back(
                                number,
                                answer ? "" : std::string(Describe(answer.error().reason).name));
                            loop_.Stop();
                          });
  }
  // One that is not answered before Release.
  void AskForLong(std::uint64_t number) {
    ASSERT_TRUE(Ask(number, [gate = gate_](const auto&) { gate.wait(); }));
  }
  void Release() {
    if (!std::exchange(released_, true)) open_.set_value();
  }

  log::ScratchDirectory directory_;
  std::shared_ptr<views::ViewStore> views_;
  std::promise<void> open_;
  std::shared_future<void> gate_ = open_.get_future().share();
  bool released_ = false;
  bus::Loop loop_;
  std::vector<std::pair<std::uint64_t, std::string>> told_;  // number, reason of an error
  std::optional<LongAnswers> answers_;
};

using Told = std::vector<std::pair<std::uint64_t, std::string>>;

TEST_F(LongAnswersTest, OneHoldsUpNoOther) {
  Begin(2);
  AskForLong(1);
  ASSERT_TRUE(Ask(2, [](const auto&) {}));
  loop_.Run();
  EXPECT_EQ(told_, (Told{{2, ""}}));
  Release();
  loop_.Run();
  EXPECT_EQ(told_, (Told{{2, ""}, {1, ""}}));
}

TEST_F(LongAnswersTest, IsFoundInTheViewsAsTheyWereWhenItWasAsked) {
  Begin(1);
  AskForLong(1);
  std::optional<Position> seen;
  ASSERT_TRUE(Ask(2, [&seen](const views::AnswerContext& context) {
    seen = context.snapshot.checkpoint().position;
  }));
  v1::ViewDelta delta;
  delta.set_generation("1");
  delta.set_to_position(7);
  delta.set_chain_hash(std::string(32, 'x'));
  ASSERT_TRUE(views_->Apply(delta));
  Release();
  while (told_.size() < 2) loop_.Run();
  EXPECT_EQ(seen, Position(0));
}

TEST_F(LongAnswersTest, WhatIsNotAnsweredWhenTheServiceStopsIsToldSoOnce) {
  Begin(1);
  AskForLong(1);
  ASSERT_TRUE(Ask(2, [](const auto&) { FAIL() << "nobody waits for it"; }));
  answers_->Stop();
  EXPECT_EQ(told_, (Told{{1, "STOPPING"}, {2, "STOPPING"}}));
  Release();
  answers_.reset();
  EXPECT_EQ(told_.size(), 2U);
}

TEST_F(LongAnswersTest, BeyondWhatMayWaitAreRefused) {
  Begin(1);
  for (std::uint64_t i = 0; i < LongAnswers::kWaitingMax; ++i) AskForLong(i);
  const Status refused = Ask(9'999, [](const auto&) {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().reason, Reason::kOverloaded);
  EXPECT_TRUE(told_.empty());
  Release();
  loop_.Run();
  EXPECT_TRUE(Ask(9'999, [](const auto&) {})) << "there is room again";
}

}  // namespace
}  // namespace entente::query
