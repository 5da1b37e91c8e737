#include "cli/render/vocabulary.h"

#include "cli/render/horizon.h"
#include "cli/render/names.h"
#include "cli/render/table.h"

namespace entente::cli::render {

std::string VocabularyWords(const v1::VocabularyRequest& asked, const v1::VocabularyReply& reply,
                            const Style& style) {
  const bool topics = asked.what() == v1::VocabularyRequest::topics;
  std::vector<Column> columns = {{.heading = "word"},
                                 {.heading = "name", .flexible = true, .narrowest = 20},
                                 {.heading = "meetings", .right = true}};
  if (topics) columns.push_back({.heading = "broader"});
  Table table(std::move(columns));
  for (const v1::VocabularyReply::Word& word : reply.words()) {
    std::vector<Cell> cells = {{word.id(), Tint::kStrong},
                               word.name(),
                               CertainToPossible(word.certain(), word.meetings())};
    if (topics) cells.emplace_back(word.broader(), Tint::kFaint);
    table.Row(std::move(cells));
  }
  std::string out = table.Print(style);
  out += out.empty() ? "The log holds none yet.\n\n" : "\n";
  return out + Horizon(reply.answered(), asked.context(), style);
}

}  // namespace entente::cli::render
