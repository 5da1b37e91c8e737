// The subscriptions of all connections, on the loop: reads pages for them in turn, sends what they
// say, tells them the time.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "bus/loop.h"
#include "bus/router.h"
#include "entente/v1/subscription.pb.h"
#include "services/query/groups.h"
#include "services/query/interests.h"
#include "services/query/replica.h"
#include "services/query/revision.h"
#include "services/query/subscription/subscription.h"
#include "services/query/subscription_key.h"
#include "views/feed.h"
#include "views/feed/recent_changes.h"

namespace entente::query {

// All deciding is done in Subscription; this does what it says. One page of one subscription is
// read at a time and then the loop runs on, so that thousands of readers catching up delay a query
// by one page. On a loop.
class Subscriptions {
 public:
  static constexpr std::size_t kOpenMax = 10'000;

  // All must outlive it. `groups` has the durable ones.
  Subscriptions(bus::Loop& loop, const Replica& replica, views::RecentChanges& recent,
                bus::Router& router, Groups& groups);
  ~Subscriptions();

  void OnSubscribe(const bus::Caller& caller, const bus::Message& message);
  void OnCredit(const bus::Caller& caller, const bus::Message& message);
  void OnUnsubscribe(const bus::Caller& caller, const bus::Message& message);
  // The head moved over these changes; nullopt: it is not known over which. Those that they may
  // concern read at once, the others within Subscription::kCheckpointAfter.
  void OnMoved(const std::optional<std::vector<const v1::Change*>>& came);
  // Another generation of the views took over. Each subscription is told once, the durable ones
  // too, of what it had come to by then.
  void OnRevised(const Revision::Notice& notice);
  // Ends all.
  void Stop();
  std::size_t open() const { return open_.size(); }

 private:
  using Key = SubscriptionKey;
  struct Open {
    Subscription machine;
    views::FeedFilter filter;
    bool with_meeting = false;
    std::optional<Subscription::PageWanted> wanted = {};
    Tick due = {};         // where it stands in agenda_
    bool listens = false;  // it stands in interests_
  };

  // Opens one: what is asked, and where it begins in these views.
  Result<Open> Read(const Key& key, const v1::SubscribeRequest& request,
                    const views::Snapshot& snapshot) const;
  void OpenOne(const Key& key, const v1::SubscribeRequest& request);
  void Refuse(const Key& key, const Error& error);
  // Does what a machine says until it says nothing more. The subscription may be gone afterwards.
  void Perform(const Key& key, Subscription::Actions actions);
  // How many the socket took; nullopt: the reader is gone.
  std::optional<std::size_t> Send(const Key& key, std::vector<v1::SubscriptionMessage>& messages);
  Status SendOne(const Key& key, v1::SubscriptionMessage& message);
  void Remove(const Key& key);

  void TellHead(const Key& key);
  void TellHeadToAll();

  void ScheduleTurn();
  void TakeTurn();
  Result<FeedSlice> ReadPage(const Open& one, const Subscription::PageWanted& wanted) const;
  // Wakes it by changes, unless it is stalled: it would be looked at with each, and have nothing to
  // do.
  void Listen(const Key& key, Open& one);
  // Notes when the machine is to be told the time.
  void SetDue(const Key& key, Open& one);
  void ScheduleTick();
  void OnTick();

  bus::Loop& loop_;
  const Replica& replica_;
  views::RecentChanges& recent_;
  bus::Router& router_;
  Groups& groups_;
  std::map<Key, Open> open_;
  Interests<Key> interests_;
  std::optional<bus::Loop::TimerId> rest_;  // those that the last changes do not concern
  // Asked for before there were any views; opened as soon as there are.
  std::vector<std::pair<Key, v1::SubscribeRequest>> early_;
  std::deque<Key> turns_;  // those that want a page, in the order they asked
  std::optional<bus::Loop::TimerId> turn_;
  std::set<std::pair<Tick, Key>> agenda_;
  std::optional<bus::Loop::TimerId> tick_;
  Tick tick_at_{};
};

}  // namespace entente::query
