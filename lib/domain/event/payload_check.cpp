#include "domain/event/payload_check.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "domain/dates/uncertain_date.h"

namespace entente::domain {
namespace {

using Path = FieldPath;

// ---- which payload may lie in which stream ----

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
  check.Fault(Path() / "stream", Reason::kStreamMismatch, stream.name,
              fmt::format("{} belongs into {}", payload, wanted));
}

// ---- parts that several payloads share ----

void CheckDate(FieldCheck& check, const Path& at, bool present, const v1::MeetingDate& date,
               Need need) {
  if (!present) {
    check.Given(at / "edtf", {}, need);
    return;
  }
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

template <class Enum>
void CheckMode(FieldCheck& check, const Path& at, Enum mode) {
  check.InEnum(at / "mode", mode, &v1::Mode_Value_IsValid);
}

void CheckReason(FieldCheck& check, const Path& at, std::string_view reason) {
  check.WordIn(at / "reason", WordList::kReasons, reason);
}

template <class Parties>
void CheckParties(FieldCheck& check, const Path& at, const Parties& parties) {
  if (!check.ListSize(at, parties.size())) return;
  for (int i = 0; i < parties.size(); ++i) {
    const Path item = at[static_cast<std::size_t>(i)];
    check.NoUnknownFields(item, parties[i]);
    check.Party(item / "name", parties[i].name(), Need::kRequired);
    check.InEnum(item / "role", parties[i].role(), &v1::Party_Role_IsValid);
  }
}

template <class Attendees>
void CheckAttendees(FieldCheck& check, const Path& at, const Attendees& attendees) {
  if (!check.ListSize(at, attendees.size())) return;
  for (int i = 0; i < attendees.size(); ++i) {
    const Path item = at[static_cast<std::size_t>(i)];
    check.NoUnknownFields(item, attendees[i]);
    check.Party(item / "party", attendees[i].party(), Need::kRequired);
    check.WordIn(item / "post", WordList::kPosts, attendees[i].post(), Need::kRequired);
    check.Line(item / "person", attendees[i].person());
  }
}

// Calls each(path, text) for every entry of a list of strings.
template <class Texts, class Each>
void ForEach(FieldCheck& check, const Path& at, const Texts& texts, Each each) {
  if (!check.ListSize(at, texts.size())) return;
  for (int i = 0; i < texts.size(); ++i) each(at[static_cast<std::size_t>(i)], texts[i]);
}

template <class Texts>
void CheckTopics(FieldCheck& check, const Path& at, const Texts& topics) {
  ForEach(check, at, topics, [&](const Path& item, const std::string& topic) {
    check.WordIn(item, WordList::kTopics, topic, Need::kRequired);
  });
}

void CheckRelation(FieldCheck& check, const Path& at, std::string_view text, std::string_view use) {
  const Word* relation = check.WordIn(at, WordList::kRelations, text, Need::kRequired);
  if (relation != nullptr && relation->use != use) {
    check.Fault(at, Reason::kFieldInvalid, text, fmt::format("no relation of a {}", use));
  }
}

void CheckBasis(FieldCheck& check, const Path& at, v1::Basis::Value basis) {
  check.InEnum(at, basis, &v1::Basis_Value_IsValid);
  if (basis == v1::Basis::unspecified) {
    check.Fault(at, Reason::kFieldRequired, "",
                "say source (the source corrected itself) or encoding (we did)");
  }
}

// One of ours about two meetings: it lies in the stream of one of them.
void CheckTwoMeetings(FieldCheck& check, const Path& at, std::string_view first_name,
                      std::string_view first, std::string_view second_name, std::string_view second,
                      const StreamContext& stream) {
  const bool sound = check.MeetingStream(at / first_name, first);
  if (!check.MeetingStream(at / second_name, second) || !sound) return;
  if (first == second) {
    check.Fault(at / second_name, Reason::kFieldInvalid, second,
                fmt::format("the same meeting as {}", first_name));
  } else if (stream.kind == StreamKind::kMeeting && stream.name != first && stream.name != second) {
    check.Fault(Path() / "stream", Reason::kStreamMismatch, stream.name,
                fmt::format("belongs into the stream of {} or {}", first_name, second_name));
  }
}

void CheckIdentity(FieldCheck& check, const Path& at, const v1::MeetingIdentity& meeting) {
  check.NoUnknownFields(at, meeting);
  check.WordIn(at / "kind", WordList::kKinds, meeting.kind());
  CheckParties(check, at / "parties", meeting.parties());
  check.WordIn(at / "series", WordList::kSeries, meeting.series());
  check.Line(at / "title", meeting.title());
}

// ---- payloads, in the order of event.proto ----

void Check(FieldCheck& check, const Path& at, const v1::MeetingAnnounced& p) {
  CheckDate(check, at / "date", p.has_date(), p.date(), Need::kOptional);
  check.Line(at / "place", p.place());
  CheckMode(check, at, p.mode());
  ForEach(check, at / "announced_by", p.announced_by(),
          [&](const Path& item, const std::string& who) {
            check.Line(item, who, kLineBytes, Need::kRequired);
          });
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingScheduled& p) {
  CheckDate(check, at / "date", p.has_date(), p.date(), Need::kRequired);
  check.Line(at / "place", p.place());
  CheckMode(check, at, p.mode());
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingRescheduled& p) {
  CheckDate(check, at / "previous_date", p.has_previous_date(), p.previous_date(), Need::kOptional);
  CheckDate(check, at / "new_date", p.has_new_date(), p.new_date(), Need::kRequired);
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingPostponed& p) {
  CheckDate(check, at / "old_date", p.has_old_date(), p.old_date(), Need::kOptional);
  CheckReason(check, at, p.reason());
  check.Date(at / "until", p.until());
  check.Prose(at / "wording", p.wording());
}

template <class Off>  // MeetingCalledOff, MeetingCancelled
void CheckOff(FieldCheck& check, const Path& at, const Off& p) {
  CheckReason(check, at, p.reason());
  check.Prose(at / "wording", p.wording());
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingCalledOff& p) {
  CheckOff(check, at, p);
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingCancelled& p) {
  CheckOff(check, at, p);
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingReinstated& p) {
  CheckDate(check, at / "date", p.has_date(), p.date(), Need::kOptional);
  CheckReason(check, at, p.reason());
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingMoved& p) {
  CheckMode(check, at, p.mode());
  check.Line(at / "place", p.place());
  if (p.mode() == v1::Mode::unspecified && p.place().empty()) {
    check.Fault(at, Reason::kFieldRequired, "", "give the new mode, the new place, or both");
  }
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingHeld& p) {
  CheckDate(check, at / "date", p.has_date(), p.date(), Need::kRequired);
  CheckMode(check, at, p.mode());
  check.Line(at / "place", p.place());
  CheckAttendees(check, at / "attendees", p.attendees());
  check.DurationText(at / "duration", p.duration());
}

void Check(FieldCheck& check, const Path& at, const v1::MeetingNotHeld& p) {
  CheckDate(check, at / "date", p.has_date(), p.date(), Need::kOptional);
  check.InEnum(at / "instead", p.instead(), &v1::MeetingNotHeld_Instead_IsValid);
  CheckReason(check, at, p.reason());
}

void Check(FieldCheck& check, const Path& at, const v1::PartiesChanged& p) {
  CheckParties(check, at / "added", p.added());
  ForEach(check, at / "removed", p.removed(), [&](const Path& item, const std::string& party) {
    check.Party(item, party, Need::kRequired);
  });
  check.WordIn(at / "level", WordList::kLevels, p.level());
  if (p.added().empty() && p.removed().empty()) {
    check.Fault(at, Reason::kFieldRequired, "", "say who was added or removed");
  }
}

void Check(FieldCheck& check, const Path& at, const v1::AttendeesNamed& p) {
  CheckAttendees(check, at / "attendees", p.attendees());
  if (p.attendees().empty()) check.Fault(at / "attendees", Reason::kFieldRequired, "", "");
}

void Check(FieldCheck& check, const Path& at, const v1::TopicsTagged& p) {
  check.WordIn(at / "topic", WordList::kTopics, p.topic(), Need::kRequired);
  CheckRelation(check, at / "relation", p.relation(), "topic");
}

void Check(FieldCheck& check, const Path& at, const v1::OutcomeRecorded& p) {
  check.WordIn(at / "kind", WordList::kOutcomes, p.kind(), Need::kRequired);
  check.Prose(at / "summary", p.summary());
  CheckTopics(check, at / "topics", p.topics());
  CheckDate(check, at / "date", p.has_date(), p.date(), Need::kOptional);
  CheckDate(check, at / "next_meeting", p.has_next_meeting(), p.next_meeting(), Need::kOptional);
  check.Prose(at / "quote", p.quote());
}

void Check(FieldCheck& check, const Path& at, const v1::StatementMade& p) {
  check.Line(at / "who", p.who(), kLineBytes, Need::kRequired);
  check.WordIn(at / "post", WordList::kPosts, p.post());
  ForEach(check, at / "about", p.about(),
          [&](const Path& item, const std::string& stream) { check.Stream(item, stream); });
  check.Date(at / "said_on", p.said_on());
  check.Prose(at / "summary", p.summary(), Need::kRequired);
  CheckTopics(check, at / "topics", p.topics());
  check.Prose(at / "quote", p.quote());
}

void Check(FieldCheck& check, const Path& at, const v1::ClaimRecorded& p) {
  check.InEnum(at / "claim", p.claim(), &v1::ClaimRecorded_Claim_IsValid);
  if (p.claim() == v1::ClaimRecorded::unspecified) {
    check.Fault(at / "claim", Reason::kFieldRequired, "", "");
  }
  const bool counts =
      p.claim() == v1::ClaimRecorded::nth_meeting || p.claim() == v1::ClaimRecorded::nth_partner;
  if (counts && p.value() == 0) {
    check.Fault(at / "value", Reason::kFieldRequired, "", "which number does the source give?");
  } else if (!counts && p.value() != 0 && v1::ClaimRecorded_Claim_IsValid(p.claim())) {
    check.Fault(at / "value", Reason::kFieldInvalid, std::to_string(p.value()),
                "only nth_meeting and nth_partner have a value");
  }
  if (p.has_scope()) {
    const Path scope = at / "scope";
    check.NoUnknownFields(scope, p.scope());
    check.WordIn(scope / "kind", WordList::kKinds, p.scope().kind());
    check.Party(scope / "party", p.scope().party());
    if (p.scope().window().starts_with('P')) {
      check.DurationText(scope / "window", p.scope().window());
    } else {
      check.Date(scope / "window", p.scope().window());
    }
  }
  check.Prose(at / "wording", p.wording());
}

void Check(FieldCheck& check, const Path& at, const v1::RhythmAgreed& p) {
  check.WordIn(at / "series", WordList::kSeries, p.series());
  check.DurationText(at / "every", p.every(), Need::kRequired);
}

void Check(FieldCheck& check, const Path& at, const v1::CoverageDeclared& p) {
  check.WordIn(at / "kind", WordList::kKinds, p.kind(), Need::kRequired);
  check.Party(at / "party", p.party());
  const bool from = check.SingleDay(at / "from", p.from(), Need::kRequired);
  if (check.SingleDay(at / "to", p.to()) && from &&
      *Day::FromIso(p.to()) < *Day::FromIso(p.from())) {
    check.Fault(at / "to", Reason::kDateInvalid, p.to(), "lies before `from`");
  }
}

void Check(FieldCheck& check, const Path& at, const v1::MentionRecorded& p) {
  check.Line(at / "coder", p.coder(), kIdBytes, Need::kRequired);
  check.Line(at / "code", p.code(), kIdBytes, Need::kRequired);
  ForEach(check, at / "actors", p.actors(), [&](const Path& item, const std::string& actor) {
    check.Party(item, actor, Need::kRequired);
  });
  check.SingleDay(at / "day", p.day(), Need::kRequired);
  check.Url(at / "url", p.url());
}

void CheckLinked(FieldCheck& check, const Path& at, const v1::MeetingLinked& p,
                 const StreamContext& stream) {
  if (check.MeetingStream(at / "other", p.other()) && p.other() == stream.name) {
    check.Fault(at / "other", Reason::kFieldInvalid, p.other(), "a meeting is not its own other");
  }
  CheckRelation(check, at / "relation", p.relation(), "meeting");
}

void CheckMerged(FieldCheck& check, const Path& at, const v1::MeetingsMerged& p,
                 const StreamContext& stream) {
  CheckTwoMeetings(check, at, "survivor", p.survivor(), "absorbed", p.absorbed(), stream);
  if (!(p.score() >= 0 && p.score() <= 1)) {  // refuses NaN too
    check.Fault(at / "score", Reason::kFieldInvalid, fmt::format("{}", p.score()),
                "a score lies between 0 and 1");
  }
  ForEach(check, at / "reasons", p.reasons(), [&](const Path& item, const std::string& reason) {
    check.Line(item, reason, kLineBytes, Need::kRequired);
  });
}

void CheckSplit(FieldCheck& check, const Path& at, const v1::MeetingSplit& p,
                const StreamContext& stream) {
  CheckTwoMeetings(check, at, "from", p.from(), "to", p.to(), stream);
  ForEach(check, at / "event_ids", p.event_ids(), [&](const Path& item, const std::string& id) {
    check.EventId(item, id, Need::kRequired);
  });
  if (p.event_ids().empty()) check.Fault(at / "event_ids", Reason::kFieldRequired, "", "");
}

void CheckCorrected(FieldCheck& check, const Path& at, const v1::ReportCorrected& p,
                    const StreamContext& stream) {
  check.EventId(at / "target", p.target(), Need::kRequired);
  CheckBasis(check, at / "basis", p.basis());
  check.Prose(at / "why", p.why());
  const Path replacement = at / "replacement";
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

void CheckRetracted(FieldCheck& check, const Path& at, const v1::ReportRetracted& p) {
  check.EventId(at / "target", p.target(), Need::kRequired);
  CheckBasis(check, at / "basis", p.basis());
  check.Prose(at / "why", p.why());
}

template <class Body>
void CheckBody(FieldCheck& check, const Path& at, const Body& body, const StreamContext& stream) {
  if (body.has_meeting()) CheckIdentity(check, at / "meeting", body.meeting());

  const auto payload = [&](std::string_view name, const auto& message, unsigned kinds, auto each) {
    Fits(check, stream, name, kinds);
    const Path field = at / name;
    check.NoUnknownFields(field, message);
    each(field, message);
  };
  const auto plain = [&](const Path& field, const auto& message) { Check(check, field, message); };
  const auto server_only = [&](std::string_view name) {
    check.Fault(at / name, Reason::kFieldInvalid, "", "only the server makes events of this type");
  };

  switch (body.payload_case()) {
    case Body::kMeetingAnnounced:
      return payload("meeting_announced", body.meeting_announced(), kMeeting, plain);
    case Body::kMeetingScheduled:
      return payload("meeting_scheduled", body.meeting_scheduled(), kMeeting, plain);
    case Body::kMeetingRescheduled:
      return payload("meeting_rescheduled", body.meeting_rescheduled(), kMeeting, plain);
    case Body::kMeetingPostponed:
      return payload("meeting_postponed", body.meeting_postponed(), kMeeting, plain);
    case Body::kMeetingCalledOff:
      return payload("meeting_called_off", body.meeting_called_off(), kMeeting, plain);
    case Body::kMeetingCancelled:
      return payload("meeting_cancelled", body.meeting_cancelled(), kMeeting, plain);
    case Body::kMeetingReinstated:
      return payload("meeting_reinstated", body.meeting_reinstated(), kMeeting, plain);
    case Body::kMeetingMoved:
      return payload("meeting_moved", body.meeting_moved(), kMeeting, plain);
    case Body::kMeetingHeld:
      return payload("meeting_held", body.meeting_held(), kMeeting, plain);
    case Body::kMeetingNotHeld:
      return payload("meeting_not_held", body.meeting_not_held(), kMeeting, plain);
    case Body::kPartiesChanged:
      return payload("parties_changed", body.parties_changed(), kMeeting, plain);
    case Body::kAttendeesNamed:
      return payload("attendees_named", body.attendees_named(), kMeeting, plain);
    case Body::kTopicsTagged:
      return payload("topics_tagged", body.topics_tagged(), kMeeting, plain);
    case Body::kOutcomeRecorded:
      return payload("outcome_recorded", body.outcome_recorded(), kMeeting, plain);
    case Body::kStatementMade:
      return payload("statement_made", body.statement_made(), kAny, plain);
    case Body::kClaimRecorded:
      return payload("claim_recorded", body.claim_recorded(), kAny, plain);
    case Body::kRhythmAgreed:
      return payload("rhythm_agreed", body.rhythm_agreed(), kAny,
                     [&](const Path& field, const v1::RhythmAgreed& rhythm) {
                       Check(check, field, rhythm);
                       const bool names_one = stream.kind == StreamKind::kMeeting ||
                                              stream.kind == StreamKind::kSeries;
                       if (stream.kind && !names_one && rhythm.series().empty()) {
                         check.Fault(field / "series", Reason::kFieldRequired, "",
                                     "which series? This stream names none");
                       }
                     });
    case Body::kCoverageDeclared:
      return payload("coverage_declared", body.coverage_declared(), kNotMeeting, plain);
    case Body::kMentionRecorded:
      return payload("mention_recorded", body.mention_recorded(), kPair, plain);
    case Body::kMeetingLinked:
      return payload("meeting_linked", body.meeting_linked(), kMeeting,
                     [&](const Path& field, const v1::MeetingLinked& linked) {
                       CheckLinked(check, field, linked, stream);
                     });
    case Body::kMeetingsMerged:
      return payload("meetings_merged", body.meetings_merged(), kMeeting,
                     [&](const Path& field, const v1::MeetingsMerged& merged) {
                       CheckMerged(check, field, merged, stream);
                     });
    case Body::kMeetingSplit:
      return payload("meeting_split", body.meeting_split(), kMeeting,
                     [&](const Path& field, const v1::MeetingSplit& split) {
                       CheckSplit(check, field, split, stream);
                     });
    case Body::kReportCorrected:
      return payload("report_corrected", body.report_corrected(), kAny,
                     [&](const Path& field, const v1::ReportCorrected& corrected) {
                       CheckCorrected(check, field, corrected, stream);
                     });
    case Body::kReportRetracted:
      return payload("report_retracted", body.report_retracted(), kAny,
                     [&](const Path& field, const v1::ReportRetracted& retracted) {
                       CheckRetracted(check, field, retracted);
                     });
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
