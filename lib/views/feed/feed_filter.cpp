#include <fmt/format.h>

#include "views/answers/filter.h"
#include "views/feed.h"

namespace entente::views {

Result<FeedFilter> FeedFilter::Compile(const v1::Filter& filter,
                                       const domain::PartyRegistry& parties,
                                       const domain::Vocabulary& vocabulary) {
  for (int i = 0; i < filter.statuses_size(); ++i) {
    if (filter.statuses(i) == v1::Meeting::status_lapsed) {
      return Fail(Reason::kQueryInvalid, fmt::format("filter.statuses[{}]", i), "lapsed",
                  "no report makes a meeting lapse, so no change tells of it; ask for what is "
                  "pending");
    }
  }
  auto compiled = CompileFilter(filter, parties, vocabulary);
  if (!compiled) return Fail(std::move(compiled.error()));
  FeedFilter feed_filter;
  feed_filter.filter_ = filter;
  for (const CompiledFilter::Group& group : compiled->groups) {
    auto& terms = feed_filter.terms_.emplace_back();
    for (const Term& term : group.terms) terms.push_back(TermText(term.kind, term.name));
  }
  if (!compiled->change_types.empty()) feed_filter.terms_.push_back(compiled->change_types);
  feed_filter.compiled_ = std::make_shared<const CompiledFilter>(std::move(*compiled));
  return feed_filter;
}

}  // namespace entente::views
