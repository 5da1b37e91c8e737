#include "cli/commands/rebuild_rehearsal.h"

#include <fmt/format.h>

#include <cstdint>
#include <utility>

#include "cli/beside_refold.h"
#include "cli/render/diff.h"
#include "cli/render/names.h"
#include "views/projection_rules.h"
#include "views/verify/diff_stores.h"

namespace entente::cli {
namespace {

// What is found, in one reply: both positions are where the views stand.
struct Rehearsed {
  StoredRows::About stored;
  std::uint64_t meetings = 0;
  std::uint64_t parked = 0;  // events that the program cannot fold
  v1::DiffReply diff;
};

Status Compare(BesideRefold& both, const render::Names& names, Day today, Rehearsed* rehearsed) {
  *rehearsed = Rehearsed();
  rehearsed->stored = both.stored.about();
  v1::DiffReply& diff = rehearsed->diff;
  diff.set_from_position(rehearsed->stored.at.position.value());
  diff.set_to_position(rehearsed->stored.at.position.value());
  diff.mutable_answered()->set_position(rehearsed->stored.at.position.value());
  diff.mutable_answered()->set_generation(rehearsed->stored.generation);
  const auto snapshot = both.refold.store().TakeSnapshot();
  const auto compared = views::DiffStores(
      both.stored, *snapshot, today, names.parties, names.vocabulary,
      [&](v1::MeetingDiff one) { *diff.add_meetings() = std::move(one); },
      [&] { return !both.stop(); });
  if (!compared) return Fail(compared.error());
  rehearsed->meetings = *compared;
  rehearsed->parked = both.refold.parked().size();
  return {};
}

std::string InWords(const Rehearsed& rehearsed, const render::Style& style) {
  const auto& meetings = rehearsed.diff.meetings();
  std::string compared = fmt::format(
      "Compared: {} at position {}, of projection version {}, with version {} of this program.\n",
      rehearsed.stored.generation, rehearsed.stored.at.position.value(),
      rehearsed.stored.projection_version, views::ProjectionRules::BuiltIn().version);
  if (rehearsed.parked > 0) {
    compared += fmt::format("It would park {}: what they say would be in no view.\n",
                            render::Counted(rehearsed.parked, "event"));
  }
  const std::string all = render::Counted(rehearsed.meetings, "meeting");
  if (meetings.empty()) {
    return fmt::format("A rebuild would change nothing that is said of {}.\n{}", all, compared);
  }
  return render::MeetingDiffs(meetings, style) + fmt::format("\nA rebuild would have {}: {}.\n{}",
                                                             all, render::CountedDiffs(meetings),
                                                             compared);
}

}  // namespace

ExitCode RehearseRebuild(Session& session, const std::string& scratch) {
  Rehearsed rehearsed;
  const Day today = Session::Today();
  const Status compared = CompareBesideRefold(
      session, scratch, [](const StoredRows::About&) { return Status(); },
      [&](BesideRefold& both) { return Compare(both, session.names(), today, &rehearsed); });
  if (!compared) return session.Complain(compared.error());
  if (!session.json()) {
    session.Print(InWords(rehearsed, session.style()));
    return ExitCode::kDone;
  }
  for (const v1::MeetingDiff& meeting : rehearsed.diff.meetings()) session.PrintJson(meeting);
  rehearsed.diff.clear_meetings();
  session.PrintJson(rehearsed.diff);
  return ExitCode::kDone;
}

}  // namespace entente::cli
