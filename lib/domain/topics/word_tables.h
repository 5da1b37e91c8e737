// The tables that scripts/generate-vocabulary writes from data/. Only the vocabulary reads them.
#pragma once

#include <span>
#include <string_view>

#include "domain/topics/vocabulary.h"

namespace entente::domain {

// Lists within a column are joined with '|'. Rows of one list stand together, by id.
struct WordRow {
  WordList list;
  std::string_view id, name, plural, aliases, broader, level, kind, parties, iptc, use;
};

std::span<const WordRow> BuiltInWords();

}  // namespace entente::domain
