// Whether a change matches a filter: a pure function of both.
#pragma once

#include "domain/parties/party_registry.h"
#include "views/feed.h"
#include "views/feed/describe_change.h"

namespace entente::views {

// Whether it asks for changes that only confirm.
bool WantsConfirmations(const FeedFilter& filter);

// What terms do not say: days, statuses without a term of their own, membership.
bool StatesMatch(const FeedFilter& filter, const SeenChange& seen,
                 const domain::PartyRegistry& parties);

}  // namespace entente::views
