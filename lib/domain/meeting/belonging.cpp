#include "domain/meeting/belonging.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <unordered_map>

namespace entente::domain {

namespace {

bool IsMeeting(std::string_view stream) { return stream.starts_with("meeting/"); }

// Where splits put an event: out of the streams that list it, one step at a time.
class Splits {
 public:
  Splits(const Visible& visible, const Judged& judged, std::vector<EarlyFinding>& findings)
      : reports_(visible.recorded), judged_(judged), findings_(findings) {
    for (std::size_t i = reports_.size(); i-- > 0;) {  // highest rank first
      const Verdict& verdict = judged_.verdicts[i];
      if (!verdict.speaks() || !verdict.facts->has_meeting_split()) continue;
      for (const auto& id : verdict.facts->meeting_split().event_ids()) lists_[id].push_back(i);
      splits_.push_back(i);
    }
  }

  bool empty() const { return splits_.empty(); }

  // The stream in which an event ends, and the splits that took it there.
  std::string_view Follow(std::size_t report, std::vector<std::size_t>& moved_by) {
    std::string_view stream = reports_[report].report->stream();
    const auto listed = lists_.find(reports_[report].rank.event_id);
    if (listed == lists_.end()) return stream;
    std::set<std::string_view> seen{stream};
    while (const auto split = MovesFrom(stream, listed->second)) {
      stream = SplitOf(*split).to();
      moved_by.push_back(*split);
      used_.insert({*split, report});
      if (seen.insert(stream).second) continue;
      findings_.push_back(
          {v1::Finding::inconsistent, "identity",
           fmt::format("Splits send {} around in a circle, so it stays in {}.",
                       reports_[report].rank.event_id, reports_[report].report->stream()),
           moved_by});
      moved_by.clear();
      return reports_[report].report->stream();
    }
    return stream;
  }

  // After all events were followed: what the splits list and did not move.
  void NoteIdle() {
    std::unordered_map<std::string_view, std::size_t> by_id;
    for (std::size_t i = 0; i < reports_.size(); ++i) by_id.emplace(reports_[i].rank.event_id, i);
    for (const std::size_t split : splits_) {
      for (const auto& id : SplitOf(split).event_ids()) {
        const auto found = by_id.find(id);
        if (found == by_id.end()) {
          NoteIdle(split, id, std::nullopt);
        } else if (!used_.contains({split, found->second}) && !GoesAlong(split, found->second)) {
          NoteIdle(split, id, found->second);
        }
      }
    }
  }

 private:
  const v1::MeetingSplit& SplitOf(std::size_t i) const {
    return judged_.verdicts[i].facts->meeting_split();
  }

  // The highest-ranked split that takes an event out of `stream`.
  std::optional<std::size_t> MovesFrom(std::string_view stream,
                                       const std::vector<std::size_t>& candidates) const {
    for (const std::size_t split : candidates) {
      if (SplitOf(split).from() == stream) return split;
    }
    return std::nullopt;
  }

  // A correction or retraction is there and goes where the report goes that it acts on.
  bool GoesAlong(std::size_t split, std::size_t event) const {
    const v1::Report& report = *reports_[event].report;
    return IsActOnReport(report.facts()) && judged_.verdicts[event].shown &&
           report.stream() == SplitOf(split).from();
  }

  void NoteIdle(std::size_t split, std::string_view id, std::optional<std::size_t> event) {
    const auto& said = SplitOf(split);
    for (const std::size_t other : lists_.find(id)->second) {
      if (!event || !used_.contains({other, *event})) continue;
      if (SplitOf(other).from() != said.from()) continue;
      if (SplitOf(other).to() == said.to()) return;  // says the same
      findings_.push_back(
          {v1::Finding::disputed,
           "identity",
           fmt::format("The split {} moves {} to {}; {}, which ranks higher, moves it to {}.",
                       reports_[split].rank.event_id, id, said.to(), reports_[other].rank.event_id,
                       SplitOf(other).to()),
           {other, split}});
      return;
    }
    findings_.push_back({v1::Finding::inconsistent,
                         "identity",
                         fmt::format("The split {} lists {}, which is not in {}.",
                                     reports_[split].rank.event_id, id, said.from()),
                         {split}});
  }

