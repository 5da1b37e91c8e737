// What an answer can know of, as its last line.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

// "Horizon: 22 reports, all of 5 May 2021; asked as of 5 May 2021; first meeting 3 February 2021;
// 2021 is not over; position 22."
std::string Horizon(const v1::Answered& answered, const v1::QueryContext& asked,
                    const Style& style);

}  // namespace entente::cli::render
