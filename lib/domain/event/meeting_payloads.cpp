#include "domain/event/payloads.h"
#include "domain/event/report_parts.h"

namespace entente::domain {
namespace {

template <class Off>  // MeetingCalledOff, MeetingCancelled
void CheckOff(FieldCheck& check, const FieldPath& at, const Off& p) {
  CheckReason(check, at, p.reason());
  check.Prose(at / "wording", p.wording());
}

}  // namespace

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingAnnounced& p,
                  const StreamContext&) {
  CheckDate(check, at / "date", p.date());
  check.Line(at / "place", p.place());
  CheckMode(check, at, p.mode());
  ForEach(check, at / "announced_by", p.announced_by(),
          [&](const FieldPath& item, const std::string& who) {
            check.Line(item, who, kLineBytes, Need::kRequired);
          });
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingScheduled& p,
                  const StreamContext&) {
  CheckDate(check, at / "date", p.date(), Need::kRequired);
  check.Line(at / "place", p.place());
  CheckMode(check, at, p.mode());
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingRescheduled& p,
                  const StreamContext&) {
  CheckDate(check, at / "previous_date", p.previous_date());
  CheckDate(check, at / "new_date", p.new_date(), Need::kRequired);
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingPostponed& p,
                  const StreamContext&) {
  CheckDate(check, at / "old_date", p.old_date());
  CheckReason(check, at, p.reason());
  check.Date(at / "until", p.until());
  check.Prose(at / "wording", p.wording());
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingCalledOff& p,
                  const StreamContext&) {
  CheckOff(check, at, p);
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingCancelled& p,
                  const StreamContext&) {
  CheckOff(check, at, p);
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingReinstated& p,
                  const StreamContext&) {
  CheckDate(check, at / "date", p.date());
  CheckReason(check, at, p.reason());
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingMoved& p,
                  const StreamContext&) {
  CheckMode(check, at, p.mode());
  check.Line(at / "place", p.place());
  if (p.mode() == v1::Mode::unspecified && p.place().empty()) {
    check.Fault(at, Reason::kFieldRequired, "", "give the new mode, the new place, or both");
  }
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingHeld& p,
                  const StreamContext&) {
  CheckDate(check, at / "date", p.date(), Need::kRequired);
  CheckMode(check, at, p.mode());
  check.Line(at / "place", p.place());
  CheckAttendees(check, at / "attendees", p.attendees());
  check.DurationText(at / "duration", p.duration());
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MeetingNotHeld& p,
                  const StreamContext&) {
  CheckDate(check, at / "date", p.date());
  check.InEnum(at / "instead", p.instead(), &v1::MeetingNotHeld_Instead_IsValid);
  CheckReason(check, at, p.reason());
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::PartiesChanged& p,
                  const StreamContext&) {
  CheckParties(check, at / "added", p.added());
  ForEach(check, at / "removed", p.removed(), [&](const FieldPath& item, const std::string& party) {
    check.Party(item, party, Need::kRequired);
  });
  check.WordIn(at / "level", WordList::kLevels, p.level());
  if (p.added().empty() && p.removed().empty()) {
    check.Fault(at, Reason::kFieldRequired, "", "say who was added or removed");
  }
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::AttendeesNamed& p,
                  const StreamContext&) {
  CheckAttendees(check, at / "attendees", p.attendees());
  if (p.attendees().empty()) check.Fault(at / "attendees", Reason::kFieldRequired, "", "");
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::TopicsTagged& p,
                  const StreamContext&) {
  check.WordIn(at / "topic", WordList::kTopics, p.topic(), Need::kRequired);
  CheckRelation(check, at / "relation", p.relation(), "topic");
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::OutcomeRecorded& p,
                  const StreamContext&) {
  check.WordIn(at / "kind", WordList::kOutcomes, p.kind(), Need::kRequired);
  check.Prose(at / "summary", p.summary());
  CheckTopics(check, at / "topics", p.topics());
  CheckDate(check, at / "date", p.date());
  CheckDate(check, at / "next_meeting", p.next_meeting());
  check.Prose(at / "quote", p.quote());
}

}  // namespace entente::domain
