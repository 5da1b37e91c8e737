#include <string>

#include "domain/event/payloads.h"
#include "domain/event/report_parts.h"

namespace entente::domain {

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::StatementMade& p,
                  const StreamContext&) {
  check.Line(at / "who", p.who(), kLineBytes, Need::kRequired);
  check.WordIn(at / "post", WordList::kPosts, p.post());
  ForEach(check, at / "about", p.about(),
          [&](const FieldPath& item, const std::string& stream) { check.Stream(item, stream); });
  check.Date(at / "said_on", p.said_on());
  check.Prose(at / "summary", p.summary(), Need::kRequired);
  CheckTopics(check, at / "topics", p.topics());
  check.Prose(at / "quote", p.quote());
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::ClaimRecorded& p,
                  const StreamContext&) {
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
    const FieldPath scope = at / "scope";
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

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::RhythmAgreed& p,
                  const StreamContext& stream) {
  check.WordIn(at / "series", WordList::kSeries, p.series());
  check.DurationText(at / "every", p.every(), Need::kRequired);
  const bool names_one = stream.kind == StreamKind::kMeeting || stream.kind == StreamKind::kSeries;
  if (stream.kind && !names_one && p.series().empty()) {
    check.Fault(at / "series", Reason::kFieldRequired, "", "which series? This stream names none");
  }
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::CoverageDeclared& p,
                  const StreamContext&) {
  check.WordIn(at / "kind", WordList::kKinds, p.kind(), Need::kRequired);
  check.Party(at / "party", p.party());
  const bool from = check.SingleDay(at / "from", p.from()) && !p.from().empty();
  if (check.SingleDay(at / "to", p.to()) && from &&
      *Day::FromIso(p.to()) < *Day::FromIso(p.from())) {
    check.Fault(at / "to", Reason::kDateInvalid, p.to(), "lies before `from`");
  }
}

void CheckPayload(FieldCheck& check, const FieldPath& at, const v1::MentionRecorded& p,
                  const StreamContext&) {
  check.Line(at / "coder", p.coder(), kIdBytes, Need::kRequired);
  check.Line(at / "code", p.code(), kIdBytes, Need::kRequired);
  ForEach(check, at / "actors", p.actors(), [&](const FieldPath& item, const std::string& actor) {
    check.Party(item, actor, Need::kRequired);
  });
  check.SingleDay(at / "day", p.day(), Need::kRequired);
  check.Url(at / "url", p.url());
}

}  // namespace entente::domain
