#include "cli/render/meeting.h"

#include <fmt/format.h>

#include "cli/render/fact_list.h"
#include "cli/render/horizon.h"
#include "cli/render/mention_runs.h"
#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

std::string Mode(std::string_view value) {
  return value == "in_person" ? "in person" : std::string(value);
}

void AddParties(const v1::Meeting& meeting, const Names& names, FactList* facts) {
  for (const v1::PartyFact& party : meeting.parties()) {
    std::string line = names.Party(party.code());
    if (party.role() > v1::Party::participant) {
      line += fmt::format(", {}", v1::Party::Role_Name(party.role()));
    }
    if (party.removed()) line += ", no longer takes part";
    if (party.disputed()) line += ", disputed";
    facts->Add("parties", std::move(line), party.said_by());
  }
}

void AddAttendees(const v1::Meeting& meeting, const Names& names, FactList* facts) {
  for (const v1::AttendeeFact& attendee : meeting.attendees()) {
    facts->Add(
        "attendees",
        fmt::format("{}, {}: {}", names.Party(attendee.party()), attendee.post(),
                    attendee.person().value().empty() ? "not named" : attendee.person().value()),
        attendee.person().said_by());
  }
}

void AddTopicsAndResults(const v1::Meeting& meeting, FactList* facts) {
  for (const v1::TopicFact& topic : meeting.topics()) {
    facts->Add("topics",
               topic.relation().empty() ? topic.topic()
                                        : fmt::format("{} ({})", topic.topic(), topic.relation()),
               topic.said_by());
  }
  for (const v1::ResultFact& result : meeting.results()) {
    std::string kind = result.kind();
    std::replace(kind.begin(), kind.end(), '_', ' ');
    std::string line = fmt::format("{}: {}", kind, result.summary());
    if (!result.date().edtf().empty()) {
      line += fmt::format(" ({})", domain::DateInWords(result.date().edtf()));
    }
    facts->Add("results", std::move(line), result.said_by());
  }
}

void AddLinks(const v1::Meeting& meeting, FactList* facts) {
  for (const v1::LinkFact& link : meeting.links()) {
    std::string words = link.relation() == "successor"
                            ? SuccessorInWords(link)
                            : fmt::format("{} {}", link.relation(), BareId(link.other()));
    if (link.suggested()) words += " (no source says so: the next of its kind and parties)";
    facts->Add("links", std::move(words), link.said_by());
  }
}

std::string Heading(const v1::Meeting& meeting, const Names& names, const Style& style) {
  std::string out = style.Paint(Tint::kStrong, Printable(names.Meeting(meeting))) + "\n";
  out += style.Paint(TintOf(meeting.status()), StatusInWords(meeting.status()));
  if (meeting.status() == v1::Meeting::status_lapsed && !meeting.last_reported().empty()) {
    out += ", no news since " + domain::DateInWords(meeting.last_reported());
  }
  out += " · " + WhenInWords(meeting) + " · ";
  out += style.Paint(Tint::kFaint, Printable(BareId(meeting.id()))) + "\n";
  if (!meeting.asked_as().empty() && meeting.asked_as() != meeting.id()) {
    out += fmt::format("{} was merged into this meeting.\n", BareId(meeting.asked_as()));
  }
  for (const std::string& absorbed : meeting.absorbed()) {
    if (absorbed != meeting.asked_as()) {
      out += fmt::format("{} was merged into this meeting.\n", BareId(absorbed));
    }
  }
  return out + "\n";
}

std::string StandingInWords(v1::Meeting::Standing standing) {
  return standing == v1::Meeting::unspecified ? "no report asserts it"
                                              : v1::Meeting::Standing_Name(standing);
}

std::string OutcomeInWords(const v1::OutcomeFact& outcome) {
  std::string words = outcome.value() == v1::Meeting::called_off ? "called off"
                      : outcome.value() == v1::Meeting::outcome_unspecified
                          ? "open"
                          : v1::Meeting::Outcome_Name(outcome.value());
  if (outcome.disputed()) words += ", disputed";
  if (outcome.unconfirmed()) words += ", unconfirmed change";
  if (outcome.possible_only()) words += ", counts as possible only";
  return words;
}

}  // namespace

std::string Meeting(const v1::MeetingRequest& asked, const v1::MeetingReply& reply,
                    const Names& names, const Style& style) {
  const v1::Meeting& meeting = reply.meeting();
  FactList facts;
  facts.Add("kind", meeting.kind(), nullptr, "unknown");
  facts.Add("level", meeting.level(), nullptr, "");
  AddParties(meeting, names, &facts);
  facts.Add("series", meeting.series(), nullptr, "");
  facts.Add("number", meeting.ordinal(), nullptr, "");
  facts.Add("title", meeting.title(), nullptr, "");
  facts.Add("standing", StandingInWords(meeting.standing()), {});
  facts.Add("outcome", OutcomeInWords(meeting.outcome()), meeting.outcome().said_by());
  facts.Add("date", meeting.date().fact(), domain::DateInWords, "none");
  if (meeting.date().state() == v1::DateFact::postponed) {
    facts.Add("postponed", meeting.until(), domain::DateInWords, "no new date");
  }
  facts.Add("reason", meeting.reason(), nullptr, "");
  facts.Add("mode", meeting.mode(), Mode, "unknown");
  facts.Add("place", meeting.place(), nullptr, "unknown");
  facts.Add("duration", meeting.duration(), nullptr, "");
  AddAttendees(meeting, names, &facts);
  AddTopicsAndResults(meeting, &facts);
  facts.AddStatements(meeting.statements());
  facts.AddClaims(meeting.claims(), names);
  AddLinks(meeting, &facts);
  return Heading(meeting, names, style) + facts.Print(style) + Findings(meeting.findings(), style) +
         Reports(meeting.reports(), style) + "\n" +
         Horizon(reply.answered(), asked.context(), style);
}

std::string Subject(const v1::SubjectRequest& asked, const v1::SubjectReply& reply,
                    const Names& names, const Style& style) {
  const v1::Subject& subject = reply.subject();
  FactList facts;
  facts.Add("rhythm", subject.rhythm(), nullptr, "");
  for (const v1::CoverageDeclared& coverage : subject.coverage()) {
    facts.Add("coverage",
              fmt::format(
                  "{}{} complete from {}{}", coverage.kind(),
                  coverage.party().empty() ? "" : " of " + names.Party(coverage.party()),
                  coverage.from().empty() ? "the first ever" : domain::DateInWords(coverage.from()),
                  coverage.to().empty() ? " on" : " to " + domain::DateInWords(coverage.to())),
              {});
  }
  facts.AddStatements(subject.statements());
  facts.AddClaims(subject.claims(), names);
  for (const v1::MentionRun& run : subject.runs()) {
    facts.Add("mentioned", RunInWords(run), run.said_by());
  }
  return style.Paint(Tint::kStrong, Printable(subject.id())) + "\n\n" + facts.Print(style) +
         Findings(subject.findings(), style) + Reports(subject.reports(), style) + "\n" +
         Horizon(reply.answered(), asked.context(), style);
}

}  // namespace entente::cli::render
