// Meetings in the order of their days.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

//       date             status   meeting                            mode     topics
//       3 February 2021  held     Japan-United Kingdom two-plus-two  video    free-and-open-…
//                                 jp-gb-two-plus-two-2021-02 · a Japanese daily, 5 May 2021, p. 3
//     ┌ March 2021       held     Japan-United States two-plus-two   unknown  maritime-security
//     └ March 2021       held     Japan-Indonesia two-plus-two       unknown
//
//     ┌ └  the order of these is not known
std::string Timeline(const v1::TimelineRequest& asked, const v1::TimelineReply& reply,
                     const Names& names, const Style& style);

}  // namespace entente::cli::render
