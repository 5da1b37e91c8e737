// Changes in the order of the feed, in words; the same words as alerts.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

std::string Changes(const v1::ChangesRequest& asked, const v1::ChangesReply& reply,
                    const Style& style);

// One alert, with an empty line behind it. Its second line has what a program needs to go on from
// here: position and ordinal.
std::string Alert(const v1::DescribedChange& change, const Style& style);

}  // namespace entente::cli::render
