// Which generation of the views is current, and which one takes its place.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <zmq.hpp>

#include "bus/loop.h"
#include "entente/v1/view.pb.h"
#include "services/projector/builder.h"
#include "services/projector/projection.h"
#include "services/projector/rate.h"
#include "views/generations/generations.h"
#include "views/view_store.h"

namespace entente::projector {

// Owns the directory of generations, the current one with its projection, and the builder of the
// next:
//
//     rebuild ─▶ noted ─▶ grows beside the current one ─▶ near the head: the current one stops at S
//             ─▶ the new one passes S ─▶ CURRENT is renamed ─▶ replicas are told ─▶ the old one is
//                                                                                   kept
//
// A build that a dying process left is taken up by the next. Views of another projection version
// than this program's are served as they are, at the position where they stand, until this
// program's own have been built; a kept generation of its own version spares it most of that.
//
// Where nothing was ever projected and the log is long, the first views are built in this way too,
// and the empty ones give way.
//
// Views that were made of an event which was erased since are left behind: they serve until others,
// built from position 0, take over, and are removed then. On a loop.
class Succession {
 public:
  struct Options {
    std::filesystem::path views;
    std::string ingest;
    Projection::Options projection = {};
    // Called at named points of whatever changes generations, for tests that end the process there.
    std::function<void(std::string_view)> at_point = {};
  };
  struct Listener {
    Projection::Listener current;   // of the deltas of the current generation
    std::function<void()> swapped;  // store() is another one
  };

  // Opens the current generation, or makes the first. STORE_BUSY, STORE_FORMAT, STORE_DAMAGED,
  // STORE_IO.
  static Result<std::unique_ptr<Succession>> Open(bus::Loop& loop, Options options,
                                                  Listener listener);
  ~Succession();

  // Begins to read the log, and to build what is to be built.
  Status Follow(zmq::context_t& context);
  // Builds no further; what is built so far is gone on with by the next process.
  void Stop() { builder_.reset(); }

  // By any thread.
  std::shared_ptr<views::ViewStore> store() const;
  // nullptr: the current views are of another projection version, and stay as they are.
  const Projection* projection() const { return projection_.get(); }

  // The current views were made of an event that was erased since.
  bool tells_of_erased() const;

  // The rows of a generation, current, building or kept, as far as they are; empty: of the current
  // one. NOT_FOUND; STORE_DAMAGED, STORE_IO of a kept one.
  Result<std::shared_ptr<const views::ViewStore>> StoreOf(const std::string& name) const;

  std::optional<v1::GenerationBuild> building() const;
  v1::GenerationsReply Describe() const;
  // Errors as in view.proto.
  Status Change(const v1::ChangeGenerationsRequest& request);

 private:
  Succession(bus::Loop& loop, Options options, views::Generations generations,
             std::shared_ptr<views::ViewStore> store, Listener listener);

  // What to build where the current views are not this program's.
  Status BeginOwnVersion();
  std::optional<std::string> NewestKeptOfOwnVersion() const;
  Status Begin(const views::Building& building);
  Status Rollback(const std::string& name);
  Status Drop(const std::string& name);
  Status Swap();
  Status Cancel();
  Status GiveUpBuilding();
  Status StartBuilder();
  Result<std::shared_ptr<views::ViewStore>> OpenBuilding() const;
  Status FollowCurrent();

  void OnFarBehind();
  // As soon as nobody reads it.
  void DropEmpty(const std::string& name);
  void DropEmptyOnes();
  void OnNews();
  bool MayTakeOver(const BuildNews& news);
  // The current one stays where it is, to be taken over from.
  void Close();
  void TakeOver();
  void ResumeCurrent();
  // Begins to build where the current views tell of what was erased; removes those that do.
  void LeaveErasedBehind();
  void LeaveErasedBehindAfter(std::chrono::milliseconds delay);
  Result<std::shared_ptr<const views::ViewStore>> OpenKept(const std::string& name) const;
  // By what the current views know.
  bool TellsOfErased(const views::ViewStore& store) const;
  // One that is kept does not change, so that it is looked at once.
  const v1::Generation& LookAtKept(const std::string& name) const;
  void Point(std::string_view name) const;

  bus::Loop& loop_;
  const Options options_;
  views::Generations generations_;
  const Listener listener_;
  zmq::context_t* context_ = nullptr;

  mutable std::mutex store_mutex_;
  std::shared_ptr<views::ViewStore> store_;
  std::unique_ptr<Projection> projection_;
  // Current once, and perhaps still read by replicas.
  std::map<std::string, std::weak_ptr<views::ViewStore>> retired_;
  mutable std::map<std::string, v1::Generation> kept_;

  bus::Wakeup news_;
  std::unique_ptr<Builder> builder_;
  std::optional<Error> build_trouble_;
  Rate build_rate_;
  Position build_at_;
  // Since when the current one waits to be taken over from.
  std::optional<std::chrono::steady_clock::time_point> closing_;
  // It is empty, and others are built in its place, which it does not race against.
  bool gives_way_ = false;
  std::optional<bus::Loop::TimerId> drop_empty_;
  std::optional<bus::Loop::TimerId> leave_erased_;
};

}  // namespace entente::projector
