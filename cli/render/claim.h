// Claims in words: what a source counts or ranks, and what our log says to it.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "entente/v1/meeting.pb.h"

namespace entente::cli::render {

// "the first two-plus-two", "the 8th partner of Japan in two-plus-two"
std::string ClaimInWords(const v1::ClaimFact& claim, const Names& names);

// "Not contradicted, not confirmed: our log holds …"
std::string VerdictInWords(const v1::ClaimFact& claim);

}  // namespace entente::cli::render
