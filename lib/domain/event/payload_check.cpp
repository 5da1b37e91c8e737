#include "domain/event/payload_check.h"

#include <fmt/format.h>

#include <string_view>

#include "domain/event/report_parts.h"

namespace entente::domain {
namespace {

// Which payload may lie in which stream.
constexpr unsigned Bit(StreamKind kind) { return 1U << static_cast<unsigned>(kind); }
constexpr unsigned kMeeting = Bit(StreamKind::kMeeting);
constexpr unsigned kPair = Bit(StreamKind::kPair);
constexpr unsigned kNotMeeting =
    Bit(StreamKind::kSeries) | Bit(StreamKind::kKind) | Bit(StreamKind::kCountry) | kPair;
constexpr unsigned kAny = kMeeting | kNotMeeting;

void Fits(FieldCheck& check, const StreamContext& stream, std::string_view payload,
          unsigned kinds) {
  if (!stream.kind || (kinds & Bit(*stream.kind)) != 0) return;
  const std::string_view wanted = kinds == kMeeting ? "a meeting/ stream"
                                  : kinds == kPair  ? "a pair/ stream"
                                                    : "a series/, kind/, country/ or pair/ stream";
  check.Fault(FieldPath() / "stream", Reason::kStreamMismatch, stream.name,
              fmt::format("{} belongs into {}", payload, wanted));
}

template <class Body>
void CheckBody(FieldCheck& check, const FieldPath& at, const Body& body,
               const StreamContext& stream) {
  if (body.has_meeting()) CheckIdentity(check, at / "meeting", body.meeting());

  const auto payload = [&](std::string_view name, const auto& message, unsigned kinds) {
    Fits(check, stream, name, kinds);
    const FieldPath field = at / name;
    check.NoUnknownFields(field, message);
    CheckPayload(check, field, message, stream);
  };
  const auto server_only = [&](std::string_view name) {
    check.Fault(at / name, Reason::kFieldInvalid, "", "only the server makes events of this type");
  };

  switch (body.payload_case()) {
    case Body::kMeetingAnnounced:
      return payload("meeting_announced", body.meeting_announced(), kMeeting);
    case Body::kMeetingScheduled:
      return payload("meeting_scheduled", body.meeting_scheduled(), kMeeting);
    case Body::kMeetingRescheduled:
      return payload("meeting_rescheduled", body.meeting_rescheduled(), kMeeting);
    case Body::kMeetingPostponed:
      return payload("meeting_postponed", body.meeting_postponed(), kMeeting);
    case Body::kMeetingCalledOff:
      return payload("meeting_called_off", body.meeting_called_off(), kMeeting);
    case Body::kMeetingCancelled:
      return payload("meeting_cancelled", body.meeting_cancelled(), kMeeting);
    case Body::kMeetingReinstated:
      return payload("meeting_reinstated", body.meeting_reinstated(), kMeeting);
    case Body::kMeetingMoved:
      return payload("meeting_moved", body.meeting_moved(), kMeeting);
    case Body::kMeetingHeld:
      return payload("meeting_held", body.meeting_held(), kMeeting);
    case Body::kMeetingNotHeld:
      return payload("meeting_not_held", body.meeting_not_held(), kMeeting);
    case Body::kPartiesChanged:
      return payload("parties_changed", body.parties_changed(), kMeeting);
    case Body::kAttendeesNamed:
      return payload("attendees_named", body.attendees_named(), kMeeting);
    case Body::kTopicsTagged:
      return payload("topics_tagged", body.topics_tagged(), kMeeting);
    case Body::kOutcomeRecorded:
      return payload("outcome_recorded", body.outcome_recorded(), kMeeting);
    case Body::kStatementMade:
      return payload("statement_made", body.statement_made(), kAny);
    case Body::kClaimRecorded:
      return payload("claim_recorded", body.claim_recorded(), kAny);
    case Body::kRhythmAgreed:
      return payload("rhythm_agreed", body.rhythm_agreed(), kAny);
    case Body::kCoverageDeclared:
      return payload("coverage_declared", body.coverage_declared(), kNotMeeting);
    case Body::kMentionRecorded:
      return payload("mention_recorded", body.mention_recorded(), kPair);
    case Body::kMeetingLinked:
      return payload("meeting_linked", body.meeting_linked(), kMeeting);
    case Body::kMeetingsMerged:
      return payload("meetings_merged", body.meetings_merged(), kMeeting);
    case Body::kMeetingSplit:
      return payload("meeting_split", body.meeting_split(), kMeeting);
    case Body::kReportCorrected:
      return payload("report_corrected", body.report_corrected(), kAny);
    case Body::kReportRetracted:
      return payload("report_retracted", body.report_retracted(), kAny);
    case Body::kClockAdjusted:
      return server_only("clock_adjusted");
    case Body::kEventErased:
      return server_only("event_erased");
    case Body::PAYLOAD_NOT_SET:
      check.Fault(at / "payload", Reason::kFieldRequired, "",
                  "give exactly one payload, such as meeting_announced");
  }
}

}  // namespace

void CheckFacts(FieldCheck& check, const FieldPath& at, const v1::NewEvent& event,
                const StreamContext& stream) {
  CheckBody(check, at, event, stream);
}

void CheckFacts(FieldCheck& check, const FieldPath& at, const v1::Facts& facts,
                const StreamContext& stream) {
  check.NoUnknownFields(at, facts);
  CheckBody(check, at, facts, stream);
}

}  // namespace entente::domain
