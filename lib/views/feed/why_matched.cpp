#include "views/feed/why_matched.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "domain/meeting/fold.h"
#include "views/answers/filter.h"
#include "views/postings/term.h"

namespace entente::views {
namespace {

constexpr std::string_view kOpen = "status/open";

// Of a meeting; the subject of another change has none.
std::vector<const v1::Meeting*> StatesOf(const SeenChange& seen) {
  std::vector<const v1::Meeting*> states;
  const auto add = [&](const BeforeAndAfter& around) {
    for (const v1::Meeting* meeting : {&around.before, &around.after}) {
      if (!meeting->id().empty()) states.push_back(meeting);
    }
  };
  if (seen.states) add(*seen.states);
  std::ranges::for_each(seen.told, add);
  return states;
}

bool Held(const v1::Change& change, const std::string& term) {
  const auto holds = [&](const auto& terms) {
    return std::ranges::find(terms, term) != terms.end();
  };
  return holds(change.terms_before()) || holds(change.terms_after());
}

// Whether a country that the group asks for was a member of this party at the time.
bool Belonged(const CompiledFilter::Group& group, const std::string& party, const SeenChange& seen,
              const std::vector<const v1::Meeting*>& states, const domain::PartyRegistry& parties) {
  const auto fits = [&](const domain::Bounds& days) {
    return FitMember(group, party, days, parties) != Fit::kNo;
  };
  if (!seen.states) return fits(DaysOf(seen.report ? seen.report->reported() : std::string()));
  return std::ranges::any_of(
      states, [&](const v1::Meeting* meeting) { return fits(BoundsOf(meeting->date())); });
}

// Several share the term `open`; the state tells which of them it was.
void AddOpenStatuses(const CompiledFilter& filter, const std::vector<const v1::Meeting*>& states,
                     std::set<std::string>* why) {
  constexpr std::string_view kPrefix = "status_";
  const auto add = [&](const v1::Meeting& reading) {
    const v1::Meeting::Status status = domain::PrintedStatus(reading, Day::BeforeAll());
    if (!filter.statuses.contains(status)) return;
    why->insert(
        TermText(TermKind::kStatus, v1::Meeting::Status_Name(status).substr(kPrefix.size())));
  };
  for (const v1::Meeting* meeting : states) {
    add(*meeting);
    std::ranges::for_each(domain::RivalReadings(*meeting), add);
  }
}

std::string Interval(const v1::Filter& filter) {
  const auto end = [](const std::string& day) { return day.empty() ? ".." : day; };
  return fmt::format("date/{}/{}", end(filter.from()), end(filter.to()));
}

}  // namespace

std::set<std::string> WhyMatched(const FeedFilter& filter, const SeenChange& seen,
                                 const domain::PartyRegistry& parties) {
  std::set<std::string> why;
  const CompiledFilter* const compiled = filter.compiled();
  if (compiled == nullptr) return why;
  const std::vector<const v1::Meeting*> states = StatesOf(seen);
  for (std::size_t g = 0; g < compiled->groups.size(); ++g) {
    const CompiledFilter::Group& group = compiled->groups[g];
    const std::vector<std::string>& texts = filter.terms()[g];
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (!Held(seen.change, texts[i])) continue;
      if (texts[i] == kOpen) {
        AddOpenStatuses(*compiled, states, &why);
      } else if (group.members.empty() ||
                 Belonged(group, group.terms[i].name, seen, states, parties)) {
        why.insert(texts[i]);
      }
    }
  }
  for (const std::string& type : compiled->change_types) {
    if (Held(seen.change, type)) why.insert(type);
  }
  if (compiled->window) why.insert(Interval(filter.filter()));
  return why;
}

}  // namespace entente::views
