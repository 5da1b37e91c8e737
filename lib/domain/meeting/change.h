// What one event changed about a subject: the entries of the change feed.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
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
// The same one by one, in no order, as their kind and name; one may come several times, and is had
// for certain if it comes so once.
using VisitTerm = std::function<void(std::string_view kind, std::string_view name, bool possibly)>;
void VisitTerms(const v1::Meeting& meeting, const VisitTerm& visit);

// Reasons, ordered and unique, why `after` differs from `before` given the report that was added
// (its facts, its fate). Only `confirmed` when nothing differs. `before` may be empty (default).
std::vector<v1::ChangeType::Value> ReasonsFor(const v1::Meeting& before, const v1::Meeting& after,
                                              const v1::Report& added);

// How two states of a meeting differ, as far as it is news. ReasonsFor makes it of two whole
// states; who follows a meeting makes it as the reports come.
struct Difference {
  struct Side {
    v1::Meeting::Standing standing = v1::Meeting::unspecified;
    v1::Meeting::Outcome outcome = v1::Meeting::outcome_unspecified;
    v1::DateFact::State date_state = v1::DateFact::unspecified;
    std::string date;
  };
  Side was;
  Side is;
  bool existed = false;  // there was such a meeting before
  bool values = false;   // any value is another, of those below or not
  bool moved = false;    // from a place or mode that was known
  bool parties = false;  // who takes part, in what role, at what level
  bool attendees = false;
  bool topics = false;
  bool results = false;
  bool statements = false;
  bool claims = false;
  bool links = false;
  bool absorbed = false;
  // There are more findings of the kind on some facet.
  bool more_disputed = false;
  bool more_unconfirmed = false;
  bool more_inconsistent = false;
};
std::vector<v1::ChangeType::Value> ReasonsOf(const Difference& difference, const v1::Facts& added);

// The same for a subject that is no meeting; its terms are its own name as a term.
std::vector<v1::ChangeType::Value> ReasonsForSubject(const v1::Report& added);

}  // namespace entente::domain
