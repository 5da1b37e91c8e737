// One meeting, whole: its facets, each fact with who says so, what does not fit, all reports.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

// Facts point at reports by [number]; the reports follow below, newest rank last.
std::string Meeting(const v1::MeetingRequest& asked, const v1::MeetingReply& reply,
                    const Names& names, const Style& style);

// The same for a subject that is no meeting: a kind, series, country or pair.
std::string Subject(const v1::SubjectRequest& asked, const v1::SubjectReply& reply,
                    const Names& names, const Style& style);

}  // namespace entente::cli::render
