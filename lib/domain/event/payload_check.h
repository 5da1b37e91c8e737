// The form of what an event says: `meeting` and payload, of a NewEvent or of the Facts that a
// correction puts in its place.
#pragma once

#include "domain/event/field_check.h"
#include "domain/event/payloads.h"
#include "entente/v1/event.pb.h"

namespace entente::domain {

void CheckFacts(FieldCheck& check, const FieldPath& at, const v1::NewEvent& event,
                const StreamContext& stream);
void CheckFacts(FieldCheck& check, const FieldPath& at, const v1::Facts& facts,
                const StreamContext& stream);

}  // namespace entente::domain
