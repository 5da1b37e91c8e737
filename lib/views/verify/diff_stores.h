// What one set of views says differently of meetings than another.
#pragma once

#include <cstdint>
#include <functional>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/query.pb.h"
#include "values/day.h"
#include "values/error.h"
#include "views/verify/row_stream.h"
#include "views/view_store.h"

namespace entente::views {

// In the order of their ids, in one pass over the meetings of both. `visit` gets what differs;
// rows may differ and yet say the same. Gives how many meetings `after` has. `today` decides what
// has lapsed in either. `go_on` is asked now and then; false: STOPPING. STORE_DAMAGED, and whatever
// stands between us and the stream.
Result<std::uint64_t> DiffStores(RowStream& before, const Snapshot& after, Day today,
                                 const domain::PartyRegistry& parties,
                                 const domain::Vocabulary& vocabulary,
                                 const std::function<void(v1::MeetingDiff)>& visit,
                                 const std::function<bool()>& go_on);

}  // namespace entente::views
