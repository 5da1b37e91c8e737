#include "client/client.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <optional>

#include "client/client_state.h"

namespace entente::client {
namespace {

using bus::Message;
using bus::MessageType;
using std::chrono::milliseconds;
using Answer = tl::expected<Message, Errors>;

tl::unexpected<Errors> AsErrors(Error error) {
  return tl::unexpected<Errors>(Errors{std::move(error)});
}

// One request and its answer. The connection is dropped when there is none, so that what still
// waits in it is not carried out later, behind the caller's back.
class Call {
 public:
  Call(Client::State& state, Client::Service service) : state_(state), service_(service) {}

  Answer Run(MessageType::Value type, const google::protobuf::MessageLite& body,
             milliseconds time_left, milliseconds grace) {
    std::unique_ptr<bus::Dealer>& connection = Connection();
    if (!connection) {
      auto connected = state_.Connect(Endpoint(), Name());
      if (!connected) return AsErrors(std::move(connected.error()));
      connection = std::move(*connected);
    }
    std::optional<Answer> answer;
    connection->Request(
        type, body, std::max(time_left, milliseconds(1)),
        [&](Answer given) {
          answer = std::move(given);
          state_.loop.Stop();
        },
        grace);
    // A subscription or pipeline of the same client may stop the loop for its own sake.
    while (!answer) state_.loop.Run();
    if (!*answer && answer->error().front().reason == Reason::kUnreachable) connection.reset();
    return std::move(*answer);
  }

 private:
  std::unique_ptr<bus::Dealer>& Connection() {
    switch (service_) {
      case Client::Service::kIngest:
        return state_.ingest;
      case Client::Service::kProjector:
        return state_.projector;
      case Client::Service::kQuery:
        break;
    }
    return state_.query;
  }
  const std::string& Endpoint() const {
    switch (service_) {
      case Client::Service::kIngest:
        return state_.endpoints.ingest;
      case Client::Service::kProjector:
        return state_.endpoints.projector;
      case Client::Service::kQuery:
        break;
    }
    return state_.endpoints.query;
  }
  std::string Name() const {
    switch (service_) {
      case Client::Service::kIngest:
        return "ingest";
      case Client::Service::kProjector:
        return "projector";
      case Client::Service::kQuery:
        break;
    }
    return "query";
  }

  Client::State& state_;
  const Client::Service service_;
};

Errors UnexpectedType(const Message& message) {
  Error error;
  error.reason = Reason::kMessageType;
  error.field = "header.type";
  error.value = std::to_string(static_cast<int>(message.header.type));
  error.message = "The service answered with a message of another type.";
  return {std::move(error)};
}

template <class T>
Reply<T> Parse(const Answer& answer, MessageType::Value type) {
  if (!answer) return tl::unexpected<Errors>(answer.error());
  if (answer->header.type != type) return tl::unexpected<Errors>(UnexpectedType(*answer));
  T reply;
  if (Status parsed = bus::ParseBody(*answer, &reply); !parsed) {
    return AsErrors(std::move(parsed.error()));
  }
  return reply;
}

}  // namespace

Result<std::unique_ptr<bus::Dealer>> Client::State::Connect(const std::string& endpoint,
                                                            const std::string& service) {
  if (endpoint.empty()) {
    return Fail(Reason::kEndpointRefused, "endpoint", "",
                fmt::format("No endpoint of {} is known.", service));
  }
  if (endpoint.starts_with("inproc://")) {
    return Fail(Reason::kEndpointRefused, "endpoint", endpoint,
                "An inproc endpoint is reached from within the service's own process only.");
  }
  return bus::Dealer::Connect(loop, context, endpoint);
}

Client::Client(Endpoints endpoints, milliseconds timeout)
    : state_(std::make_unique<State>(std::move(endpoints), timeout)) {}
Client::~Client() = default;

Reply<v1::AppendReply> Client::Append(const v1::AppendRequest& request) {
  return Parse<v1::AppendReply>(
      Call(*state_, Service::kIngest)
          .Run(MessageType::append_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::append_reply);
}

Reply<v1::StatusReply> Client::Status(Service service) {
  return Parse<v1::StatusReply>(
      Call(*state_, service)
          .Run(MessageType::status_request, v1::StatusRequest(), state_->timeout, bus::kReplyGrace),
      MessageType::status_reply);
}

Reply<v1::ReadCheckpointReply> Client::ReadCheckpoint(const v1::ReadCheckpointRequest& request) {
  return Parse<v1::ReadCheckpointReply>(
      Call(*state_, Service::kProjector)
          .Run(MessageType::read_checkpoint_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::read_checkpoint_reply);
}

// The questions to query: request and reply types stand in pairs.
Reply<v1::TimelineReply> Client::Ask(const v1::TimelineRequest& request) {
  return Parse<v1::TimelineReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::timeline_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::timeline_reply);
}

Reply<v1::MeetingReply> Client::Ask(const v1::MeetingRequest& request) {
  return Parse<v1::MeetingReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::meeting_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::meeting_reply);
}

Reply<v1::StatsReply> Client::Ask(const v1::StatsRequest& request) {
  return Parse<v1::StatsReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::stats_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::stats_reply);
}

