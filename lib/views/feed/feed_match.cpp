#include "views/feed/feed_match.h"

#include <algorithm>
#include <vector>

#include "views/answers/filter.h"
#include "views/feed/change_rows.h"

namespace entente::views {
namespace {

using TermList = google::protobuf::RepeatedPtrField<std::string>;

bool Holds(const TermList& held, const std::string& term) {
  return std::ranges::find(held, term) != held.end();
}

bool HoldsOneOf(const TermList& held, const std::vector<std::string>& wanted) {
  return std::ranges::any_of(wanted, [&](const std::string& term) { return Holds(held, term); });
}

// Before a change no type holds, but for that of what a correction or retraction takes back.
bool TypeFits(const CompiledFilter* filter, const v1::Change& change) {
  return filter == nullptr || filter->change_types.empty() ||
         HoldsOneOf(change.terms_after(), filter->change_types) ||
         HoldsOneOf(change.terms_before(), filter->change_types);
}

// All groups but that of change types, which belong to no state.
bool TermsFit(const CompiledFilter* filter, const TermList& held) {
  if (filter == nullptr) return true;
  return std::ranges::all_of(filter->groups, [&](const CompiledFilter::Group& group) {
    return std::ranges::any_of(
        group.terms, [&](const Term& term) { return Holds(held, TermText(term.kind, term.name)); });
  });
}

bool StateFits(const CompiledFilter& filter, const v1::Meeting& meeting,
               const domain::PartyRegistry& parties) {
  if (meeting.id().empty()) return false;
  return Passes(filter, FitMeeting(filter, meeting, PlaceOf(meeting), Day::BeforeAll(), parties));
}

// A subject that is no meeting has no date: it fits no window, and its organisations have the
// members of the day on which it was spoken of.
bool SubjectFits(const CompiledFilter& filter, const SeenChange& seen,
                 const domain::PartyRegistry& parties) {
  if (filter.window) return false;
  std::vector<std::string> codes;
  for (const TermList* terms : {&seen.change.terms_before(), &seen.change.terms_after()}) {
    for (const std::string& text : *terms) {
      Term term = ParseTerm(text);
      if (term.kind == TermKind::kCountry) codes.push_back(std::move(term.name));
    }
  }
  const Fit fit =
      FitMembers(filter, codes, seen.report ? seen.report->reported() : std::string(), parties);
  return Passes(filter, fit);
}

}  // namespace

bool WantsConfirmations(const FeedFilter& filter) {
  const auto& types = filter.filter().change_types();
  return filter.with_confirmations ||
         std::ranges::find(types, v1::ChangeType::confirmed) != types.end();
}

bool TermsMatch(const FeedFilter& filter, const v1::Change& change) {
  if (change.backfill() && !filter.with_backfill) return false;
  if (OnlyConfirms(change) && !WantsConfirmations(filter)) return false;
  return TypeFits(filter.compiled(), change) &&
         (TermsFit(filter.compiled(), change.terms_before()) ||
          TermsFit(filter.compiled(), change.terms_after()));
}

bool StatesMatch(const FeedFilter& filter, const SeenChange& seen,
                 const domain::PartyRegistry& parties) {
  const CompiledFilter* const compiled = filter.compiled();
  if (compiled == nullptr ||
      (!compiled->window && !compiled->NeedsState() && !compiled->certain_only)) {
    return true;
  }
  if (!seen.states) return SubjectFits(*compiled, seen, parties);
  const auto fits = [&](const v1::Meeting& meeting) {
    return StateFits(*compiled, meeting, parties);
  };
  return fits(seen.states->before) || fits(seen.states->after) ||
         std::ranges::any_of(seen.told, [&](const BeforeAndAfter& told) {
           return fits(told.before) || fits(told.after);
         });
}

}  // namespace entente::views
