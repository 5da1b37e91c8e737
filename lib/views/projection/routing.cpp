#include "views/projection/routing.h"

#include <deque>
#include <map>

#include "domain/event/check.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

// The report that everything in `report`'s thread goes back to: itself, unless it acts on one
// that is known. A cycle of acts ends where it began.
v1::Report RootOf(const v1::Report& report, const Snapshot& views) {
  v1::Report root = report;
  std::set<std::string> seen = {report.event_id()};
  while (true) {
    const std::string target(TargetOf(root));
    if (target.empty() || !seen.insert(target).second) return root;
    const auto place = FindEvent(views, target);
    if (!place) return root;
    auto found = FindReport(views, place->stream, place->position);
    if (!found) return root;
    root = std::move(*found);
  }
}

// A report, and all that act on it, directly or through others, by position.
std::map<std::uint64_t, v1::Report> ThreadOf(const v1::Report& root, const v1::Report& added,
                                             const Snapshot& views) {
  std::map<std::uint64_t, v1::Report> thread;
  std::deque<v1::Report> open = {root};
  while (!open.empty()) {
    const v1::Report report = std::move(open.front());
    open.pop_front();
    if (!thread.emplace(report.position(), report).second) continue;
    for (const EventPlace& act : ActsOn(views, report.event_id())) {
      if (auto found = FindReport(views, act.stream, act.position)) open.push_back(*found);
    }
    // Not among the rows yet.
    if (TargetOf(added) == report.event_id()) open.push_back(added);
  }
  thread.emplace(added.position(), added);
  return thread;
}

void Connect(const v1::Report& report, std::set<std::string>* meetings) {
  const auto add = [&](const std::string& stream) {
    if (IsMeeting(stream)) meetings->insert(stream);
  };
  const v1::Facts& facts = report.facts();
  if (facts.has_meetings_merged()) {
    add(report.stream());
    add(facts.meetings_merged().survivor());
    add(facts.meetings_merged().absorbed());
  } else if (facts.has_meeting_split()) {
    add(report.stream());
    add(facts.meeting_split().from());
    add(facts.meeting_split().to());
  } else if (facts.has_report_corrected()) {
    v1::Report replaced;
    replaced.set_stream(report.stream());
    *replaced.mutable_facts() = facts.report_corrected().replacement();
    Connect(replaced, meetings);
  }
}

// What one report tells of, and which meetings it connects.
void AddTold(const v1::Report& report, std::set<std::string>* subjects,
             std::set<std::string>* meetings) {
  subjects->insert(report.stream());
  const auto others = domain::OtherSubjects(report.stream(), report.facts());
  subjects->insert(others.begin(), others.end());
  Connect(report, meetings);
}

}  // namespace

bool IsMeeting(std::string_view stream) { return stream.starts_with("meeting/"); }

Routing RouteReport(const v1::Report& report, const Snapshot& views, bool may_be_acted_on) {
  Routing routing;
  std::set<std::string> meetings;
  // Nearly all act on none, and none acts on them.
  const bool acted_on = may_be_acted_on && !ActsOn(views, report.event_id()).empty();
  if (TargetOf(report).empty() && !acted_on) {
    AddTold(report, &routing.subjects, &meetings);
  } else {
    const auto thread = ThreadOf(RootOf(report, views), report, views);
    for (const auto& [position, member] : thread) {
      AddTold(member, &routing.subjects, &meetings);
      if (thread.size() > 1 && IsMeeting(member.stream())) meetings.insert(member.stream());
      if (position != report.position()) routing.earlier.push_back(member);
    }
  }
  if (meetings.size() > 1) routing.connected.assign(meetings.begin(), meetings.end());
  return routing;
}

}  // namespace entente::views
