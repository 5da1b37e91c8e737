// Counts of meetings: certain and possible, side by side.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

// One row a key, with the claims of sources about it and what our own count says of them.
std::string Stats(const v1::StatsRequest& asked, const v1::StatsReply& reply, const Names& names,
                  const Style& style);

}  // namespace entente::cli::render
