#include "views/answers/roster.h"

#include <algorithm>
#include <memory>
#include <set>

#include "views/claimed/claimed.h"
#include "views/components/components.h"
#include "views/meetings/meetings.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

using Group = CompiledFilter::Group;
constexpr std::size_t kStatesAtOnce = 256;

// ---- without an as-of ----

// Walks several terms' lists as one, each meeting once.
class UnionWalk {
 public:
  UnionWalk(const Snapshot& snapshot, const std::vector<Term>& terms, TermWalk::Section section,
            const ListPlace* after, bool backwards)
      : backwards_(backwards) {
    for (const Term& term : terms) walks_.emplace_back(snapshot, term, section, after, backwards);
    Settle();
  }
  bool Valid() const { return valid_; }
  const ListPlace& place() const { return place_; }
  const TermFlags& flags() const { return flags_; }
  void Next() {
    for (TermWalk& walk : walks_) {
      if (walk.Valid() && walk.place() == place_) walk.Next();
    }
    Settle();
  }

 private:
  void Settle() {
    valid_ = false;
    for (const TermWalk& walk : walks_) {
      if (!walk.Valid()) continue;
      if (!valid_ || (backwards_ ? place_ < walk.place() : walk.place() < place_)) {
        place_ = walk.place();
        flags_ = walk.flags();
        valid_ = true;
      } else if (walk.place() == place_) {
        flags_.only_possibly = flags_.only_possibly && walk.flags().only_possibly;
      }
    }
  }
  std::vector<TermWalk> walks_;
  bool backwards_;
  ListPlace place_;
  TermFlags flags_;
  bool valid_ = false;
};

class ListedRoster {
 public:
  ListedRoster(const AnswerContext& context, const Question& question, const CompiledFilter& filter)
      : context_(context), question_(question), filter_(filter) {
    ChooseList();
  }

  void Visit(bool newest_first, const ListPlace* after, const std::function<bool(Match&)>& visit) {
    const bool behind_dated = after != nullptr && !IsDated(*after);
    if (!behind_dated && !VisitSection(TermWalk::Section::kDated, after, newest_first, visit)) {
      return;
    }
    // An undated meeting may be on any day of a window.
    VisitSection(TermWalk::Section::kUndated, behind_dated ? after : nullptr, false, visit);
  }

 private:
  // The group with the fewest meetings is walked, the others are probed.
  void ChooseList() {
    std::uint64_t fewest = UINT64_MAX;
    for (const Group& group : filter_.groups) {
      std::uint64_t meetings = 0;
      for (const Term& term : group.terms) meetings += CountOf(context_.snapshot, term).meetings;
      if (meetings >= fewest) continue;
      fewest = meetings;
      walked_ = &group;
    }
  }

  bool VisitSection(TermWalk::Section section, const ListPlace* after, bool backwards,
                    const std::function<bool(Match&)>& visit) {
    static const std::vector<Term> kAll = {Term{}};
    const auto& terms = walked_ != nullptr ? walked_->terms : kAll;
    for (UnionWalk walk(context_.snapshot, terms, section, after, backwards); walk.Valid();
         walk.Next()) {
      if (section == TermWalk::Section::kDated && PastWindow(walk.place(), backwards)) break;
      Match match;
      const Fit fit = FitOf(walk, &match);
      if (fit == Fit::kNo) continue;
      match.place = walk.place();
      match.certain = fit == Fit::kCertainly;
      if (!visit(match)) return false;
    }
    return true;
  }

  // Nothing behind this place can lie in the window: places sort by their earliest day.
  bool PastWindow(const ListPlace& place, bool backwards) const {
    return filter_.window && !backwards && BoundsOf(place).earliest > filter_.window->latest;
  }

  Fit FitOf(const UnionWalk& walk, Match* match) const {
    Fit fit = FitPlace(filter_, walk.place(), walk.flags().former_day);
    if (walk.flags().only_possibly) fit = Both(fit, Fit::kPossibly);
    for (const Group& group : filter_.groups) {
      if (fit == Fit::kNo) return fit;
      if (&group != walked_) fit = Both(fit, Probe(group, walk.place()));
    }
    if (fit == Fit::kNo || !filter_.NeedsState()) return fit;
    match->state = FindMeeting(context_.snapshot, walk.place().id);
    if (!match->state) return Fit::kNo;
    return Both(fit, FitState(filter_, *match->state, question_.today, context_.parties));
  }

