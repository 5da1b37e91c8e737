// A feed of numbered changes on a real socket, as subscription.proto has it, that fails on request.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "bus/loop.h"
#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/subscription.pb.h"

namespace entente::client {

enum class Fault {
  kNone,
  kLosesAMessage,      // a number is never sent
  kEndsTheSession,     // says so
  kForgetsItsReaders,  // answers SUBSCRIPTION_UNKNOWN from then on
  kFallsSilent,        // for this session
  kRestarts,           // on the same endpoint, with new connections
  kHoldsToTheLease,    // ends a session that gave no sign of life for its lease
};

// Holds the changes 1 to `changes`. Each session fails after `fault_after` messages.
class FailingFeed {
 public:
  FailingFeed(std::uint64_t changes, Fault fault, std::uint64_t fault_after)
      : changes_(changes), fault_(fault), fault_after_(fault_after) {
    Bind("tcp://127.0.0.1:*");
    endpoint_ = router_->endpoint();
    thread_ = std::thread([this] { loop_.Run(); });
  }
  ~FailingFeed() {
    loop_.Stop();
    thread_.join();
  }
  FailingFeed(const FailingFeed&) = delete;
  FailingFeed& operator=(const FailingFeed&) = delete;

  const std::string& endpoint() const { return endpoint_; }
  // Seen so far, by any thread.
  std::atomic<int> sessions{0};
  std::atomic<int> unsubscribed{0};
  std::atomic<std::uint64_t> changes_sent{0};

 private:
  using Clock = std::chrono::steady_clock;
  using Key = std::pair<std::string, std::uint64_t>;
  struct Session {
    bus::Caller caller;
    std::uint64_t correlation = 0;
    std::uint64_t next = 1;
    std::uint64_t number = 0;
    std::uint64_t credit = 0;
    bool caught_up = false;
    bool silent = false;
    std::chrono::seconds lease{0};
    Clock::time_point last_sign;
  };

  void Bind(const std::string& endpoint) {
    auto bound = bus::Router::Bind(
        loop_, context_, {endpoint, false, "feed"},
        [this](const bus::Caller& caller, bus::Message message) { Take(caller, message); });
    if (bound) {
      router_ = std::move(*bound);
    } else {  // ZeroMQ frees the port of a closed socket a moment later
      loop_.After(std::chrono::milliseconds(5), [this, endpoint] { Bind(endpoint); });
    }
  }

  void Take(const bus::Caller& caller, const bus::Message& message) {
    switch (message.header.type) {
      case bus::MessageType::subscribe_request:
        return Subscribe(caller, message);
      case bus::MessageType::credit:
        return TakeCredit(caller, message);
      case bus::MessageType::unsubscribe:
        ++unsubscribed;
        return;
      case bus::MessageType::status_request:
        return router_->Reply(caller, bus::MessageType::status_reply, message.header.correlation,
                              v1::StatusReply());
      default:
        return router_->ReplyUnknownType(caller, message.header);
    }
  }

  void Subscribe(const bus::Caller& caller, const bus::Message& message) {
    v1::SubscribeRequest request;
    ASSERT_TRUE(bus::ParseBody(message, &request));
    if (request.filter().countries_size() > 0) {
      Error error;
      error.reason = Reason::kPartyUnknown;
      return router_->ReplyError(caller, message.header.correlation, {error});
    }
    ++sessions;
    Session& session = sessions_[{caller.identity, message.header.correlation}];
    session = {.caller = caller,
               .correlation = message.header.correlation,
               .next = request.after().position() + 1,
               .credit = request.credit(),
               .lease = std::chrono::seconds(request.lease_s()),
               .last_sign = Clock::now()};
    if (fault_ == Fault::kHoldsToTheLease && !lease_ends_) {
      lease_ends_ = loop_.Every(std::chrono::milliseconds(20), [this] { EndLeases(); });
    }
    Push(session);
  }

  void EndLeases() {
    for (auto& [key, session] : sessions_) {
      if (session.silent || Clock::now() < session.last_sign + session.lease) continue;
      End(session, "no sign of life");
    }
  }

  void End(Session& session, const std::string& why) {
    v1::SubscriptionMessage message;
    message.mutable_covered_to()->set_position(session.next - 1);
    message.mutable_ended()->set_why(why);
    SendTo(session, message);
    session.silent = true;
  }

  void TakeCredit(const bus::Caller& caller, const bus::Message& message) {
    v1::Credit credit;
    ASSERT_TRUE(bus::ParseBody(message, &credit));
    const auto it = sessions_.find({caller.identity, credit.subscription()});
    if (it == sessions_.end()) {
      Error error;
      error.reason = Reason::kSubscriptionUnknown;
      return router_->ReplyError(caller, credit.subscription(), {error});
    }
    it->second.last_sign = Clock::now();
    it->second.credit += credit.more();
    Push(it->second);
  }

  // Changes are failed on only while there are any left, so that each session gets further.
  void Push(Session& session) {
    while (!session.silent && session.credit > 0 && session.next <= changes_) {
      if (session.number + 1 > fault_after_ && fault_ != Fault::kNone && Fails(session)) return;
      v1::SubscriptionMessage message;
      auto* change = message.mutable_delivered()->mutable_change()->mutable_change();
      change->set_position(session.next);
      message.mutable_covered_to()->set_position(session.next);
      ++session.next;
      --session.credit;
      SendTo(session, message);
      ++changes_sent;
    }
    if (!session.silent && session.next > changes_ && !session.caught_up) {
      session.caught_up = true;
      v1::SubscriptionMessage message;
      message.mutable_covered_to()->set_position(changes_);
      message.mutable_caught_up();
      SendTo(session, message);
    }
  }

  void SendTo(Session& session, v1::SubscriptionMessage& message) {
    message.set_number(++session.number);
    const Status sent = router_->Send(
        session.caller,
        bus::MakeMessage(bus::MessageType::subscription_message, session.correlation, message));
    if (sent) return;
    // It found a gap and gave the connection up, though it had granted more before.
    EXPECT_EQ(sent.error().reason, Reason::kUnreachable);
    session.silent = true;
  }

  // True: the session sends nothing more.
  bool Fails(Session& session) {
    switch (fault_) {
      case Fault::kNone:
      case Fault::kHoldsToTheLease:
        return false;
      case Fault::kLosesAMessage:
        if (session.number == fault_after_) {
          ++session.number;
          ++session.next;
        }
        return false;
      case Fault::kEndsTheSession:
        End(session, "as asked");
        return true;
      case Fault::kForgetsItsReaders:
        sessions_.erase({session.caller.identity, session.correlation});
        return true;
      case Fault::kFallsSilent:
        session.silent = true;
        return true;
      case Fault::kRestarts:
        session.silent = true;
        // Not here: the router is in the middle of a message.
        loop_.After(std::chrono::milliseconds(0), [this] {
          sessions_.clear();
          router_.reset();
          Bind(endpoint_);
        });
        return true;
    }
    return false;
  }

  const std::uint64_t changes_;
  const Fault fault_;
  const std::uint64_t fault_after_;
  zmq::context_t context_;
  bus::Loop loop_;
  std::unique_ptr<bus::Router> router_;
  std::string endpoint_;
  std::map<Key, Session> sessions_;
  std::optional<bus::Loop::TimerId> lease_ends_;
  std::thread thread_;
};

}  // namespace entente::client
