#include "views/answers/folded_roster.h"

#include <algorithm>
#include <optional>
#include <set>
#include <utility>

#include "domain/dates/reported_time.h"
#include "views/components/components.h"
#include "views/meetings/meetings.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

using Group = CompiledFilter::Group;

// Candidates that are looked at together.
constexpr std::size_t kBatchMax = 64;
// Rows of candidates read in a row before those found are looked at.
constexpr int kRowsInABatch = 256;

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

// Whether all that was told of a stream is there as asked.
bool IsAllThere(const ToldUntil& told, const domain::AsOf& as_of) {
  return (!as_of.position || told.last <= *as_of.position) &&
         (!as_of.reported || told.last_reported <= as_of.reported->day());
}

FoldCache::ComponentPtr FoldThen(const AnswerContext& context, const Question& question,
                                 const FoldCache::Of& of, bool alone) {
  FoldCache::ReportsPtr reports = question.folds->FindReports(of);
  if (reports == nullptr) {
    const Snapshot& snapshot = context.snapshot;
    const std::string stream(of.stream);
    reports = std::make_shared<const ComponentReports>(
        ReadReports(snapshot, alone ? std::vector{stream} : ComponentOf(snapshot, stream)));
    question.folds->KeepReports(of, reports);
  }
  auto then = FoldToRows(*reports, question.as_of, context.parties, context.vocabulary);
  return std::make_shared<const FoldCache::Component>(reports->streams, std::move(then.meetings),
                                                      then.span);
}

// Acts of ours are there on any day, but make no meeting be there on one.
bool IsToldOf(const v1::Meeting& meeting) { return !meeting.first_reported().empty(); }

}  // namespace

// Dated matches, the one that is visited first at the front.
class FoldedRoster::Heap {
 public:
  explicit Heap(bool newest_first) : newest_first_(newest_first) {}
  bool empty() const { return matches_.empty(); }
  const ListPlace& first() const { return matches_.front().place; }
  void Push(Match match) {
    matches_.push_back(std::move(match));
    std::ranges::push_heap(matches_, Behind{newest_first_});
  }
  Match Pop() {
    std::ranges::pop_heap(matches_, Behind{newest_first_});
    Match first = std::move(matches_.back());
    matches_.pop_back();
    return first;
  }

 private:
  struct Behind {
    bool newest_first;
    bool operator()(const Match& a, const Match& b) const {
      return StandsBefore(b.place, a.place, newest_first);
    }
  };
  bool newest_first_;
  std::vector<Match> matches_;
};

FoldedRoster::FoldedRoster(const AnswerContext& context, const Question& question,
                           const CompiledFilter& filter)
    : context_(context), question_(question), filter_(filter) {
  ChooseTerms();
}

// Of the group that has the fewest meetings now, which is about what it had then.
void FoldedRoster::ChooseTerms() {
  terms_ = {Term{}};
  candidates_ = CountOf(context_.snapshot, Term{}).meetings;
  for (const Group& group : filter_.groups) {
    auto terms = CandidateTerms(group, context_.vocabulary);
    if (!terms) continue;
    std::uint64_t meetings = 0;
    for (const Term& term : *terms) meetings += CountOf(context_.snapshot, term).meetings;
    if (meetings >= candidates_) continue;
    candidates_ = meetings;
    terms_ = std::move(*terms);
  }
}

bool FoldedRoster::IsThere(const Claimed& claimed) const {
  const domain::AsOf& as_of = question_.as_of;
  return (!as_of.position || claimed.first <= *as_of.position) &&
         (!as_of.reported || claimed.first_reported <= as_of.reported->day());
}

std::vector<Match> FoldedRoster::DatedMatchesOf(std::span<const std::string> streams) {
  std::vector<Match> dated;
  for (MeetingState& state : StatesThen(context_, question_, streams, &seen_)) {
    const v1::Meeting& meeting = *state;
    Match match;
    match.place = PlaceOf(meeting);
    match.former_day = meeting.date().state() == v1::DateFact::postponed;
    const Fit fit = FitMeeting(filter_, meeting, match.place, question_.today, context_.parties);
    if (fit == Fit::kNo) continue;
    match.certain = fit == Fit::kCertainly;
    match.state = std::move(state);
    (IsDated(match.place) ? dated : undated_).push_back(std::move(match));
  }
  return dated;
}

void FoldedRoster::Visit(bool newest_first, const ListPlace* after, std::size_t expected,
                         const std::function<bool(Match&)>& visit) {
  seen_.clear();
  undated_.clear();
  if (after != nullptr && !IsDated(*after)) return VisitUndated(after, visit);
  if (VisitDated(newest_first, after, expected, visit)) VisitUndated(nullptr, visit);
}

