// What one event changed about a subject: the entries of the change feed.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"

namespace entente::domain {

// The terms under which a meeting is found: country/JP (every party that takes part; observers,
// mediators and hosts too, a mere venue not), pair/IN-JP (only if it ever had exactly two
// participants), topic/… (as tagged; broader ones are the query's business), kind/…, series/…,
// status/… (held, cancelled, called_off, postponed, open: without `today`). Where something is
// disputed it has the terms of both sides, each mapped to true: found under it only possibly.
// A withdrawn meeting, one that nothing asserts, and one without kind and parties has none.
std::map<std::string, bool> TermsOf(const v1::Meeting& meeting);

// Reasons, ordered and unique, why `after` differs from `before` given the report that was added
// (its facts, its fate). Only `confirmed` when nothing differs. `before` may be empty (default).
std::vector<v1::ChangeType::Value> ReasonsFor(const v1::Meeting& before, const v1::Meeting& after,
                                              const v1::Report& added);

// The same for a subject that is no meeting; its terms are its own name as a term.
std::vector<v1::ChangeType::Value> ReasonsForSubject(const v1::Report& added);

}  // namespace entente::domain
