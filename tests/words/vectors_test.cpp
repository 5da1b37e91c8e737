// The sentences of docs/protocol-vectors/ are those that the services make.
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "domain/words/describe.h"
#include "entente/v1/query.pb.h"
#include "entente/v1/subscription.pb.h"
#include "tests/bus/vector_file.h"
#include "tests/words/story.h"

namespace entente::domain {
namespace {

using bus::VectorFile;

template <class Body>
Body BodyOf(const VectorFile& file) {
  Body body;
  EXPECT_TRUE(google::protobuf::util::JsonStringToMessage(file.Get("json"), &body).ok())
      << file.name();
  return body;
}

std::vector<v1::DescribedChange> ChangesIn(const VectorFile& file) {
  std::vector<v1::DescribedChange> changes;
  const auto type = file.Find("type");
  if (type == "changes_reply") {
    const auto reply = BodyOf<v1::ChangesReply>(file);
    changes.assign(reply.changes().begin(), reply.changes().end());
  } else if (type == "parked_reply") {
    const auto reply = BodyOf<v1::ParkedReply>(file);
    changes.reserve(static_cast<std::size_t>(reply.parked_size()));
    for (const auto& one : reply.parked()) changes.push_back(one.change());
  } else if (type == "subscription_message") {
    const auto message = BodyOf<v1::SubscriptionMessage>(file);
    if (message.has_delivered()) changes.push_back(message.delivered().change());
  } else if (type == "tail") {
    changes.push_back(BodyOf<v1::Tail>(file).change());
  }
  return changes;
}

TEST(ProtocolVectors, SayWhatIsSaid) {
  const auto meeting =
      BodyOf<v1::MeetingReply>(
          VectorFile::Read(ENTENTE_SOURCE_DIR "/docs/protocol-vectors/meeting_reply.vector"))
          .meeting();
  v1::Meeting before = meeting;
  before.mutable_date()->set_state(v1::DateFact::dated);
  before.clear_reason();
  before.clear_reports();
  v1::Report statement = meeting.reports(0);
  statement.mutable_facts()->mutable_statement_made()->set_who(
      "a senior foreign ministry official");
  statement.mutable_facts()->mutable_statement_made()->set_summary(
      "foreign ministers alone cannot fully discuss security");
  int told = 0;
  for (const VectorFile& file : VectorFile::ReadAll()) {
    for (const v1::DescribedChange& change : ChangesIn(file)) {
      ++told;
      EXPECT_EQ(change.text(),
                change.change().subject() == meeting.id()
                    ? ChangeInWords(change.change(), before, meeting, meeting.reports(0),
                                    PartyRegistry::BuiltIn(), Vocabulary::BuiltIn())
                    : SubjectChangeInWords(change.change(), statement, PartyRegistry::BuiltIn(),
                                           Vocabulary::BuiltIn()))
          << file.name();
    }
  }
  EXPECT_GE(told, 5);
}

}  // namespace
}  // namespace entente::domain
