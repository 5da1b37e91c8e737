#include "views/answers/links.h"

#include <functional>
#include <map>
#include <set>
#include <tuple>

#include "views/answers/roster.h"

namespace entente::views {

void FollowLinks(const AnswerContext& context, const Question& question, v1::Meeting* meeting) {
  if (meeting->links().empty()) return;
  struct Said {
    std::set<std::uint32_t, std::greater<>> by;  // highest-ranked first
    bool suggested = true;
  };
  std::map<std::pair<std::string, std::string>, Said> links;
  for (const v1::LinkFact& link : meeting->links()) {
    const std::string other = SurvivorAsAsked(context, question, link.other());
    if (other == meeting->id()) continue;
    Said& said = links[{link.relation(), other}];
    said.by.insert(link.said_by().begin(), link.said_by().end());
    said.suggested = said.suggested && link.suggested();
  }
  meeting->clear_links();
  for (const auto& [link, said] : links) {
    v1::LinkFact* fact = meeting->add_links();
    fact->set_relation(link.first);
    fact->set_other(link.second);
    fact->set_suggested(said.suggested);
    for (const std::uint32_t index : said.by) fact->add_said_by(index);
  }
}

}  // namespace entente::views
