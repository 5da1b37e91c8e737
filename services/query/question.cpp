#include "services/query/question.h"

#include <array>
#include <utility>

#include "entente/v1/query.pb.h"

namespace entente::query {
namespace {

using Type = bus::MessageType;

bool IsBounded(const v1::QueryContext& context) {
  const v1::AsOf& as_of = context.as_of();
  return as_of.position() != 0 || !as_of.recorded().empty() || !as_of.reported().empty();
}

// What was then is folded anew from reports, and so is what a change says; what is counted is read
// to its end.
bool TakesLong(const v1::TimelineRequest& request) {
  return IsBounded(request.context()) || request.count_all();
}
bool TakesLong(const v1::PendingRequest& request) {
  return IsBounded(request.context()) || request.with_counts();
}
bool TakesLong(const v1::VocabularyRequest& request) { return IsBounded(request.context()); }
bool TakesLong(const v1::StatsRequest&) { return true; }
bool TakesLong(const v1::ChangesRequest&) { return true; }
bool TakesLong(const v1::DiffRequest&) { return true; }
// Of one meeting, or of one subject.
bool TakesLong(const v1::MeetingRequest&) { return false; }
bool TakesLong(const v1::SubjectRequest&) { return false; }

template <class Request, Type::Value kReply>
class QuestionOf final : public Question {
 public:
  static Result<std::unique_ptr<Question>> Read(const bus::Message& message) {
    auto question = std::make_unique<QuestionOf>();
    if (Status parsed = bus::ParseBody(message, &question->request_); !parsed) {
      return Fail(std::move(parsed).error());
    }
    return question;
  }

  Position at_least() const override { return Position(request_.context().at_least_position()); }
  bool takes_long() const override { return TakesLong(request_); }
  Result<bus::Message> Answer(const views::AnswerContext& context,
                              std::uint64_t correlation) const override {
    auto reply = views::Answer(context, request_);
    if (!reply) return Fail(std::move(reply).error());
    return bus::MakeMessage(kReply, correlation, *reply);
  }

 private:
  Request request_;
};

struct Readable {
  Type::Value type;
  Result<std::unique_ptr<Question>> (*read)(const bus::Message&);
};

constexpr std::array kReadable = {
    Readable{Type::timeline_request, &QuestionOf<v1::TimelineRequest, Type::timeline_reply>::Read},
    Readable{Type::meeting_request, &QuestionOf<v1::MeetingRequest, Type::meeting_reply>::Read},
    Readable{Type::stats_request, &QuestionOf<v1::StatsRequest, Type::stats_reply>::Read},
    Readable{Type::pending_request, &QuestionOf<v1::PendingRequest, Type::pending_reply>::Read},
    Readable{Type::changes_request, &QuestionOf<v1::ChangesRequest, Type::changes_reply>::Read},
    Readable{Type::vocabulary_request,
             &QuestionOf<v1::VocabularyRequest, Type::vocabulary_reply>::Read},
    Readable{Type::subject_request, &QuestionOf<v1::SubjectRequest, Type::subject_reply>::Read},
    Readable{Type::diff_request, &QuestionOf<v1::DiffRequest, Type::diff_reply>::Read},
};

}  // namespace

bool IsQuestion(Type::Value type) {
  for (const Readable& one : kReadable) {
    if (one.type == type) return true;
  }
  return false;
}

Result<std::unique_ptr<Question>> ReadQuestion(const bus::Message& message) {
  for (const Readable& one : kReadable) {
    if (one.type == message.header.type) return one.read(message);
  }
  return Fail(Reason::kMessageType, "header.type",
              std::to_string(static_cast<int>(message.header.type)), "");
}

}  // namespace entente::query
