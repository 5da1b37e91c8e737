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
// program's own have been built; a kept generation of its own version spares it most of that. On a
// loop.
class Succession {
 public:
  struct Options {
    std::filesystem::path views;
    std::string ingest;
    Projection::Options projection = {};
    // Called at named points of a rebuild, for tests that end the process there.
    std::function<void(std::string_view)> at_point = {};
  };
  using OnDelta = Projection::OnDelta;

  // Opens the current generation, or makes the first. `on_swap` is called when store() is another
  // one. STORE_BUSY, STORE_FORMAT, STORE_DAMAGED, STORE_IO.
  static Result<std::unique_ptr<Succession>> Open(bus::Loop& loop, Options options,
                                                  OnDelta on_delta, std::function<void()> on_swap);
  ~Succession();

  // Begins to read the log, and to build what is to be built.
  Status Follow(zmq::context_t& context);

  // By any thread.
  std::shared_ptr<views::ViewStore> store() const;
  // nullptr: the current views are of another projection version, and stay as they are.
  const Projection* projection() const { return projection_.get(); }

  std::optional<v1::GenerationBuild> building() const;
  v1::GenerationsReply Describe() const;
  // Errors as in view.proto.
  Status Change(const v1::ChangeGenerationsRequest& request);

 private:
  Succession(bus::Loop& loop, Options options, views::Generations generations,
             std::shared_ptr<views::ViewStore> store, OnDelta on_delta,
             std::function<void()> on_swap);

  // What to build where the current views are not this program's.
  Status BeginOwnVersion();
  std::optional<std::string> NewestKeptOfOwnVersion() const;
  Status Begin(const views::Building& building);
  Status Rollback(const std::string& name);
  Status Cancel();
  Status StartBuilder();
  Status FollowCurrent();

  void OnNews();
  bool MayTakeOver(const BuildNews& news);
  void TakeOver();
  void ResumeCurrent();
  void Point(std::string_view name) const;

  bus::Loop& loop_;
  const Options options_;
  views::Generations generations_;
  OnDelta on_delta_;
  std::function<void()> on_swap_;
  zmq::context_t* context_ = nullptr;

  mutable std::mutex store_mutex_;
  std::shared_ptr<views::ViewStore> store_;
  std::unique_ptr<Projection> projection_;
  // Current once, and perhaps still read by replicas.
  std::map<std::string, std::weak_ptr<views::ViewStore>> retired_;

  bus::Wakeup news_;
  std::unique_ptr<Builder> builder_;
  Projection::Options builder_options_;
  std::optional<Error> build_trouble_;
  Rate build_rate_;
  Position build_at_;
  // Since when the current one waits to be taken over from.
  std::optional<std::chrono::steady_clock::time_point> closing_;
};

}  // namespace entente::projector
