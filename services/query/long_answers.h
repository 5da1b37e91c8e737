// Finds answers that take long on threads of their own, so that they hold up nobody else's.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "bus/loop.h"
#include "services/query/question.h"
#include "values/error.h"
#include "views/answer.h"
#include "views/view_store.h"

namespace entente::query {

// Each is found in the views as they were when it was asked. A short answer is better given at
// once: the way to another thread and back takes longer than most of them. On a loop, whose thread
// alone asks, is told, and lets go of stores; its threads read.
class LongAnswers {
 public:
  static constexpr std::size_t kWaitingMax = 1'000;
  using Done = std::function<void(Result<bus::Message>)>;

  // `loop` must outlive it. `folds`: nullptr, or of all questions of the service.
  LongAnswers(bus::Loop& loop, std::size_t threads,
              std::shared_ptr<views::FoldCache> folds = nullptr);
  // Waits for what is being found; nobody is told of it.
  ~LongAnswers();

  // Tells `done` what Question::Answer says. OVERLOADED, and nothing is done, where kWaitingMax
  // are not answered yet.
  Status Find(std::shared_ptr<const Question> question, std::uint64_t correlation,
              std::shared_ptr<views::ViewStore> views, Done done);
  // Tells all STOPPING.
  void Stop();

 private:
  struct Task {
    std::uint64_t number = 0;
    std::shared_ptr<const Question> question;
    std::uint64_t correlation = 0;
    std::shared_ptr<views::ViewStore> views;
    std::unique_ptr<views::Snapshot> snapshot;
    Result<bus::Message> answer;
  };

  void Work();
  void OnFound();

  const std::shared_ptr<views::FoldCache> folds_;

  // The loop's.
  bus::Loop& loop_;
  std::uint64_t last_number_ = 0;
  std::map<std::uint64_t, Done> asked_;  // by number of task

  bus::Wakeup found_something_;
  std::mutex mutex_;  // over what follows
  std::condition_variable changed_;
  bool ending_ = false;
  std::deque<std::unique_ptr<Task>> waiting_;
  std::deque<std::unique_ptr<Task>> found_;

  std::vector<std::thread> threads_;
};

}  // namespace entente::query
