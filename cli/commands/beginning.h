// Where a subscription begins, as it stands on the command line.
#pragma once

#include <string>

#include "entente/v1/subscription.pb.h"
#include "values/error.h"

namespace entente::cli {

// "now", a position of the log, a recorded UTC day or time, or "" for the first change. Of a
// SubscribeRequest or a CreateGroupRequest. QUERY_INVALID.
Status SetBeginning(const std::string& from, v1::SubscribeRequest* request);
Status SetBeginning(const std::string& from, v1::CreateGroupRequest* request);

}  // namespace entente::cli
