#include "services/query/long_answers.h"

#include <fmt/format.h>

#include <utility>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"

namespace entente::query {

LongAnswers::LongAnswers(bus::Loop& loop, std::size_t threads,
                         std::shared_ptr<views::FoldCache> folds)
    : folds_(std::move(folds)), loop_(loop) {
  loop_.Add(found_something_, [this] { OnFound(); });
  threads_.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i) threads_.emplace_back([this] { Work(); });
}

LongAnswers::~LongAnswers() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  loop_.Remove(found_something_);
}

Status LongAnswers::Find(std::shared_ptr<const Question> question, std::uint64_t correlation,
                         std::shared_ptr<views::ViewStore> views, Done done) {
  if (asked_.size() >= kWaitingMax) {
    return Fail(Reason::kOverloaded, "", "",
                fmt::format("{} questions that take long wait already", asked_.size()));
  }
  auto task = std::make_unique<Task>();
  task->number = ++last_number_;
  task->question = std::move(question);
  task->correlation = correlation;
  task->snapshot = views->TakeSnapshot();
  task->views = std::move(views);
  asked_.emplace(task->number, std::move(done));
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(task));
  }
  changed_.notify_one();
  return {};
}

void LongAnswers::Stop() {
  {
    const std::lock_guard lock(mutex_);
    waiting_.clear();
  }
  for (const auto& [number, done] : std::exchange(asked_, {})) {
    done(Fail(Reason::kStopping, "", "", ""));
  }
}

void LongAnswers::Work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (ending_) return;
    auto task = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    task->answer = task->question->Answer({.snapshot = *task->snapshot,
                                           .parties = domain::PartyRegistry::BuiltIn(),
                                           .vocabulary = domain::Vocabulary::BuiltIn(),
                                           .folds = folds_,
                                           .reports = views::ReportForm::kBytes},
                                          task->correlation);
    task->snapshot.reset();
    lock.lock();
    found_.push_back(std::move(task));
    found_something_.Notify();
  }
}

void LongAnswers::OnFound() {
  std::deque<std::unique_ptr<Task>> found;
  {
    const std::lock_guard lock(mutex_);
    found.swap(found_);
  }
  for (const auto& task : found) {
    const auto asked = asked_.find(task->number);
    if (asked == asked_.end()) continue;
    const Done done = std::move(asked->second);
    asked_.erase(asked);
    done(std::move(task->answer));
  }
}

}  // namespace entente::query
