#include "views/answers/listed_roster.h"

#include <algorithm>
#include <vector>

#include "views/meetings/meetings.h"

namespace entente::views {

namespace {

// Meetings of the list walked that are probed together.
constexpr std::size_t kFirstBatch = 8;
constexpr std::size_t kBatchMax = 64;

}  // namespace

using Group = CompiledFilter::Group;

// Walks several terms' lists as one, each meeting once.
class ListedRoster::UnionWalk {
 public:
  UnionWalk(const Snapshot& snapshot, const std::vector<Term>& terms,
            const std::vector<TermWalk::Part>& parts, bool backwards)
      : backwards_(backwards) {
    for (const Term& term : terms) {
      for (const TermWalk::Part& part : parts) {
        walks_.emplace_back(snapshot, term, part, backwards);
      }
    }
    Settle();
  }
  bool Valid() const { return at_ != nullptr; }
  const ListPlace& place() const { return at_->place(); }
  const TermFlags& flags() const { return flags_; }
  void Next() {
    if (walks_.size() == 1) {
      walks_.front().Next();
    } else {
      const ListPlace place = at_->place();
      for (TermWalk& walk : walks_) {
        if (walk.Valid() && walk.place() == place) walk.Next();
      }
    }
    Settle();
  }

 private:
  void Settle() {
    at_ = nullptr;
    for (const TermWalk& walk : walks_) {
      if (!walk.Valid()) continue;
      if (at_ == nullptr ||
          (backwards_ ? at_->place() < walk.place() : walk.place() < at_->place())) {
        at_ = &walk;
        flags_ = walk.flags();
      } else if (walk.place() == at_->place()) {
        flags_.only_possibly = flags_.only_possibly && walk.flags().only_possibly;
      }
    }
  }
  std::vector<TermWalk> walks_;
  bool backwards_;
  const TermWalk* at_ = nullptr;  // one that stands at the place
  TermFlags flags_;
};

ListedRoster::ListedRoster(const AnswerContext& context, const Question& question,
                           const CompiledFilter& filter, std::size_t expected)
    : context_(context),
      question_(question),
      filter_(filter),
      first_batch_(std::clamp(expected, kFirstBatch, kBatchMax)) {
  ChooseList();
}

void ListedRoster::Visit(bool newest_first, const ListPlace* after,
                         const std::function<bool(Match&)>& visit) const {
  const bool behind_dated = after != nullptr && !IsDated(*after);
  if (!behind_dated && !VisitDated(newest_first, after, visit)) return;
  // An undated meeting may be on any day of a window.
  Stretch undated;
  if (behind_dated) undated.behind = *after;
  VisitParts({{TermWalk::Section::kUndated, undated}}, false, visit);
}

// The group with the fewest meetings is walked, the others are probed.
void ListedRoster::ChooseList() {
  std::uint64_t fewest = UINT64_MAX;
  for (const Group& group : filter_.groups) {
    std::uint64_t meetings = 0;
    for (const Term& term : group.terms) meetings += CountOf(context_.snapshot, term).meetings;
    if (meetings >= fewest) continue;
    fewest = meetings;
    walked_ = &group;
  }
}

// Places sort by their earliest day. So behind the window's last day none lies in it; and before
// its first day only those do whose dates are long enough to reach it: some that begin within a
// month before it, and further back those that last longer, each sort no further than it can last.
//
//     longer ones only | a month | the window |
//     -----------------+---------+------------+--> earliest day
bool ListedRoster::VisitDated(bool newest_first, const ListPlace* after,
                              const std::function<bool(Match&)>& visit) const {
  Stretch all;
  if (after != nullptr) (newest_first ? all.before : all.behind) = *after;
  if (!filter_.window) return VisitParts({{TermWalk::Section::kDated, all}}, newest_first, visit);
  const auto narrowed = [](Stretch stretch, const std::optional<ListPlace>& behind,
                           const std::optional<ListPlace>& before) {
    if (behind && (!stretch.behind || *stretch.behind < *behind)) stretch.behind = behind;
    if (before && (!stretch.before || *before < *stretch.before)) stretch.before = before;
    return stretch;
  };
  std::optional<ListPlace> end;
  if (filter_.window->latest.finite()) end = BeginningOf(filter_.window->latest.PlusDays(1));
  if (!filter_.window->earliest.finite() ||
      context_.snapshot.projection_version() < kListedBySpanSince) {
    return VisitParts({{TermWalk::Section::kDated, narrowed(all, {}, end)}}, newest_first, visit);
  }
  const Day first = filter_.window->earliest;
  const ListPlace border = BeginningOf(FirstToReach(Span::kMonth, first));
  const auto visit_coarse = [&] {
    std::vector<TermWalk::Part> parts;
    for (const Span span : {Span::kSeason, Span::kYear, Span::kLong}) {
      const ListPlace begin = BeginningOf(FirstToReach(span, first));
      parts.push_back({TermWalk::Section::kCoarse, narrowed(all, begin, border), span});
    }
    return VisitParts(parts, newest_first, visit);
  };
  const auto visit_near = [&] {
    return VisitParts({{TermWalk::Section::kDated, narrowed(all, border, end)}}, newest_first,
                      visit);
  };
  return newest_first ? visit_near() && visit_coarse() : visit_coarse() && visit_near();
}

bool ListedRoster::VisitParts(const std::vector<TermWalk::Part>& parts, bool backwards,
                              const std::function<bool(Match&)>& visit) const {
  static const std::vector<Term> kAll = {Term{}};
  const auto& terms = walked_ != nullptr ? walked_->terms : kAll;
  UnionWalk walk(context_.snapshot, terms, parts, backwards);
  // Nothing but the list is looked at, and most are only counted: one match serves for all.
  if (filter_.groups.size() <= 1 && !filter_.NeedsState()) {
    for (Match match; walk.Valid(); walk.Next()) {
      const Fit fit = FitListed(walk);
      if (fit == Fit::kNo) continue;
      match.place = walk.place();
      match.state = {};
      match.former_day = walk.flags().former_day;
      match.certain = fit == Fit::kCertainly;
      if (!visit(match)) return false;
    }
    return true;
  }
  std::vector<Candidate> batch;
  for (std::size_t size = first_batch_; walk.Valid(); size = std::min(2 * size, kBatchMax)) {
    batch.clear();
    for (; batch.size() < size && walk.Valid(); walk.Next()) {
      const Fit fit = FitListed(walk);
      if (fit == Fit::kNo) continue;
      batch.push_back(
          {{.place = walk.place(), .former_day = walk.flags().former_day, .state = {}}, fit});
    }
    Narrow(&batch);
    for (Candidate& one : batch) {
      one.match.certain = one.fit == Fit::kCertainly;
      if (!visit(one.match)) return false;
    }
  }
  return true;
}

Fit ListedRoster::FitListed(const UnionWalk& walk) const {
  const Fit fit = FitPlace(filter_, walk.place(), walk.flags().former_day);
  return walk.flags().only_possibly ? Both(fit, Fit::kPossibly) : fit;
}

void ListedRoster::Narrow(std::vector<Candidate>* batch) const {
  const auto drop_misfits = [&] {
    std::erase_if(*batch, [](const Candidate& one) { return one.fit == Fit::kNo; });
  };
  for (const Group& group : filter_.groups) {
    if (&group == walked_ || batch->empty()) continue;
    std::vector<ListPlace> places;
    for (const Candidate& one : *batch) places.push_back(one.match.place);
    std::vector<Fit> fits(batch->size(), Fit::kNo);
    for (const Term& term : group.terms) {
      const auto flags = HaveTerm(context_.snapshot, term, places);
      for (std::size_t i = 0; i < flags.size(); ++i) {
        if (!flags[i]) continue;
        fits[i] = std::max(fits[i], flags[i]->only_possibly ? Fit::kPossibly : Fit::kCertainly);
      }
    }
    for (std::size_t i = 0; i < fits.size(); ++i) {
      (*batch)[i].fit = Both((*batch)[i].fit, fits[i]);
    }
    drop_misfits();
  }
  if (!filter_.NeedsState()) return;
  std::vector<std::string> ids;
  for (const Candidate& one : *batch) ids.push_back(one.match.place.id);
  auto rows = FindMeetingRows(context_.snapshot, ids);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    Candidate& one = (*batch)[i];
    one.match.state = MeetingState(std::move(rows[i]));
    one.fit = Both(one.fit, FitState(filter_, *one.match.state, question_.today, context_.parties));
  }
  drop_misfits();
}

}  // namespace entente::views
