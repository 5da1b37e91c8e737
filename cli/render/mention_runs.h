// What machine-coded rows say, as runs that may each be a meeting.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

// "visits on 29 days between 5 April and 4 May 2014, most on 24 April 2014 (61 rows of icews)".
std::string RunInWords(const v1::MentionRun& run);

// A table of its own below a timeline; empty if there are none.
std::string Candidates(const v1::TimelineReply& reply, const Names& names, const Style& style);

}  // namespace entente::cli::render
