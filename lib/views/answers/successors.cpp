#include "views/answers/successors.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "domain/meeting/successor.h"
#include "domain/meeting/who_takes_part.h"
#include "views/answers/filter.h"
#include "views/answers/links.h"
#include "views/answers/roster.h"
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

// Every meeting of this kind with these sides, and perhaps more. A pair's own list would be
// shorter, but a side that only rumours name is in none. What narrows most comes first: nearly all
// that have the parties are of the kind.
CompiledFilter OfItsKind(const v1::Meeting& meeting) {
  CompiledFilter filter;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (domain::IsSide(party)) filter.groups.push_back({{{TermKind::kCountry, party.code()}}, {}});
  }
  filter.groups.push_back({{{TermKind::kKind, meeting.kind().value()}}, {}});
  return filter;
}

MeetingState Next(const AnswerContext& context, const Question& question,
                  const v1::Meeting& meeting, Day after) {
  MeetingState next;
  const auto visit = [&](Match& match) {
    if (!IsDated(match.place)) return false;
    if (!match.state) match.state = MeetingState(FindMeeting(context.snapshot, match.place.id));
    if (!match.state || !domain::MayFollow(meeting, after, *match.state)) return true;
    next = std::move(match.state);
    return false;
  };
  const CompiledFilter filter = OfItsKind(meeting);
  const ListPlace from = BeginningOf(after.PlusDays(1));
  VisitMatches(context, question, filter, false, &from, visit);
  return next;
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
  const MeetingState next = Next(context, question, *meeting, *after);
  if (!next) return;
  v1::LinkFact& link = *meeting->add_links();
  link.set_other(next->id());
  link.set_relation(std::string(kSuccessor));
  link.set_suggested(true);
  Describe(*next, &link);
}

}  // namespace entente::views
