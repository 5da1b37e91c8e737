// What two states of the meetings say differently.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>

#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

// One row for each fact that differs; of a meeting that came or went only when it is, and how it
// stands. Empty where nothing differs.
std::string MeetingDiffs(const google::protobuf::RepeatedPtrField<v1::MeetingDiff>& meetings,
                         const Style& style);

// "2 added, 1 changed"; empty for none.
std::string CountedDiffs(const google::protobuf::RepeatedPtrField<v1::MeetingDiff>& meetings);

std::string Diff(const v1::DiffRequest& asked, const v1::DiffReply& reply, const Style& style);

}  // namespace entente::cli::render
