// The append rules against a plain model: random histories of batches with retries (of the same
// carriage or another), twins, conflicts, expectations, rehearsals, restarts and crashes, decided
// by the log and by a few lines with maps.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "log/log.h"
#include "tests/log/faulty_file_system.h"
#include "tests/log/log_client.h"
#include "tests/log/scratch_directory.h"

namespace entente::log {
namespace {

// The rules as docs say them, without any of the log's code.
class Model {
 public:
  struct Answer {
    std::vector<std::string> faults;  // "REASON field"; not empty: nothing was stored
    std::vector<std::pair<std::uint64_t, bool>> events;  // position, duplicate
  };

  Answer Append(const v1::AppendRequest& batch) {
    Answer answer;
    std::map<std::string, std::string> ids_here;
    std::set<std::string> sent;
    std::set<std::string> remaining;
    for (int i = 0; i < batch.events_size(); ++i) {
      const v1::NewEvent& event = batch.events(i);
      sent.insert(event.stream());
      const auto [here, first_here] = ids_here.try_emplace(event.id(), Content(event));
      const auto known = by_id_.find(event.id());
      if (!first_here) {
        if (here->second != Content(event)) {
          answer.faults.push_back(fmt::format("BATCH_DUPLICATE_ID events[{}].id", i));
        }
      } else if (known == by_id_.end()) {
        remaining.insert(event.stream());
      } else if (known->second.content != Content(event)) {
        answer.faults.push_back(fmt::format("ID_CONFLICT events[{}].id", i));
      }
    }
    for (int i = 0; i < batch.expected_size() && !remaining.empty(); ++i) {
      const v1::Expectation& expected = batch.expected(i);
      if (sent.contains(expected.stream()) && !remaining.contains(expected.stream())) continue;
      const std::uint64_t last = revisions_[expected.stream()];
      const bool holds =
          expected.any() || (expected.no_stream() ? last == 0 : last == expected.exact());
      if (!holds) answer.faults.push_back(fmt::format("REVISION_CONFLICT expected[{}]", i));
    }
    if (!answer.faults.empty()) return answer;
    if (batch.dry_run()) return Rehearse(batch);
    for (const v1::NewEvent& event : batch.events()) {
      const auto [known, is_new] =
          by_id_.try_emplace(event.id(), Known{by_id_.size() + 1, Content(event)});
      if (is_new) {
        ++revisions_[event.stream()];
        log_.push_back(
            {event.stream(), revisions_[event.stream()], event.id(), event.correlation_id()});
      }
      answer.events.emplace_back(known->second.position, !is_new);
    }
    return answer;
  }

  struct Stored {
    std::string stream;
    std::uint64_t revision;
    std::string id;
    std::string correlation;  // of the first that came with the id
    friend bool operator==(const Stored&, const Stored&) = default;
  };
  const std::vector<Stored>& log() const { return log_; }

