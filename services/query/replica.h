// The views that query answers from, kept up with the projector.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <zmq.hpp>

#include "bus/dealer.h"
#include "bus/loop.h"
#include "services/query/replica_directory.h"
#include "values/error.h"
#include "values/recorded_time.h"
#include "views/view_store.h"

namespace entente::query {

// Follows the projector by long-poll: it answers when there is something new.
//
//     no rows, too far behind, or another generation took over ──▶ read a checkpoint, chunk by
//     chunk ──▶ apply deltas as they come
//
// Meanwhile the rows there are go on answering; those of a checkpoint take their place, between two
// requests, once they are whole and as far as they. In a process that shares the projector's store
// it only hears that the store moved, or is another one. On a loop; the one writer of its store.
class Replica {
 public:
  // The projector's own, of the moment; by any thread.
  using SharedStore = std::function<std::shared_ptr<views::ViewStore>()>;
  struct Options {
    std::filesystem::path directory;  // unused with shared_store
    std::string projector;            // endpoint
    SharedStore shared_store = {};    // or null
  };
  struct Listener {
    std::function<void()> moved;  // store() is another one or has a new checkpoint
    // Called before: store() is of another generation than this one, which answered until now.
    std::function<void(std::shared_ptr<views::ViewStore> before)> taken_over;
  };

  // Opens what is there. STORE_BUSY, STORE_IO, ENDPOINT_REFUSED.
  static Result<std::unique_ptr<Replica>> Open(bus::Loop& loop, zmq::context_t& context,
                                               Options options, Listener listener);
  ~Replica();

  // Null until the first checkpoint has been read. Ask again after each callback.
  views::ViewStore* store() const { return store_.get(); }
  const std::shared_ptr<views::ViewStore>& shared() const { return store_; }
  // The checkpoint that the last callback was about; store() may have moved on since.
  Position head() const { return head_; }
  // The projector's checkpoint, as last heard.
  Position projected() const { return projected_; }
  // When head() last changed, by the wall clock; nullopt: not since the start.
  const std::optional<RecordedTime>& last_progress() const { return last_progress_; }
  // Since then, whatever the wall clock did.
  std::chrono::milliseconds since_progress() const;
  // Why nothing new comes; nullopt while the projector answers.
  const std::optional<Error>& trouble() const { return trouble_; }
  // A checkpoint is being read.
  bool fetching() const { return fetch_.has_value(); }

 private:
  // A checkpoint on its way to becoming store().
  struct Fetch {
    std::string checkpoint;  // the projector's name for it
    std::string after_key;
    std::shared_ptr<views::ViewStore> store;  // null until the first chunk says which generation
  };

  Replica(bus::Loop& loop, Options options, Listener listener);

  // The one that deltas bring on.
  views::ViewStore* Following() const { return fetch_ ? fetch_->store.get() : store_.get(); }
  void AskForDeltas();
  void OnDeltas(tl::expected<bus::Message, Errors> reply);
  Status ApplyDeltas(const bus::Message& message);
  void AskForChunk();
  void OnChunk(tl::expected<bus::Message, Errors> reply);
  Status TakeChunk(const bus::Message& message, bool* last);
  // Once what was fetched is as far as what answers until now.
  Status UseFetched();
  void TakeOver(std::shared_ptr<views::ViewStore> next);
  void TellIfMoved();
  void Tell();
  void Trouble(Error error);
  void Later(std::chrono::milliseconds delay, std::function<void()> then);

  bus::Loop& loop_;
  const Options options_;
  const Listener listener_;
  std::optional<ReplicaDirectory> directory_;
  std::shared_ptr<views::ViewStore> store_;
  std::unique_ptr<bus::Dealer> dealer_;
  Position head_;
  Position projected_;
  std::optional<RecordedTime> last_progress_;
  std::chrono::steady_clock::time_point progressed_;
  std::optional<Error> trouble_;
  std::optional<Fetch> fetch_;
  std::optional<bus::Loop::TimerId> later_;
};

}  // namespace entente::query
