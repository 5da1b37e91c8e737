// A filter with its names and words resolved: what a meeting must have, and when it must be.
// Queries, pages of changes and subscriptions all compile their filters here: one grammar.
#pragma once

#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "domain/dates/uncertain_date.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/query.pb.h"
#include "values/error.h"
#include "views/postings/term.h"
#include "views/terms/listing.h"

namespace entente::views {

struct CompiledFilter {
  // One of the terms must be there.
  struct Group {
    std::vector<Term> terms;
    // With `members_too`: the countries asked for. An organisation among `terms` then counts only
    // if one of these was its member on the meeting's day.
    std::vector<std::string> members;
  };
  std::vector<Group> groups;  // all of them must match
  std::optional<domain::Bounds> window;
  bool certain_only = false;
  // Empty: any. Those that no term says (scheduled, lapsed …) are read off the meeting's state.
  std::set<v1::Meeting::Status> statuses;
  // Of changes only.
  std::vector<std::string> change_types;

  // Terms and window do not decide alone.
  bool NeedsState() const;
};

// PARTY_UNKNOWN, PARTY_AMBIGUOUS, PARTY_NOT_A_NAME, WORD_UNKNOWN, DATE_INVALID, QUERY_INVALID,
// with the field in the filter.
Result<CompiledFilter> CompileFilter(const v1::Filter& filter, const domain::PartyRegistry& parties,
                                     const domain::Vocabulary& vocabulary);

enum class Fit { kNo, kPossibly, kCertainly };

// Whether a meeting fits the filter's groups by its terms.
Fit FitTerms(const CompiledFilter& filter, const v1::Meeting& meeting);
// Whether a date at this place in lists fits the window. The day that a postponed meeting had fits
// only possibly.
Fit FitPlace(const CompiledFilter& filter, const ListPlace& place, bool former_day);
// What only the state tells: statuses without a term of their own, and membership on the day.
Fit FitState(const CompiledFilter& filter, const v1::Meeting& meeting, Day today,
             const domain::PartyRegistry& parties);
// All of these together, for a meeting that stands at this place.
Fit FitMeeting(const CompiledFilter& filter, const v1::Meeting& meeting, const ListPlace& place,
               Day today, const domain::PartyRegistry& parties);
// Whether what fits so is let through.
bool Passes(const CompiledFilter& filter, Fit fit);
// With `members_too`: whether one of the countries asked for is among `codes`, or was a member of
// one of them on the day that a report gives (`2021-05-05`, or with the hours).
Fit FitMembers(const CompiledFilter& filter, std::span<const std::string> codes,
               const std::string& reported, const domain::PartyRegistry& parties);
// Whether a party is one of the countries that a group asks for, or had one of them as a member in
// these days.
Fit FitMember(const CompiledFilter::Group& group, const std::string& party,
              const domain::Bounds& days, const domain::PartyRegistry& parties);
// The days that a report's time, as its source prints it, may be of.
domain::Bounds DaysOf(const std::string& reported);
Fit Both(Fit a, Fit b);

}  // namespace entente::views