 private:
  struct Known {
    std::uint64_t position;
    std::string content;
  };
  // What is new gets no position, and is a duplicate of itself the second time.
  Answer Rehearse(const v1::AppendRequest& batch) const {
    Answer answer;
    std::set<std::string> here;
    for (const v1::NewEvent& event : batch.events()) {
      const auto known = by_id_.find(event.id());
      const bool twin = !here.insert(event.id()).second;
      answer.events.emplace_back(known == by_id_.end() ? 0 : known->second.position,
                                 twin || known != by_id_.end());
    }
    return answer;
  }
  static std::string Content(const v1::NewEvent& event) {
    return event.stream() + "|" + event.reported();
  }
  std::map<std::string, Known> by_id_;
  std::map<std::string, std::uint64_t> revisions_;
  std::vector<Stored> log_;
};

// Few ids, streams and contents, so that they meet often.
rc::Gen<v1::AppendRequest> AnyBatch() {
  return rc::gen::exec([] {
    v1::AppendRequest batch;
    const int events = *rc::gen::inRange(1, 6);
    for (int i = 0; i < events; ++i) {
      const int id = *rc::gen::inRange(0, 60);
      // Mostly the same content for one id: a retry; sometimes other.
      const int other = *rc::gen::inRange(0, 12) == 0 ? 1 : 0;
      *batch.add_events() = Held(fmt::format("meeting/m-{}", id % 5), fmt::format("id-{}", id),
                                 other != 0 ? "2021-06-01" : "2021-05-05");
      // Carriage, which is no part of what makes two events the same.
      const int correlation = *rc::gen::inRange(0, 3);
      if (correlation != 0) {
        batch.mutable_events(i)->set_correlation_id(fmt::format("c-{}", correlation));
      }
    }
    batch.set_dry_run(*rc::gen::inRange(0, 8) == 0);
    for (int stream = 0; stream < 6; ++stream) {
      if (*rc::gen::inRange(0, 8) != 0) continue;
      const int exact = *rc::gen::inRange(-1, 6);
      v1::Expectation& expected = *batch.add_expected();
      expected.set_stream(fmt::format("meeting/m-{}", stream));
      if (exact == -1) {
        expected.set_any(true);
      } else if (exact == 0) {
        expected.set_no_stream(true);
      } else {
        expected.set_exact(static_cast<std::uint64_t>(exact));
      }
    }
    return batch;
  });
}

Model::Answer Seen(const Answer& outcome) {
  Model::Answer answer;
  for (const Error& error : outcome.errors) {
    answer.faults.push_back(fmt::format("{} {}", Describe(error.reason).name, error.field));
  }
  for (const v1::AppendedEvent& event : outcome.reply.events()) {
    answer.events.emplace_back(event.position(), event.duplicate());
  }
  return answer;
}

std::vector<Model::Stored> StoredIn(const Log& log) {
  std::vector<Model::Stored> stored;
  for (const auto& event : AllEvents(log)) {
    stored.push_back({event.event().stream(), event.revision(), event.event().id(),
                      event.event().correlation_id()});
  }
  return stored;
}

std::vector<v1::AppendRequest> SomeBatches() {
  return *rc::gen::resize(20, rc::gen::container<std::vector<v1::AppendRequest>>(AnyBatch()));
}

RC_GTEST_PROP(AppendRules, AgreeWithAPlainModel, ()) {
  ScratchDirectory directory;
  FaultyFileSystem disk;  // spares the syncs
  LogOptions options;
  options.env = disk.env();
  options.segment_events = 8;
  options.commit_bytes_max = 400;
  Model model;
  std::vector<v1::AppendRequest> unanswered;  // when the last life ended
  const int lives = *rc::gen::inRange(1, 4);
  for (int life = 0; life < lives; ++life) {
    auto log = OpenOrFail(directory.path(), options);
    // After a crash some of what was not answered is there, in the order sent.
    const auto found = StoredIn(*log);
    while (!unanswered.empty() && found != model.log()) {
      model.Append(unanswered.front());
      unanswered.erase(unanswered.begin());
    }
    RC_ASSERT(found == model.log());
    unanswered.clear();

    auto client = std::make_unique<LogClient>(*log);
    const auto batches = SomeBatches();
    // All at once, so that decisions meet events that are not written or not durable yet.
    std::vector<std::uint64_t> tokens;
    tokens.reserve(batches.size());
    for (const auto& batch : batches) tokens.push_back(client->Send(batch));
    for (std::size_t i = 0; i < batches.size(); ++i) {
      const Model::Answer expected = model.Append(batches[i]);
      const Model::Answer seen = Seen(client->Wait(tokens[i]));
      RC_ASSERT(seen.faults == expected.faults);
      RC_ASSERT(seen.events == expected.events);
    }
    RC_ASSERT(StoredIn(*log) == model.log());
    if (*rc::gen::arbitrary<bool>()) continue;
    unanswered = SomeBatches();
    for (const auto& batch : unanswered) client->Send(batch);
    disk.Set(FaultyFileSystem::Fault::kEverything);
    client.reset();
    log.reset();
    disk.ForgetUnsynced();
  }
}

}  // namespace
}  // namespace entente::log
