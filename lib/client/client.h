// The C++ client: append, query, subscribe. Blocking calls for programs that do one thing.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "entente/v1/log.pb.h"
#include "entente/v1/query.pb.h"
#include "entente/v1/subscription.pb.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::client {

struct Endpoints {
  std::string ingest;     // tcp://127.0.0.1:7400
  std::string projector;  // tcp://127.0.0.1:7401
  std::string query;      // tcp://127.0.0.1:7402
  std::string tail;       // tcp://127.0.0.1:7403, PUB
};

template <class T>
using Reply = tl::expected<T, Errors>;

// One connection to each service, made when first needed. One thread at a time.
class Client {
 public:
  explicit Client(Endpoints endpoints,
                  std::chrono::milliseconds timeout = std::chrono::seconds(10));
  ~Client();

  Reply<v1::AppendReply> Append(const v1::AppendRequest& request);

  // Appends kept in flight: send up to `window` batches before waiting. Replies come in the order
  // sent.
  class Pipeline;
  std::unique_ptr<Pipeline> OpenPipeline(unsigned window);

  Reply<v1::TimelineReply> Ask(const v1::TimelineRequest& request);
  Reply<v1::MeetingReply> Ask(const v1::MeetingRequest& request);
  Reply<v1::StatsReply> Ask(const v1::StatsRequest& request);
  Reply<v1::PendingReply> Ask(const v1::PendingRequest& request);
  Reply<v1::ChangesReply> Ask(const v1::ChangesRequest& request);
  Reply<v1::VocabularyReply> Ask(const v1::VocabularyRequest& request);
  Reply<v1::SubjectReply> Ask(const v1::SubjectRequest& request);

  enum class Service { kIngest, kProjector, kQuery };
  Reply<v1::StatusReply> Status(Service service);

  // Events of the log from a position on; at most one reply's worth. For `log dump` of a running
  // service: each commit as stored.
  struct LogPage {
    std::vector<std::string> commits;
    Position durable;
    Position next;
  };
  Reply<LogPage> ReadLog(Position from, std::chrono::milliseconds wait);

  // Runs a subscription until `on_message` returns false or `stop` is set from another thread (it
  // is looked at every 100 ms). Grants credit, answers heartbeats, reconnects and resumes from the
  // last covered_to: nothing is missed and nothing delivered twice.
  tl::expected<void, Errors> Subscribe(
      const v1::SubscribeRequest& request,
      const std::function<bool(const v1::SubscriptionMessage&)>& on_message,
      const std::function<bool()>& stop);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Client::Pipeline {
 public:
  virtual ~Pipeline() = default;
  // Blocks while the window is full. `on_reply` is called from Send or Finish, in order.
  virtual void Send(const v1::AppendRequest& request,
                    std::function<void(Reply<v1::AppendReply>)> on_reply) = 0;
  // Waits for all replies.
  virtual void Finish() = 0;
};

}  // namespace entente::client
