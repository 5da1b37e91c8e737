// What reads differently since another generation of the views took over.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "bus/loop.h"
#include "entente/v1/subscription.pb.h"
#include "values/position.h"
#include "views/feed.h"
#include "views/feed/revised.h"
#include "views/view_store.h"

namespace entente::query {

// Compares the change feed that subscribers were told from with the one they are told from now on,
// some rows at a time, so that questions are answered meanwhile. On a loop.
class Revision {
 public:
  // What readers of a filter are told: how many of its changes, up to and at a place, read
  // differently.
  using Notice = std::function<v1::Revised(const views::FeedFilter&, const Cursor&)>;
  // Called once for each comparison that comes to its end; `notice` is valid during the call.
  using Done = std::function<void(const Notice& notice)>;

  // `loop` must outlive it.
  Revision(bus::Loop& loop, Done done);
  ~Revision();

  // Of what `before` holds. If a comparison is under way, nobody has been told of it yet: then its
  // `before` is compared with this `after`.
  void Begin(std::shared_ptr<views::ViewStore> before, std::shared_ptr<views::ViewStore> after);

 private:
  // In this order: scans go before their snapshot, and that before its store.
  struct Side {
    std::shared_ptr<views::ViewStore> store;
    std::unique_ptr<views::Snapshot> snapshot;
  };
  static Side SideOf(std::shared_ptr<views::ViewStore> store);
  void ScheduleStep();
  void Step();

  bus::Loop& loop_;
  const Done done_;
  Side before_;
  Side after_;
  std::optional<views::FeedComparison> comparison_;
  std::optional<bus::Loop::TimerId> step_;
};

}  // namespace entente::query
