#include <fmt/format.h>

#include <string>

#include "domain/event/payload_check.h"
#include "domain/event/payloads.h"
#include "domain/event/report_parts.h"

namespace entente::domain {
namespace {

void CheckBasis(FieldCheck& check, const FieldPath& at, v1::Basis::Value basis) {
  check.InEnum(at, basis, &v1::Basis_Value_IsValid);
  if (basis == v1::Basis::unspecified) {
    check.Fault(at, Reason::kFieldRequired, "",
                "say source (the source corrected itself) or encoding (we did)");
  }
}

// One of ours about two meetings: it lies in the stream of one of them.
void CheckTwoMeetings(FieldCheck& check, const FieldPath& at, std::string_view first_name,
                      std::string_view first, std::string_view second_name, std::string_view second,
                      const StreamContext& stream) {
  const bool sound = check.MeetingStream(at / first_name, first);
  if (!check.MeetingStream(at / second_name, second) || !sound) return;
  if (first == second) {
    check.Fault(at / second_name, Reason::kFieldInvalid, second,
                fmt::format("the same meeting as {}", first_name));
  } else if (stream.kind == StreamKind::kMeeting && stream.name != first && stream.name != second) {
    check.Fault(FieldPath() / "stream", Reason::kStreamMismatch, stream.name,
                fmt::format("belongs into the stream of {} or {}", first_name, second_name));
  }
}

}  // namespace

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingLinked& p,
                  const StreamContext& stream) {
  if (check.MeetingStream(at / "other", p.other()) && p.other() == stream.name) {
    check.Fault(at / "other", Reason::kFieldInvalid, p.other(), "a meeting is not its own other");
  }
  CheckRelation(check, at / "relation", p.relation(), "meeting");
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingsMerged& p,
                  const StreamContext& stream) {
  CheckTwoMeetings(check, at, "survivor", p.survivor(), "absorbed", p.absorbed(), stream);
  if (!(p.score() >= 0 && p.score() <= 1)) {  // refuses NaN too
    check.Fault(at / "score", Reason::kFieldInvalid, fmt::format("{}", p.score()),
                "a score lies between 0 and 1");
  }
  ForEach(check, at / "reasons", p.reasons(),
          [&](const FieldPath& item, const std::string& reason) {
            check.Line(item, reason, kLineBytes, Need::kRequired);
          });
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingSplit& p,
                  const StreamContext& stream) {
  CheckTwoMeetings(check, at, "from", p.from(), "to", p.to(), stream);
  ForEach(check, at / "event_ids", p.event_ids(),
          [&](const FieldPath& item, const std::string& id) {
            check.EventId(item, id, Need::kRequired);
          });
  if (p.event_ids().empty()) check.Fault(at / "event_ids", Reason::kFieldRequired, "", "");
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::ReportCorrected& p,
                  const StreamContext& stream) {
  check.EventId(at / "target", p.target(), Need::kRequired);
  CheckBasis(check, at / "basis", p.basis());
  check.Prose(at / "why", p.why());
  const FieldPath replacement = at / "replacement";
  switch (p.replacement().payload_case()) {
    case v1::Facts::kReportCorrected:
    case v1::Facts::kReportRetracted:
      check.Fault(replacement, Reason::kFieldInvalid, "",
                  "a report is replaced by one of its own type; a correction is corrected by "
                  "what it should have put in the first report's place");
      break;
    default:
      CheckFacts(check, replacement, p.replacement(), stream);
  }
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::ReportRetracted& p,
                  const StreamContext&) {
  check.EventId(at / "target", p.target(), Need::kRequired);
  CheckBasis(check, at / "basis", p.basis());
  check.Prose(at / "why", p.why());
}

}  // namespace entente::domain