bool FoldedRoster::VisitDated(bool newest_first, const ListPlace* after, std::size_t expected,
                              const std::function<bool(Match&)>& visit) {
  const domain::Bounds window =
      filter_.window.value_or(domain::Bounds{Day::BeforeAll(), Day::AfterAll()});
  // Whether it may stand behind `after` and in the window.
  const auto may_count = [&](const Claimed& claimed) {
    if (claimed.latest < window.earliest || claimed.earliest > window.latest) return false;
    if (after == nullptr) return true;
    const Day day = BoundsOf(*after).earliest;
    return newest_first ? claimed.earliest <= day : claimed.latest >= day;
  };
  const auto past_window = [&](const ClaimedWalk& walk) {
    return !newest_first && window.latest.finite() &&
           BoundsOf(walk.place()).earliest > window.latest;
  };
  ClaimedWalk walk(context_.snapshot, terms_, ClaimedWalk::Section::kDated, newest_first);
  Heap heap(newest_first);
  // As many as are still expected, and more and more where those were not among them.
  for (std::size_t least = 1;; least = std::min(2 * least, kBatchMax)) {
    const std::size_t size = std::clamp(expected, least, kBatchMax);
    std::vector<std::string> streams;
    for (int rows = 0;
         rows < kRowsInABatch && streams.size() < size && walk.Valid() && !past_window(walk);
         ++rows, walk.Next()) {
      const Claimed& claimed = walk.claimed();
      if (!IsThere(claimed) || !may_count(claimed)) continue;
      if (seen_.insert(walk.place().id).second) streams.push_back(walk.place().id);
    }
    for (Match& match : DatedMatchesOf(streams)) {
      if (after == nullptr || StandsBefore(*after, match.place, newest_first)) {
        heap.Push(std::move(match));
      }
    }
    const bool all = !walk.Valid() || past_window(walk);
    while (!heap.empty() && (all || StandsBefore(heap.first(), walk.place(), newest_first))) {
      Match match = heap.Pop();
      if (!visit(match)) return false;
      if (expected != kEveryMatch && expected > 0) --expected;
    }
    if (all) return true;
  }
}

void FoldedRoster::VisitUndated(const ListPlace* after, const std::function<bool(Match&)>& visit) {
  for (ClaimedWalk walk(context_.snapshot, terms_, ClaimedWalk::Section::kUndated, false);
       walk.Valid();) {
    std::vector<std::string> streams;
    for (; streams.size() < kBatchMax && walk.Valid(); walk.Next()) {
      const Claimed& claimed = walk.claimed();
      if (IsThere(claimed) && seen_.insert(walk.place().id).second) {
        streams.push_back(walk.place().id);
      }
    }
    DatedMatchesOf(streams);
  }
  std::ranges::sort(undated_, {}, &Match::place);
  for (Match& match : undated_) {
    if (after != nullptr && !(*after < match.place)) continue;
    if (!visit(match)) return;
  }
}

std::vector<MeetingState> StatesThen(const AnswerContext& context, const Question& question,
                                     std::span<const std::string> streams,
                                     std::unordered_set<std::string>* others) {
  const Snapshot& snapshot = context.snapshot;
  const std::vector<bool> alone = StandAlone(snapshot, streams);
  const auto told = ToldOf(snapshot, streams);
  std::vector<MeetingState> states;
  std::vector<std::string> as_now;
  std::unordered_set<std::string> of_several;  // looked at with another of their component
  for (std::size_t i = 0; i < streams.size(); ++i) {
    if (of_several.contains(streams[i])) continue;
    if (alone[i] && told[i] && IsAllThere(*told[i], question.as_of)) {
      as_now.push_back(streams[i]);
      continue;
    }
    const FoldCache::Of of{
        .generation = snapshot.generation(),
        .told = alone[i] && told[i] ? told[i]->last : snapshot.checkpoint().position,
        .stream = streams[i]};
    FoldCache::ComponentPtr component = question.folds->Find(of, question.as_of);
    if (component == nullptr) {
      component = FoldThen(context, question, of, alone[i]);
      question.folds->Keep(of, component);
    }
    if (component->streams.size() > 1) {
      of_several.insert(component->streams.begin(), component->streams.end());
    }
    for (const v1::Meeting& meeting : component->meetings) {
      states.emplace_back(std::shared_ptr<const v1::Meeting>(component, &meeting));
    }
  }
  for (std::string& row : FindMeetingRows(snapshot, as_now)) {
    if (row.empty()) continue;  // no meeting came of it
    MeetingState state(std::move(row));
    if (question.as_of.reported && !IsToldOf(*state)) continue;
    states.push_back(std::move(state));
  }
  others->merge(of_several);
  return states;
}

}  // namespace entente::views
