// The generations of the views, and the one on its way.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <cstdint>
#include <string>

#include "cli/render/style.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/view.pb.h"

namespace entente::cli::render {

// A table, and below it what is being built.
std::string Generations(const v1::GenerationsReply& reply, const Style& style);

// "g3 is being built from the log: position 10 of 22 (45 %), 1,200 events a second, about 12 s
// left; 1 event parked". No newline.
std::string BuildInWords(const v1::GenerationBuild& build);

// The part of it that is done, 0 to 1.
double PartDone(const v1::GenerationBuild& build);

// Events that could not be projected: where each stands, and why.
std::string ParkedEvents(const google::protobuf::RepeatedPtrField<v1::ParkedEventsReply::One>& all,
                         const Style& style);

// "12 s", "3 min", "2 h 10 min": what a person makes of a time to wait.
std::string DurationInWords(std::uint64_t seconds);

// "900 B", "1.5 MiB"
std::string BytesInWords(std::uint64_t bytes);

}  // namespace entente::cli::render
