#include "services/query/questions.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>
#include <utility>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "views/answers/fold_cache.h"

namespace entente::query {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWaitMax(60'000);
// Of those that look for long answers: more would take the disk from each other.
constexpr std::size_t kThreadsMin = 2, kThreadsMax = 8;
// Of meetings as they were, some ten thousand.
constexpr std::size_t kFoldsBytes = 128U << 20;

std::size_t Threads() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), kThreadsMin, kThreadsMax);
}

milliseconds WaitOf(const bus::Header& header) {
  if (header.time_left_ms == 0) return kWaitMax;
  return std::min(milliseconds(header.time_left_ms), kWaitMax);
}

}  // namespace

Questions::Questions(bus::Loop& loop, const Replica& replica, bus::Router& router)
    : loop_(loop),
      replica_(replica),
      router_(router),
      folds_(std::make_shared<views::FoldCache>(kFoldsBytes)),
      long_answers_(loop, Threads(), folds_) {}

Questions::~Questions() {
  for (const Waiting& waiting : waiting_) loop_.Cancel(waiting.deadline);
}

void Questions::OnQuestion(const bus::Caller& caller, const bus::Message& message) {
  Waiting asked{.caller = caller, .correlation = message.header.correlation, .question = nullptr};
  auto question = ReadQuestion(message);
  if (!question) return Refuse(asked, question.error());
  asked.question = *std::move(question);
  if (CanAnswer(*asked.question)) return Answer(asked);
  if (waiting_.size() >= kWaitingMax) {
    return Refuse(asked, Fail(Reason::kOverloaded, "", "",
                              fmt::format("{} questions wait already", waiting_.size()))
                             .value());
  }
  const auto waiting = waiting_.insert(waiting_.end(), std::move(asked));
  waiting->deadline = loop_.After(WaitOf(message.header), [this, waiting] {
    Refuse(*waiting, NotYet(*waiting->question));
    waiting_.erase(waiting);
  });
}

void Questions::OnMoved() {
  std::erase_if(waiting_, [this](const Waiting& waiting) {
    if (!CanAnswer(*waiting.question)) return false;
    loop_.Cancel(waiting.deadline);
    Answer(waiting);
    return true;
  });
}

void Questions::Stop() {
  for (const Waiting& waiting : waiting_) {
    loop_.Cancel(waiting.deadline);
    Refuse(waiting, Fail(Reason::kStopping, "", "", "").value());
  }
  waiting_.clear();
  long_answers_.Stop();
}

bool Questions::CanAnswer(const Question& question) const {
  return replica_.store() != nullptr &&
         question.at_least() <= replica_.store()->checkpoint().position;
}

void Questions::Answer(const Waiting& asked) {
  if (asked.question->takes_long()) {
    const Status taken = long_answers_.Find(
        asked.question, asked.correlation, replica_.shared(),
        [this, caller = asked.caller, correlation = asked.correlation](
            Result<bus::Message> answer) { Tell(caller, correlation, std::move(answer)); });
    if (!taken) Refuse(asked, taken.error());
    return;
  }
  const auto snapshot = replica_.store()->TakeSnapshot();
  const views::AnswerContext context{.snapshot = *snapshot,
                                     .parties = domain::PartyRegistry::BuiltIn(),
                                     .vocabulary = domain::Vocabulary::BuiltIn(),
                                     .folds = folds_,
                                     .reports = views::ReportForm::kBytes};
  Tell(asked.caller, asked.correlation, asked.question->Answer(context, asked.correlation));
}

void Questions::Tell(const bus::Caller& caller, std::uint64_t correlation,
                     Result<bus::Message> answer) {
  if (!answer) return router_.ReplyError(caller, correlation, {answer.error()});
  router_.Reply(caller, *std::move(answer));
}

void Questions::Refuse(const Waiting& asked, const Error& error) {
  router_.ReplyError(asked.caller, asked.correlation, {error});
}

Error Questions::NotYet(const Question& question) const {
  if (replica_.store() == nullptr) {
    return Fail(Reason::kUnreachable, "", "",
                "this service has no views yet and could not get them from the projector")
        .value();
  }
  return Fail(Reason::kPositionAhead, "context.at_least_position",
              std::to_string(question.at_least().value()),
              fmt::format("the views stand at position {}", replica_.head().value()))
      .value();
}

}  // namespace entente::query
