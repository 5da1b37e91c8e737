// The form of what an event says: `meeting` and payload, of a NewEvent or of the Facts that a
// correction puts in its place.
#pragma once

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

void CheckFacts(FieldCheck& check, const FieldPath& at, const v1::NewEvent& event,
                const StreamContext& stream);
void CheckFacts(FieldCheck& check, const FieldPath& at, const v1::Facts& facts,
                const StreamContext& stream);

}  // namespace entente::domain