  Fit Probe(const Group& group, const ListPlace& place) const {
    Fit best = Fit::kNo;
    for (const Term& term : group.terms) {
      const auto flags = HasTerm(context_.snapshot, term, place);
      if (!flags) continue;
      if (!flags->only_possibly) return Fit::kCertainly;
      best = Fit::kPossibly;
    }
    return best;
  }

  const AnswerContext& context_;
  const Question& question_;
  const CompiledFilter& filter_;
  const Group* walked_ = nullptr;
};

// ---- with an as-of ----

// A term under which every meeting is a candidate that may have had one of the group's terms.
// Series, pairs and statuses follow from several reports together, so they narrow nothing here,
// but for a series' kind, where nobody named the series, and a pair's countries.
std::optional<std::vector<Term>> CandidateTerms(const Group& group,
                                                const domain::Vocabulary& vocabulary) {
  std::set<Term> terms;
  for (const Term& term : group.terms) {
    switch (term.kind) {
      case TermKind::kCountry:
      case TermKind::kTopic:
      case TermKind::kKind:
        terms.insert(term);
        break;
      case TermKind::kPair:
        terms.insert({TermKind::kCountry, term.name.substr(0, term.name.find('-'))});
        break;
      case TermKind::kSeries: {
        const domain::Word* series = vocabulary.Find(domain::WordList::kSeries, term.name);
        if (series == nullptr || series->kind.empty()) return std::nullopt;
        terms.insert({TermKind::kKind, series->kind});
        terms.insert(term);
        break;
      }
      default:
        return std::nullopt;
    }
  }
  return std::vector<Term>(terms.begin(), terms.end());
}

std::set<std::string> StreamsThatClaimed(const AnswerContext& context, const Question& question,
                                         const std::vector<Term>& terms) {
  std::set<std::string> streams;
  for (const Term& term : terms) {
    VisitClaimed(context.snapshot, term, [&](const ClaimedSpan& span) {
      const auto& reported = question.as_of.reported;
      if (!reported || span.first_reported <= reported->day()) streams.insert(span.stream);
      return true;
    });
  }
  return streams;
}

// Streams of all meetings that may match: of the group that narrows most.
std::set<std::string> CandidateStreams(const AnswerContext& context, const Question& question,
                                       const CompiledFilter& filter) {
  std::optional<std::set<std::string>> fewest;
  for (const Group& group : filter.groups) {
    const auto terms = CandidateTerms(group, context.vocabulary);
    if (!terms) continue;
    auto streams = StreamsThatClaimed(context, question, *terms);
    if (!fewest || streams.size() < fewest->size()) fewest = std::move(streams);
  }
  return fewest ? *fewest : StreamsThatClaimed(context, question, {Term{}});
}

template <class Visit>
void FoldCandidates(const AnswerContext& context, const Question& question,
                    const std::set<std::string>& streams, const Visit& visit) {
  std::set<std::string> done;
  for (const std::string& stream : streams) {
    if (done.contains(stream)) continue;
    const ComponentReports component = ReadComponent(context.snapshot, stream);
    done.insert(component.streams.begin(), component.streams.end());
    auto folded = FoldComponent(component, question.as_of, context.parties, context.vocabulary);
    for (v1::Meeting& meeting : folded.meetings) visit(std::move(meeting));
  }
}

std::vector<Match> FoldMatches(const AnswerContext& context, const Question& question,
                               const CompiledFilter& filter) {
  std::vector<Match> matches;
  const auto take = [&](v1::Meeting meeting) {
    Match match;
    match.place = PlaceOf(meeting);
    const bool former_day = meeting.date().state() == v1::DateFact::postponed;
    Fit fit = FitTerms(filter, TermsOfListed(meeting));
    fit = Both(fit, FitPlace(filter, match.place, former_day));
    if (fit == Fit::kNo) return;
    fit = Both(fit, FitState(filter, meeting, question.today, context.parties));
    if (fit == Fit::kNo) return;
    match.certain = fit == Fit::kCertainly;
    match.state = std::move(meeting);
    matches.push_back(std::move(match));
  };
  FoldCandidates(context, question, CandidateStreams(context, question, filter), take);
  return matches;
}

}  // namespace

bool StandsBefore(const ListPlace& a, const ListPlace& b, bool newest_first) {
  if (IsDated(a) != IsDated(b)) return IsDated(a);
  return newest_first && IsDated(a) ? b < a : a < b;
}

