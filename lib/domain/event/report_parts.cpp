#include "domain/event/report_parts.h"

#include <fmt/format.h>

#include "domain/dates/uncertain_date.h"

namespace entente::domain {

void CheckDate(FieldCheck& check, const FieldPath& at, const v1::MeetingDate& date, Need need) {
  check.NoUnknownFields(at, date);
  // A last day or a calendar of no date asserts nothing anybody could read.
  const bool dangling = !date.last_day().empty() || !date.stated_by().empty();
  const bool sound = check.Date(at / "edtf", date.edtf(), dangling ? Need::kRequired : need);
  check.Party(at / "stated_by", date.stated_by());
  if (!check.SingleDay(at / "last_day", date.last_day()) || !sound) return;
  const auto first = UncertainDate::Parse(date.edtf());
  if (first && *Day::FromIso(date.last_day()) < first->bounds().earliest) {
    check.Fault(at / "last_day", Reason::kDateInvalid, date.last_day(),
                fmt::format("lies before the first day, {}", date.edtf()));
  }
}

void CheckMode(FieldCheck& check, const FieldPath& at, v1::Mode::Value mode) {
  check.InEnum(at / "mode", mode, &v1::Mode_Value_IsValid);
}

void CheckReason(FieldCheck& check, const FieldPath& at, std::string_view reason) {
  check.WordIn(at / "reason", WordList::kReasons, reason);
}

void CheckParties(FieldCheck& check, const FieldPath& at, const Repeated<v1::Party>& parties) {
  if (!check.ListSize(at, parties.size())) return;
  for (int i = 0; i < parties.size(); ++i) {
    const FieldPath item = at[static_cast<std::size_t>(i)];
    check.NoUnknownFields(item, parties[i]);
    check.Party(item / "name", parties[i].name(), Need::kRequired);
    check.InEnum(item / "role", parties[i].role(), &v1::Party_Role_IsValid);
  }
}

void CheckAttendees(FieldCheck& check, const FieldPath& at,
                    const Repeated<v1::Attendee>& attendees) {
  if (!check.ListSize(at, attendees.size())) return;
  for (int i = 0; i < attendees.size(); ++i) {
    const FieldPath item = at[static_cast<std::size_t>(i)];
    check.NoUnknownFields(item, attendees[i]);
    check.Party(item / "party", attendees[i].party(), Need::kRequired);
    check.WordIn(item / "post", WordList::kPosts, attendees[i].post(), Need::kRequired);
    check.Line(item / "person", attendees[i].person());
  }
}

void CheckTopics(FieldCheck& check, const FieldPath& at, const Repeated<std::string>& topics) {
  ForEach(check, at, topics, [&](const FieldPath& item, const std::string& topic) {
    check.WordIn(item, WordList::kTopics, topic, Need::kRequired);
  });
}

void CheckRelation(FieldCheck& check, const FieldPath& at, std::string_view text,
                   std::string_view use) {
  const Word* relation = check.WordIn(at, WordList::kRelations, text, Need::kRequired);
  if (relation != nullptr && relation->use != use) {
    check.Fault(at, Reason::kFieldInvalid, text, fmt::format("no relation of a {}", use));
  }
}

void CheckIdentity(FieldCheck& check, const FieldPath& at, const v1::MeetingIdentity& meeting) {
  check.NoUnknownFields(at, meeting);
  check.WordIn(at / "kind", WordList::kKinds, meeting.kind());
  CheckParties(check, at / "parties", meeting.parties());
  check.WordIn(at / "series", WordList::kSeries, meeting.series());
  check.Line(at / "title", meeting.title());
}

}  // namespace entente::domain
