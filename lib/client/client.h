// The C++ client: append, query, subscribe. Blocking calls for programs that do one thing.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "entente/v1/log.pb.h"
#include "entente/v1/query.pb.h"
#include "entente/v1/subscription.pb.h"
#include "entente/v1/view.pb.h"
#include "values/error.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente::client {

// Where the services take requests. An empty one is not asked: what would be is ENDPOINT_REFUSED.
// tcp or ipc; inproc endpoints exist inside a service's own process only.
struct Endpoints {
  std::string ingest = {};     // tcp://127.0.0.1:7400
  std::string projector = {};  // tcp://127.0.0.1:7401
  std::string query = {};      // tcp://127.0.0.1:7402
  std::string tail = {};       // tcp://127.0.0.1:7403, PUB
};

template <class T>
using Reply = tl::expected<T, Errors>;

// One connection to each service, made when first needed. One thread at a time; callbacks may call
// the client.
//
// A call that gets no answer within the timeout ends with UNREACHABLE. It may have been carried
// out: an append is safe to repeat when its events have ids, since what is in the log already is
// answered as a duplicate.
class Client {
 public:
  explicit Client(Endpoints endpoints,
                  std::chrono::milliseconds timeout = std::chrono::seconds(10));
  ~Client();

  Reply<v1::AppendReply> Append(const v1::AppendRequest& request);

  // Appends kept in flight on a connection of their own: send up to `window` batches before
  // waiting. Replies come in the order sent. The client must outlive the pipeline.
  class Pipeline;
  std::unique_ptr<Pipeline> OpenPipeline(unsigned window);

  Reply<v1::TimelineReply> Ask(const v1::TimelineRequest& request);
  Reply<v1::MeetingReply> Ask(const v1::MeetingRequest& request);
  Reply<v1::StatsReply> Ask(const v1::StatsRequest& request);
  Reply<v1::PendingReply> Ask(const v1::PendingRequest& request);
  Reply<v1::ChangesReply> Ask(const v1::ChangesRequest& request);
  Reply<v1::VocabularyReply> Ask(const v1::VocabularyRequest& request);
  Reply<v1::SubjectReply> Ask(const v1::SubjectRequest& request);
  Reply<v1::DiffReply> Ask(const v1::DiffRequest& request);
  // Of durable subscriptions.
  Reply<v1::CreateGroupReply> Ask(const v1::CreateGroupRequest& request);
  Reply<v1::ListGroupsReply> Ask(const v1::ListGroupsRequest& request);
  Reply<v1::DeleteGroupReply> Ask(const v1::DeleteGroupRequest& request);
  Reply<v1::ParkedReply> Ask(const v1::ParkedRequest& request);
  Reply<v1::ReplayParkedReply> Ask(const v1::ReplayParkedRequest& request);

  enum class Service { kIngest, kProjector, kQuery };
  Reply<v1::StatusReply> Status(Service service);

  // Of the projector: its generations, and what it could not project.
  Reply<v1::GenerationsReply> Ask(const v1::GenerationsRequest& request);
  Reply<v1::GenerationsReply> Ask(const v1::ChangeGenerationsRequest& request);
  Reply<v1::ParkedEventsReply> Ask(const v1::ParkedEventsRequest& request);

  // Rows of the projector's views, chunk by chunk, as they are stored.
  Reply<v1::ReadCheckpointReply> ReadCheckpoint(const v1::ReadCheckpointRequest& request);

  // Events of the log from a position on, and recorded from a time on if one is given; at most one
  // reply's worth. For `log dump` of a running service: each commit as stored.
  struct LogPage {
    std::vector<std::string> commits;
    Position durable;
    Position next;
  };
  Reply<LogPage> ReadLog(Position from, std::chrono::milliseconds wait,
                         std::optional<RecordedTime> recorded_from = std::nullopt);

  // Runs a subscription until `on_message` returns false or `stop` is set from another thread (it
  // is looked at after each message, and every 100 ms). Grants credit, answers heartbeats,
  // reconnects and resumes from the last covered_to: nothing is missed and nothing delivered twice
  // (a group's redeliveries aside, which are meant). Heartbeats are not passed on, `ended` is and
  // then it is opened again; after a resumption `number` begins at 1 again. Signs of life are sent
  // between messages: a reader may be slow without being taken for gone, but one single call of
  // `on_message` that takes longer than the lease (30 s unless the request says otherwise) loses
  // the session, and the next change comes in a new one.
  // UNREACHABLE only when nothing at all came within the timeout of the first attempt; later
  // losses are retried for ever. Errors that a retry cannot help end it.
  tl::expected<void, Errors> Subscribe(
      const v1::SubscribeRequest& request,
      const std::function<bool(const v1::SubscriptionMessage&)>& on_message,
      const std::function<bool()>& stop);

  // What was done with a change of a durable subscription.
  struct Settlement {
    v1::SettleRequest::How how = v1::SettleRequest::ack;
    std::string why = {};  // for people, where it is not ack
  };
  struct Consumer {
    std::function<Settlement(const v1::Delivered&)> on_change;
    // Caught up, fell behind, stalled, revised; may be left out.
    std::function<void(const v1::SubscriptionMessage&)> on_message = {};
    // Looked at after each change, and every 100 ms.
    std::function<bool()> stop;
  };
  // Consumes the durable subscription that `request.group` names, until `stop`: gives each change
  // to `on_change` and settles it as that says, many at a time; at the end it waits until all of it
  // is on the service's disk. Reconnects as Subscribe does. A change whose settlement was lost with
  // a connection comes again and is settled again, without a second call of `on_change`; only who
  // ends before it was settled gets it once more, as `delivery` says. `request.consumer` left empty
  // gets a name of its own, so that a new connection takes over from the lost one at once. One
  // single call of `on_change` that takes longer than the lease loses what the consumer held to
  // others, and counts as one failure of the first of it.
  tl::expected<void, Errors> Consume(v1::SubscribeRequest request, const Consumer& consumer);

  // Of the tail: changes of some countries as they are published.
  struct Listener {
    std::function<bool(const v1::DescribedChange&)> on_change;  // false: enough
    // Something was missed under the prefix, above the first place and up to the second. It
    // is asked for and comes next; may be left out.
    std::function<void(const std::string& prefix, const Cursor&, const Cursor&)> on_gap = {};
    std::function<bool()> stop;  // looked at every 100 ms
    int queue = 0;  // messages that may wait in this process, beyond it the oldest go; 0: 1,000
  };
  // Listens to the tail of countries, by their codes. The tail is a hint, cheap and fast: it may
  // drop messages, and does while nobody is connected. Each message shows whether one before it is
  // missing; then this asks the feed, so that every change comes once, and in order within each
  // country. What was dropped is noticed with the next message of that country: who must know of
  // the last one too subscribes. Begins above `after`, or with what comes from now on.
  tl::expected<void, Errors> Listen(const std::vector<std::string>& countries,
                                    const std::optional<Cursor>& after, const Listener& listener);

  struct State;  // of this folder's own

 private:
  std::unique_ptr<State> state_;
};

class Client::Pipeline {
 public:
  virtual ~Pipeline() = default;  // replies not waited for are dropped
  // Blocks while the window is full. `on_reply` is called from Send or Finish, in order. After an
  // UNREACHABLE the later batches may still have been appended.
  virtual void Send(const v1::AppendRequest& request,
                    std::function<void(Reply<v1::AppendReply>)> on_reply) = 0;
  // Waits for all replies.
  virtual void Finish() = 0;
};

}  // namespace entente::client