void VisitMatches(const AnswerContext& context, const Question& question,
                  const CompiledFilter& filter, bool newest_first, const ListPlace* after,
                  const std::function<bool(Match&)>& visit) {
  if (!question.as_of.bounded()) {
    ListedRoster(context, question, filter).Visit(newest_first, after, visit);
    return;
  }
  auto matches = FoldMatches(context, question, filter);
  std::ranges::sort(matches, [&](const Match& a, const Match& b) {
    return StandsBefore(a.place, b.place, newest_first);
  });
  for (Match& match : matches) {
    if (after != nullptr && !StandsBefore(*after, match.place, newest_first)) continue;
    if (!visit(match)) return;
  }
}

void LoadStates(const AnswerContext& context, std::vector<Match>* matches) {
  std::vector<std::string> ids;
  for (const Match& match : *matches) {
    if (!match.state) ids.push_back(match.place.id);
  }
  auto states = FindMeetings(context.snapshot, ids);
  auto next = states.begin();
  for (Match& match : *matches) {
    if (!match.state) match.state = std::move(*next++);
  }
}

void VisitStates(const AnswerContext& context, const Question& question,
                 const CompiledFilter& filter,
                 const std::function<void(v1::Meeting&, bool certain)>& visit) {
  std::vector<Match> batch;
  const auto flush = [&] {
    LoadStates(context, &batch);
    for (Match& match : batch) visit(*match.state, match.certain);
    batch.clear();
  };
  VisitMatches(context, question, filter, false, nullptr, [&](Match& match) {
    batch.push_back(std::move(match));
    if (batch.size() >= kStatesAtOnce) flush();
    return true;
  });
  flush();
}

std::optional<MatchCount> CountAtOnce(const AnswerContext& context, const Question& question,
                                      const CompiledFilter& filter) {
  if (question.as_of.bounded() || filter.window || filter.NeedsState()) return std::nullopt;
  Term term;
  if (!filter.groups.empty()) {
    if (filter.groups.size() > 1 || filter.groups.front().terms.size() != 1) return std::nullopt;
    term = filter.groups.front().terms.front();
  }
  const TermCount count = CountOf(context.snapshot, term);
  return MatchCount{count.meetings - count.only_possibly, count.meetings};
}

std::optional<v1::Meeting> FindAsAsked(const AnswerContext& context, const Question& question,
                                       const std::string& id) {
  if (!question.as_of.bounded()) {
    return FindMeeting(context.snapshot, SurvivorOf(context.snapshot, id));
  }
  const ComponentReports component = ReadComponent(context.snapshot, id);
  const auto folded = FoldComponent(component, question.as_of, context.parties, context.vocabulary);
  const auto absorbed = folded.absorbed.find(id);
  const v1::Meeting* meeting =
      MeetingIn(folded, absorbed == folded.absorbed.end() ? id : absorbed->second);
  if (meeting == nullptr) return std::nullopt;
  return *meeting;
}

std::string SurvivorAsAsked(const AnswerContext& context, const Question& question,
                            const std::string& id) {
  if (!question.as_of.bounded()) return SurvivorOf(context.snapshot, id);
  const auto folded = FoldComponent(ReadComponent(context.snapshot, id), question.as_of,
                                    context.parties, context.vocabulary);
  const auto absorbed = folded.absorbed.find(id);
  return absorbed == folded.absorbed.end() ? id : absorbed->second;
}

std::optional<Day> FirstMeetingDay(const AnswerContext& context, const Question& question) {
  std::optional<Day> first;
  if (!question.as_of.bounded()) {
    for (TermWalk walk(context.snapshot, Term{}, TermWalk::Section::kDated, nullptr, false);
         walk.Valid(); walk.Next()) {
      first = BoundsOf(walk.place()).earliest;
      if (first->finite()) return first;
    }
    return std::nullopt;
  }
  // No meeting is earlier than the earliest day that its reports ever claimed, so the walk by that
  // day ends with the first meeting found.
  VisitClaimed(context.snapshot, Term{}, [&](const ClaimedSpan& span) {
    if (first && span.earliest > *first) return false;
    if (question.as_of.reported && span.first_reported > question.as_of.reported->day()) {
      return true;
    }
    FoldCandidates(context, question, {span.stream}, [&](const v1::Meeting& meeting) {
      const ListPlace place = PlaceOf(meeting);
      if (TermsOfListed(meeting).empty() || !IsDated(place)) return;
      const Day earliest = BoundsOf(place).earliest;
      if (earliest.finite() && (!first || earliest < *first)) first = earliest;
    });
    return true;
  });
  return first;
}

}  // namespace entente::views
