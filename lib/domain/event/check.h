// What ingest refuses: only what is malformed. What a report implies, however odd, is the fold's.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/event.pb.h"
#include "values/error.h"

namespace entente::domain {

// All faults of the event's form, in the order of docs/errors.md, each with the path of its field
// (`meeting_postponed.old_date.edtf`). Empty: well-formed. Pure.
Errors CheckEvent(const v1::NewEvent& event, const PartyRegistry& parties,
                  const Vocabulary& vocabulary);

// Streams beside its own that the event's body names and that its facts concern: the other side
// of a merge, split or link, what a statement is about. Sorted, without its own. Pure.
std::vector<std::string> OtherSubjects(std::string_view stream, const v1::Facts& facts);

}  // namespace entente::domain
