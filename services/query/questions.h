// Answers queries from the replica; those that ask for more than it holds wait for it.
#pragma once

#include <cstdint>
#include <list>
#include <memory>

#include "bus/loop.h"
#include "bus/router.h"
#include "services/query/long_answers.h"
#include "services/query/question.h"
#include "services/query/replica.h"

namespace entente::query {

// Nothing is polled: a question that waits is looked at when the replica moved and at its
// deadline. Each is answered from a snapshot of its own; those that take long, beside the loop. On
// a loop.
class Questions {
 public:
  static constexpr std::size_t kWaitingMax = 10'000;

  // All must outlive it.
  Questions(bus::Loop& loop, const Replica& replica, bus::Router& router);
  ~Questions();

  void OnQuestion(const bus::Caller& caller, const bus::Message& message);
  void OnMoved();
  // STOPPING to all that wait.
  void Stop();

 private:
  struct Waiting {
    bus::Caller caller;
    std::uint64_t correlation = 0;
    std::shared_ptr<const Question> question;
    bus::Loop::TimerId deadline = 0;
  };

  bool CanAnswer(const Question& question) const;
  void Answer(const Waiting& asked);
  void Tell(const bus::Caller& caller, std::uint64_t correlation, Result<bus::Message> answer);
  void Refuse(const Waiting& asked, const Error& error);
  Error NotYet(const Question& question) const;

  bus::Loop& loop_;
  const Replica& replica_;
  bus::Router& router_;
  std::list<Waiting> waiting_;
  const std::shared_ptr<views::FoldCache> folds_;
  LongAnswers long_answers_;
};

}  // namespace entente::query