Reply<v1::PendingReply> Client::Ask(const v1::PendingRequest& request) {
  return Parse<v1::PendingReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::pending_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::pending_reply);
}

Reply<v1::ChangesReply> Client::Ask(const v1::ChangesRequest& request) {
  return Parse<v1::ChangesReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::changes_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::changes_reply);
}

Reply<v1::VocabularyReply> Client::Ask(const v1::VocabularyRequest& request) {
  return Parse<v1::VocabularyReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::vocabulary_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::vocabulary_reply);
}

Reply<v1::SubjectReply> Client::Ask(const v1::SubjectRequest& request) {
  return Parse<v1::SubjectReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::subject_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::subject_reply);
}

Reply<v1::DiffReply> Client::Ask(const v1::DiffRequest& request) {
  return Parse<v1::DiffReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::diff_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::diff_reply);
}

Reply<v1::CreateGroupReply> Client::Ask(const v1::CreateGroupRequest& request) {
  return Parse<v1::CreateGroupReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::create_group_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::create_group_reply);
}

Reply<v1::ListGroupsReply> Client::Ask(const v1::ListGroupsRequest& request) {
  return Parse<v1::ListGroupsReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::list_groups_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::list_groups_reply);
}

Reply<v1::DeleteGroupReply> Client::Ask(const v1::DeleteGroupRequest& request) {
  return Parse<v1::DeleteGroupReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::delete_group_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::delete_group_reply);
}

Reply<v1::ParkedReply> Client::Ask(const v1::ParkedRequest& request) {
  return Parse<v1::ParkedReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::parked_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::parked_reply);
}

Reply<v1::ReplayParkedReply> Client::Ask(const v1::ReplayParkedRequest& request) {
  return Parse<v1::ReplayParkedReply>(
      Call(*state_, Service::kQuery)
          .Run(MessageType::replay_parked_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::replay_parked_reply);
}

// What is asked of the projector.
Reply<v1::GenerationsReply> Client::Ask(const v1::GenerationsRequest& request) {
  return Parse<v1::GenerationsReply>(
      Call(*state_, Service::kProjector)
          .Run(MessageType::generations_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::generations_reply);
}

Reply<v1::GenerationsReply> Client::Ask(const v1::ChangeGenerationsRequest& request) {
  return Parse<v1::GenerationsReply>(
      Call(*state_, Service::kProjector)
          .Run(MessageType::change_generations_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::generations_reply);
}

Reply<v1::ParkedEventsReply> Client::Ask(const v1::ParkedEventsRequest& request) {
  return Parse<v1::ParkedEventsReply>(
      Call(*state_, Service::kProjector)
          .Run(MessageType::parked_events_request, request, state_->timeout, bus::kReplyGrace),
      MessageType::parked_events_reply);
}

Reply<Client::LogPage> Client::ReadLog(Position from, milliseconds wait,
                                       std::optional<RecordedTime> recorded_from) {
  v1::ReadLogRequest request;
  request.set_from_position(from.value());
  if (recorded_from) {
    *request.mutable_recorded_from() =
        google::protobuf::util::TimeUtil::MillisecondsToTimestamp(recorded_from->value());
  }
  // The service may wait as long as it is told to; to answer, it then has the usual time.
  const Answer answer = Call(*state_, Service::kIngest)
                            .Run(MessageType::read_log_request, request, wait, state_->timeout);
  auto head = Parse<v1::ReadLogReply>(answer, MessageType::read_log_reply);
  if (!head) return tl::unexpected<Errors>(std::move(head.error()));
  LogPage page;
  page.durable = Position(head->durable_position());
  page.next = Position(head->next_position());
  for (std::size_t i = 1; i < answer->body.size(); ++i) {
    page.commits.emplace_back(answer->frame(i));
  }
  return page;
}

}  // namespace entente::client
