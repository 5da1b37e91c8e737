// The views that query answers from, kept up with the projector.
#pragma once

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
//     no rows, or too far behind ──▶ read a checkpoint, chunk by chunk ──▶ apply deltas as they
//     come
//
// Meanwhile the rows there are go on answering. In a process that shares the projector's store it
// only hears that the store moved. On a loop; the one writer of its store.
class Replica {
 public:
  struct Options {
    std::filesystem::path directory;                      // unused with shared_store
    std::string projector;                                // endpoint
    std::shared_ptr<views::ViewStore> shared_store = {};  // the projector's own, or null
  };

  // Opens what is there. STORE_BUSY, STORE_IO, ENDPOINT_REFUSED. `on_moved` is called when store()
  // is another one or has a new checkpoint.
  static Result<std::unique_ptr<Replica>> Open(bus::Loop& loop, zmq::context_t& context,
                                               Options options, std::function<void()> on_moved);
  ~Replica();

  // Null until the first checkpoint has been read. Ask again after each callback.
  views::ViewStore* store() const { return store_.get(); }
  // The checkpoint that the last callback was about; store() may have moved on since.
  Position head() const { return head_; }
  // The projector's checkpoint, as last heard.
  Position projected() const { return projected_; }
  // When head() last changed, by the wall clock; nullopt: not since the start.
  const std::optional<RecordedTime>& last_progress() const { return last_progress_; }
  // Why nothing new comes; nullopt while the projector answers.
  const std::optional<Error>& trouble() const { return trouble_; }
  // A checkpoint is being read.
  bool fetching() const { return fetch_.has_value(); }

 private:
  // A checkpoint on its way into a directory of its own.
  struct Fetch {
    std::string checkpoint;  // the projector's name for it
    std::string after_key;
    std::filesystem::path directory;
    std::unique_ptr<views::ViewStore> store;  // null until the first chunk says which generation
  };

  Replica(bus::Loop& loop, Options options, std::function<void()> on_moved);

  void AskForDeltas();
  void OnDeltas(tl::expected<bus::Message, Errors> reply);
  Status ApplyDeltas(const bus::Message& message);
  void AskForChunk();
  void OnChunk(tl::expected<bus::Message, Errors> reply);
  Status TakeChunk(const bus::Message& message, bool* last);
  void AbandonFetch();
  void TellIfMoved();
  void Tell();
  void Trouble(Error error);
  void Later(std::chrono::milliseconds delay, std::function<void()> then);

  bus::Loop& loop_;
  const Options options_;
  std::function<void()> on_moved_;
  std::optional<ReplicaDirectory> directory_;
  std::shared_ptr<views::ViewStore> store_;
  std::unique_ptr<bus::Dealer> dealer_;
  Position head_;
  Position projected_;
  std::optional<RecordedTime> last_progress_;
  std::optional<Error> trouble_;
  std::optional<Fetch> fetch_;
  std::optional<bus::Loop::TimerId> later_;
};

}  // namespace entente::query
