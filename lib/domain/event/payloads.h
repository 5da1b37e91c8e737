// The form of each payload. Where it may lie is payload_check.h's.
#pragma once

#include <optional>
#include <string_view>

#include "domain/event/field_check.h"
#include "domain/event/stream_name.h"
#include "entente/v1/event.pb.h"

namespace entente::domain {

// Where the facts lie. The kind is missing where the stream's name is faulty: then what fits it
// is not asked.
struct StreamContext {
  std::string_view name;
  std::optional<StreamKind> kind;
};

// meeting_payloads.cpp: what happened to a meeting
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingAnnounced& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingScheduled& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingRescheduled& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingPostponed& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingCalledOff& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingCancelled& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingReinstated& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingMoved& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingHeld& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingNotHeld& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::PartiesChanged& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::AttendeesNamed& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::TopicsTagged& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::OutcomeRecorded& p,
                  const StreamContext& stream);

// statement_payloads.cpp: what was said, counted, promised and coded
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::StatementMade& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::ClaimRecorded& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::RhythmAgreed& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::CoverageDeclared& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MentionRecorded& p,
                  const StreamContext& stream);

// act_payloads.cpp: what is said of meetings' identity and of other reports
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingLinked& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingsMerged& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingSplit& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::ReportCorrected& p,
                  const StreamContext& stream);
void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::ReportRetracted& p,
                  const StreamContext& stream);

}  // namespace entente::domain
