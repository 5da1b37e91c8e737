// The durable subscriptions of this query, on the loop: writes what their machines say, then sends
// it; reads pages for them in turn; answers what is asked about them.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
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
#include "services/query/group_store.h"
#include "services/query/interests.h"
#include "services/query/replica.h"
#include "services/query/revision.h"
#include "services/query/subscription/group.h"
#include "services/query/subscription_key.h"
#include "views/feed.h"
#include "views/feed/recent_changes.h"

namespace entente::query {

// All deciding is done in Group. A settlement is answered when it is on disk: one sync covers all
// that were written meanwhile, on a thread of its own, and the loop goes on. On a loop.
class Groups {
 public:
  static constexpr std::size_t kGroupsMax = 1'000;
  static constexpr std::size_t kConsumersMax = 1'000;  // of one group

  struct Config {
    std::filesystem::path directory;  // empty: they are held elsewhere
    std::string elsewhere;            // endpoint of the query that holds them, if it is known
  };

  // All must outlive it. STORE_BUSY, STORE_FORMAT, STORE_DAMAGED, STORE_IO.
  static Result<std::unique_ptr<Groups>> Open(bus::Loop& loop, const Replica& replica,
                                              views::RecentChanges& recent, bus::Router& router,
                                              Config config);
  ~Groups();

  // There are views.
  void OnSubscribe(const SubscriptionKey& key, const v1::SubscribeRequest& request);
  // Whether the subscription is one of a group.
  bool OnCredit(const SubscriptionKey& key, std::uint32_t more);
  bool OnUnsubscribe(const SubscriptionKey& key);
  // Whether the message is for groups: settle, list, create …
  bool OnRequest(const bus::Caller& caller, const bus::Message& message);
  // As Subscriptions::OnMoved.
  void OnMoved(const std::optional<std::vector<const v1::Change*>>& came);
  // As Subscriptions::OnRevised; up to the place that a group has read up to.
  void OnRevised(const Revision::Notice& notice);
  // Ends all consumers; what was settled is on disk and answered.
  void Stop();

  std::size_t consumers() const { return consumers_.size(); }
  std::size_t size() const { return hosts_.size(); }
  // Where the log's chain was when something was last settled; ChainPoint() without groups.
  log::ChainPoint known() const { return store_ ? store_->known() : log::ChainPoint(); }
  // STORE_IO, once the disk refused something.
  std::optional<Error> trouble() const { return store_ ? store_->broken() : std::nullopt; }

 private:
  struct Host {
    std::string name;
    std::uint64_t serial;  // of this group and no later one of its name
    Group machine;
    Result<views::FeedFilter> filter;
    std::map<ConsumerId, SubscriptionKey> keys;
    std::optional<Subscription::PageWanted> wanted = {};
    std::optional<Tick> due = {};  // where it stands in agenda_
  };
  using Consumer = std::pair<std::string, ConsumerId>;
  using Hosts = std::map<std::string, Host>;

  Groups(bus::Loop& loop, const Replica& replica, views::RecentChanges& recent, bus::Router& router,
         Config config);
  Status Load();
  void AddHost(const std::string& name, Group machine);

  // The requests (group_requests.cpp).
  void Create(const SubscriptionKey& from, const bus::Message& message);
  void List(const SubscriptionKey& from, const bus::Message& message);
  void Delete(const SubscriptionKey& from, const bus::Message& message);
  void Settle(const SubscriptionKey& from, const bus::Message& message);
  void ListParked(const SubscriptionKey& from, const bus::Message& message);
  void Replay(const SubscriptionKey& from, const bus::Message& message);
  void ReplayAll(const SubscriptionKey& from, Host* host);
  void TellReplayed(const SubscriptionKey& from, std::size_t replayed);
  Result<Cursor> BeginningOf(const v1::CreateGroupRequest& request) const;
  // GROUP_UNKNOWN, said to the caller.
  Host* Find(const SubscriptionKey& from, const std::string& name, const char* field);

  void Refuse(const SubscriptionKey& key, const Error& error);
  Error Elsewhere() const;
  // Sent once everything written so far is on disk.
  void ReplyWhenDurable(std::function<void()> reply);
  void OnSynced();
  // Once everything written so far is on disk, the machine hears how far that is.
  void TellDurable(const Host& host);

  void Perform(Host* host, Group::Actions actions);
  bool Write(const Host& host, const std::vector<Group::Row>& rows);
  enum class Sent { kTaken, kFull, kGone };
  Sent Send(const SubscriptionKey& key, v1::SubscriptionMessage message);
  void Drop(Host* host, ConsumerId id);

  void TellHeadToAll();

  void ScheduleTurn();
  void TakeTurn();
  Result<Group::Page> ReadPage(const Host& host, const Subscription::PageWanted& wanted) const;
  void SetDue(Host* host);
  void ScheduleTick();
  void OnTick();

  bus::Loop& loop_;
  const Replica& replica_;
  views::RecentChanges& recent_;
  bus::Router& router_;
  const Config config_;
  bus::Wakeup synced_;
  std::unique_ptr<GroupStore> store_;
  Hosts hosts_;
  Interests<std::string> interests_;
  std::optional<bus::Loop::TimerId> rest_;  // groups that the last changes do not concern
  std::map<SubscriptionKey, Consumer> consumers_;
  ConsumerId last_id_ = 0;
  std::uint64_t last_serial_ = 0;
  bool stopped_ = false;
  std::vector<std::pair<SubscriptionKey, bus::Message>> early_;  // before there were views
  std::deque<std::pair<GroupStore::Ticket, std::function<void()>>> waiting_;
  std::deque<std::string> turns_;  // groups that want a page, in the order they asked
  std::optional<bus::Loop::TimerId> turn_;
  std::set<std::pair<Tick, std::string>> agenda_;
  std::optional<bus::Loop::TimerId> tick_;
  Tick tick_at_{};
};

}  // namespace entente::query
