#include "domain/event/check.h"

#include <utility>

#include "domain/event/field_check.h"
#include "domain/event/payload_check.h"

namespace entente::domain {
namespace {

void CheckSource(FieldCheck& check, const FieldPath& at, const v1::Source& source) {
  check.NoUnknownFields(at, source);
  if (source.publisher().empty()) {
    check.Fault(at / "publisher", Reason::kProvenanceMissing, "", "who says so?");
  }
  check.Line(at / "publisher", source.publisher());
  check.Line(at / "title", source.title());
  check.Url(at / "url", source.url());
  check.Time(at / "published", source.published());
  check.Line(at / "locator", source.locator());
  check.LanguageTag(at / "language", source.language());
  check.InEnum(at / "class", source.class_(), &v1::Source_Class_IsValid);
  if (source.class_() == v1::Source::unspecified) {
    check.Fault(at / "class", Reason::kProvenanceMissing, "",
                "say official, media, unnamed_sources or inferred");
  }
}

void CheckCarriage(FieldCheck& check, const FieldPath& at, const v1::NewEvent& event) {
  check.EventId(at / "id", event.id(), Need::kOptional);
  if (event.has_origin()) {
    const FieldPath origin = at / "origin";
    check.NoUnknownFields(origin, event.origin());
    check.Line(origin / "importer", event.origin().importer(), kIdBytes);
    check.Line(origin / "version", event.origin().version(), kIdBytes);
  }
  check.Line(at / "correlation_id", event.correlation_id(), kIdBytes);
  check.Line(at / "causation_id", event.causation_id(), kIdBytes);
}

}  // namespace

Errors CheckEvent(const v1::NewEvent& event, const PartyRegistry& parties,
                  const Vocabulary& vocabulary) {
  FieldCheck check(parties, vocabulary);
  const FieldPath root;
  check.NoUnknownFields(root, event);

  StreamContext stream{event.stream(), std::nullopt};
  if (const auto name = check.Stream(root / "stream", event.stream())) stream.kind = name->kind;

  check.Time(root / "reported", event.reported());
  if (event.reported().empty() && event.source().published().empty()) {
    check.Fault(root / "reported", Reason::kProvenanceMissing, "",
                "when was it said? Give reported, or source.published");
  }
  CheckSource(check, root / "source", event.source());
  CheckFacts(check, root, event, stream);
  CheckCarriage(check, root, event);
  return std::move(check).Finish();
}

}  // namespace entente::domain
