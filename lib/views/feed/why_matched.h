// Why a change matched a filter: a pure function of both.
#pragma once

#include <set>
#include <string>

#include "domain/parties/party_registry.h"
#include "views/feed.h"
#include "views/feed/describe_change.h"

namespace entente::views {

// What of the filter a change that matches it has, before or after: terms (`country/JP`,
// `type/postponed`), statuses (`status/scheduled`), and the days asked for as an EDTF interval
// (`date/2021-04-01/2021-04-30`, `date/2021-04-01/..`). With `members_too` also the organisations
// that one of the countries belonged to, and no others. Empty where the filter asks for nothing.
std::set<std::string> WhyMatched(const FeedFilter& filter, const SeenChange& seen,
                                 const domain::PartyRegistry& parties);

}  // namespace entente::views
