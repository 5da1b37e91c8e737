// What is put off or has no date yet.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

// The pending ones, and apart from them those whose latest day passed without news.
std::string Pending(const v1::PendingRequest& asked, const v1::PendingReply& reply,
                    const Names& names, const Style& style);

}  // namespace entente::cli::render