  const std::vector<Said>& reports_;
  const Judged& judged_;
  std::vector<EarlyFinding>& findings_;
  std::vector<std::size_t> splits_;
  std::unordered_map<std::string_view, std::vector<std::size_t>> lists_;  // event id -> splits
  std::set<std::pair<std::size_t, std::size_t>> used_;                    // (split, event)
};

// absorbed -> the merge that holds.
using MergeMap = std::map<std::string_view, std::size_t>;

MergeMap MergesThatHold(const Visible& visible, Judged& judged,
                        std::vector<EarlyFinding>& findings) {
  MergeMap holds;
  const auto merge = [&](std::size_t i) -> const v1::MeetingsMerged& {
    return judged.verdicts[i].facts->meetings_merged();
  };
  for (std::size_t i = visible.recorded.size(); i-- > 0;) {  // highest rank first
    const Verdict& verdict = judged.verdicts[i];
    if (!verdict.speaks() || !verdict.facts->has_meetings_merged()) continue;
    const auto [held, first] = holds.emplace(merge(i).absorbed(), i);
    if (first || merge(held->second).survivor() == merge(i).survivor()) continue;
    findings.push_back(
        {v1::Finding::disputed,
         "identity",
         fmt::format("The merge {} takes {} for {}; {}, which ranks higher, takes it for {}.",
                     visible.recorded[i].rank.event_id, merge(i).absorbed(), merge(i).survivor(),
                     visible.recorded[held->second].rank.event_id, merge(held->second).survivor()),
         {held->second, i}});
  }

  // Every id has one survivor, so a walk either ends or runs into a circle.
  std::map<std::string_view, int> walk_of;
  std::set<std::string_view> in_circle;
  int walk = 0;
  for (const auto& [absorbed, i] : holds) {
    ++walk;
    std::string_view at = absorbed;
    while (holds.contains(at) && !walk_of.contains(at)) {
      walk_of[at] = walk;
      at = merge(holds.at(at)).survivor();
    }
    if (!holds.contains(at) || walk_of.at(at) != walk) continue;
    EarlyFinding circle{v1::Finding::inconsistent, "identity", {}, {}};
    std::string ids;
    while (in_circle.insert(at).second) {
      ids += fmt::format("{}{}", ids.empty() ? "" : ", ", at);
      circle.reports.push_back(holds.at(at));
      at = merge(holds.at(at)).survivor();
    }
    circle.text = fmt::format("Merges lead in a circle ({}), so none of them has effect.", ids);
    std::ranges::sort(circle.reports, std::ranges::greater());
    findings.push_back(std::move(circle));
  }
  for (const std::string_view id : in_circle) {
    judged.verdicts[holds.at(id)].fate = v1::Report::Fate::no_effect;
    holds.erase(id);
  }
  return holds;
}

std::map<std::string, std::string> Survivors(const MergeMap& holds, const Judged& judged) {
  std::map<std::string, std::string> survivors;
  std::vector<std::string_view> path;
  for (const auto& [absorbed, first] : holds) {
    path.clear();
    std::string_view at = absorbed;
    std::string end;
    for (auto merge = holds.find(at); merge != holds.end(); merge = holds.find(at)) {
      if (const auto known = survivors.find(std::string(at)); known != survivors.end()) {
        end = known->second;
        break;
      }
      path.push_back(at);
      at = judged.verdicts[merge->second].facts->meetings_merged().survivor();
    }
    if (end.empty()) end = at;
    for (const std::string_view id : path) survivors.emplace(id, end);
  }
  return survivors;
}

}  // namespace

Belonging LayToMeetings(const Visible& visible, Judged& judged) {
  Belonging belonging;
  Splits splits(visible, judged, belonging.findings);
  const MergeMap holds = MergesThatHold(visible, judged, belonging.findings);
  belonging.absorbed = Survivors(holds, judged);

  const auto lay = [&](std::string_view stream, Membership membership) {
    if (!IsMeeting(stream)) return;
    std::string_view id = stream;
    if (!belonging.absorbed.empty()) {
      const auto merged = belonging.absorbed.find(std::string(stream));
      if (merged != belonging.absorbed.end()) id = merged->second;
    }
    auto found = belonging.meetings.find(id);
    if (found == belonging.meetings.end()) {
      found = belonging.meetings.emplace(std::string(id), std::vector<Membership>()).first;
    }
    auto& list = found->second;
    if (!list.empty() && list.back().report == membership.report) {
      // Two of its subjects are one meeting today.
      list.back().speaks |= membership.speaks;
      list.back().resident |= membership.resident;
      if (membership.moved_by.empty()) list.back().moved_by = {};
    } else {
      list.push_back(membership);
    }
  };

  std::vector<std::size_t> moved_by;
  for (std::size_t i = 0; i < visible.recorded.size(); ++i) {
    const Verdict& verdict = judged.verdicts[i];
    if (!verdict.shown) continue;
    // An act stays with the report it acts on.
    const std::size_t anchor = verdict.root < visible.recorded.size() ? verdict.root : i;
    std::string_view home = visible.recorded[anchor].report->stream();
    moved_by.clear();
    if (!splits.empty()) home = splits.Follow(anchor, moved_by);

    const bool speaks = verdict.speaks();
    const v1::Facts& facts = *judged.verdicts[anchor].facts;
    const bool elsewhere = facts.has_statement_made() && facts.statement_made().about_size() > 0;
    lay(home, {i, speaks && !elsewhere, true, {}});
    for (const std::size_t split : moved_by) {
      lay(judged.verdicts[split].facts->meeting_split().from(),
          {i, false, false, visible.recorded[split].rank.event_id});
    }
    if (elsewhere) {
      for (const auto& about : facts.statement_made().about()) lay(about, {i, speaks, false, {}});
    }
    if (!speaks) continue;
    if (facts.has_meeting_linked()) lay(facts.meeting_linked().other(), {i, false, false, {}});
    if (verdict.fate == v1::Report::Fate::no_effect) continue;
    if (facts.has_meetings_merged()) {
      lay(facts.meetings_merged().survivor(), {i, true, false, {}});
      lay(facts.meetings_merged().absorbed(), {i, true, false, {}});
    }
    if (facts.has_meeting_split()) {
      lay(facts.meeting_split().from(), {i, true, false, {}});
      lay(facts.meeting_split().to(), {i, true, false, {}});
    }
  }
  if (!splits.empty()) splits.NoteIdle();
  return belonging;
}

}  // namespace entente::domain
