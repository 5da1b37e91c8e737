// Answers to queries, read from one snapshot of the views. Pure functions of snapshot and request:
// no clock, no waiting (the service waits for `at_least_position` before it takes the snapshot).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/query.pb.h"
#include "values/error.h"
#include "values/position.h"
#include "views/meetings/meetings.h"
#include "views/view_store.h"

namespace entente::views {

class FoldCache;

// What every answer needs beside the request.
struct AnswerContext {
  const Snapshot& snapshot;
  const domain::PartyRegistry& parties;
  const domain::Vocabulary& vocabulary;
  // Of earlier questions; nullptr: each keeps its own.
  std::shared_ptr<FoldCache> folds = nullptr;
  // kBytes for whoever sends the answer on unread.
  ReportForm reports = ReportForm::kMessages;
};

// QUERY_INVALID, DATE_INVALID, PARTY_UNKNOWN, WORD_UNKNOWN, NOT_FOUND, PAGE_TOKEN_INVALID, each
// with the field of the request.
Result<v1::TimelineReply> Answer(const AnswerContext&, const v1::TimelineRequest&);
Result<v1::MeetingReply> Answer(const AnswerContext&, const v1::MeetingRequest&);
Result<v1::StatsReply> Answer(const AnswerContext&, const v1::StatsRequest&);
Result<v1::PendingReply> Answer(const AnswerContext&, const v1::PendingRequest&);
Result<v1::ChangesReply> Answer(const AnswerContext&, const v1::ChangesRequest&);
Result<v1::VocabularyReply> Answer(const AnswerContext&, const v1::VocabularyRequest&);
Result<v1::SubjectReply> Answer(const AnswerContext&, const v1::SubjectRequest&);
// Reads what changed between the two states, not what there is.
Result<v1::DiffReply> Answer(const AnswerContext&, const v1::DiffRequest&);

}  // namespace entente::views
