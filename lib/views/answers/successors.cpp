#include "views/answers/successors.h"

#include <algorithm>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "domain/meeting/successor.h"
#include "domain/meeting/who_takes_part.h"
#include "views/answers/filter.h"
#include "views/answers/links.h"
#include "views/answers/roster.h"
#include "views/following/following.h"
#include "views/meetings/meetings.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

constexpr std::string_view kSuccessor = "successor";  // of data/relations.toml

bool IsSuccessor(const v1::LinkFact& link) { return link.relation() == kSuccessor; }

void Describe(const v1::Meeting& other, v1::LinkFact* link) {
  if (other.date().state() == v1::DateFact::dated) link->set_date(other.date().fact().value());
  link->set_outcome(other.outcome().value());
}

// Every meeting of this kind with these sides, and perhaps more. What narrows most comes first:
// nearly all that have the parties are of the kind.
CompiledFilter OfItsKind(const v1::Meeting& meeting) {
  CompiledFilter filter;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (domain::IsSide(party)) filter.groups.push_back({{{TermKind::kCountry, party.code()}}, {}});
  }
  filter.groups.push_back({{{TermKind::kKind, meeting.kind().value()}}, {}});
  return filter;
}

std::optional<Following> FirstAsAsked(const AnswerContext& context, const Question& question,
                                      const v1::Meeting& meeting, Day after) {
  const Snapshot& snapshot = context.snapshot;
  if (!question.as_of.bounded() && snapshot.projection_version() >= kListedBySpanSince) {
    return FirstFollowing(snapshot, meeting, after);
  }
  std::optional<Following> first;
  const CompiledFilter filter = OfItsKind(meeting);
  const ListPlace from = BeginningOf(after.PlusDays(1));
  VisitMatches(context, question, filter, false, &from, 1, [&](Match& match) {
    if (!IsDated(match.place)) return false;
    if (!match.state) {
      match.state =
          MeetingState(std::move(FindMeetingRows(snapshot, std::span(&match.place.id, 1)).front()));
    }
    if (!domain::MayFollow(meeting, after, *match.state)) return true;
    first = Following{match.state->id(), match.state->date().fact().value(),
                      match.state->outcome().value()};
    return false;
  });
  return first;
}

}  // namespace

void DescribeSuccessors(const AnswerContext& context, const Question& question,
                        v1::Meeting* meeting) {
  FollowLinks(context, question, meeting);
  for (v1::LinkFact& link : *meeting->mutable_links()) {
    if (!IsSuccessor(link)) continue;
    if (const auto other = FindAsAsked(context, question, link.other())) Describe(*other, &link);
  }
}

void SuggestSuccessor(const AnswerContext& context, const Question& question,
                      v1::Meeting* meeting) {
  if (std::ranges::any_of(meeting->links(), IsSuccessor)) return;
  const auto after = domain::LooksForSuccessorAfter(*meeting, question.today);
  if (!after) return;
  const auto next = FirstAsAsked(context, question, *meeting, *after);
  if (!next) return;
  v1::LinkFact& link = *meeting->add_links();
  link.set_other(next->id);
  link.set_relation(std::string(kSuccessor));
  link.set_suggested(true);
  link.set_date(next->date);
  link.set_outcome(next->outcome);
}

}  // namespace entente::views
