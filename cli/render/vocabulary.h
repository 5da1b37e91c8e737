// The words of a vocabulary, and what the log holds of each.
#pragma once

#include <string>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

std::string VocabularyWords(const v1::VocabularyRequest& asked, const v1::VocabularyReply& reply,
                            const Style& style);

}  // namespace entente::cli::render
