#include "tests/meeting/scenario_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <map>
#include <ranges>
#include <stdexcept>

#include "domain/meeting/change.h"
#include "domain/meeting/successor.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"

namespace entente::domain::scenarios {

namespace {

FoldedComponent Fold(std::span<const v1::Report> reports, const AsOf& as_of) {
  return FoldMeetings(reports, as_of, PartyRegistry::BuiltIn(), Vocabulary::BuiltIn());
}

const v1::Meeting* Find(const FoldedComponent& folded, const std::string& id) {
  const auto found = std::ranges::find(folded.meetings, id, &v1::Meeting::id);
  return found == folded.meetings.end() ? nullptr : &*found;
}

std::string Join(const std::vector<std::string>& parts, std::string_view by = ", ") {
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, by));
}

template <class Repeated, class Render>
std::string JoinEach(Repeated&& items, Render render, std::string_view by = ", ") {
  std::vector<std::string> parts;
  std::ranges::transform(items, std::back_inserter(parts), render);
  return Join(parts, by);
}

template <class Holder>
std::string Reports(const Holder& holder,
                    const google::protobuf::RepeatedField<std::uint32_t>& by) {
  return JoinEach(
      by, [&](std::uint32_t index) { return holder.reports(static_cast<int>(index)).event_id(); });
}

std::string Without(std::string_view name, std::string_view prefix) {
  return std::string(name.starts_with(prefix) ? name.substr(prefix.size()) : name);
}

std::string ValueOf(const v1::Fact& fact) { return fact.value().empty() ? "none" : fact.value(); }

std::string DateOf(const v1::DateFact& date) {
  const std::string& value = date.fact().value();
  switch (date.state()) {
    case v1::DateFact::dated:
      return value;
    case v1::DateFact::postponed:
      return value.empty() ? "postponed" : "postponed from " + value;
    default:
      return "undated";
  }
}

std::string OutcomeOf(const v1::OutcomeFact& outcome) {
  std::string text = v1::Meeting::Outcome_Name(outcome.value());
  if (outcome.possible_only()) text += ", possible only";
  if (outcome.disputed()) text += ", disputed";
  if (outcome.unconfirmed()) text += ", unconfirmed";
  return text;
}

std::string PartyOf(const v1::PartyFact& party) {
  const bool plain = party.role() == v1::Party::participant;
  return party.code() + (plain ? "" : " " + v1::Party::Role_Name(party.role()));
}

std::string PendingOf(const v1::Meeting& meeting, Day today) {
  const auto why = WhyPending(meeting, today);
  if (!why) return "no";
  switch (*why) {
    case Pending::kPostponed:
      return "postponed";
    case Pending::kCalledOff:
      return "called off";
    case Pending::kUndated:
      return "undated";
    case Pending::kLapsed:
      return "lapsed";
  }
  return {};
}

std::string ClaimOf(const v1::ClaimFact& claim) {
  std::string text = v1::ClaimRecorded::Claim_Name(claim.claim());
  if (claim.value() > 0) text += fmt::format(" {}", claim.value());
  if (!claim.scope().party().empty()) text += " of " + claim.scope().party();
  if (!claim.scope().window().empty()) text += " in " + claim.scope().window();
  return text;
}

const v1::Fact* FactOf(const v1::Meeting& meeting, const std::string& facet) {
  static const std::map<std::string, std::function<const v1::Fact*(const v1::Meeting&)>> kFacts = {
      {"kind", [](const auto& m) { return &m.kind(); }},
      {"series", [](const auto& m) { return &m.series(); }},
      {"ordinal", [](const auto& m) { return &m.ordinal(); }},
      {"title", [](const auto& m) { return &m.title(); }},
      {"date", [](const auto& m) { return &m.date().fact(); }},
      {"mode", [](const auto& m) { return &m.mode(); }},
      {"place", [](const auto& m) { return &m.place(); }},
      {"level", [](const auto& m) { return &m.level(); }},
      {"duration", [](const auto& m) { return &m.duration(); }},
      {"reason", [](const auto& m) { return &m.reason(); }},
      {"until", [](const auto& m) { return &m.until(); }}};
  const auto found = kFacts.find(facet);
  return found == kFacts.end() ? nullptr : found->second(meeting);
}

std::string RivalsOf(const v1::Meeting& meeting, const v1::Fact& fact) {
  return JoinEach(
      fact.rivals(),
      [&](const v1::Fact::Rival& rival) {
        std::string why = v1::Fact::Rival::Why_Name(rival.why());
        std::ranges::replace(why, '_', ' ');
        return fmt::format("{} {} ({})", rival.value(), why, Reports(meeting, rival.said_by()));
      },
      "; ");
}

std::string FateOf(const v1::Meeting& meeting, const std::string& name) {
  const auto found = std::ranges::find(meeting.reports(), name, &v1::Report::event_id);
  if (found == meeting.reports().end()) return "not there";
  if (!found->has_fate()) return "counts";
  std::string text = v1::Report::Fate::Value_Name(found->fate().value());
  std::ranges::replace(text, '_', ' ');
  return found->fate().by().empty() ? text : text + " by " + found->fate().by();
}

// Why the subject changed when the report of that name arrived, in the order of the file.
std::string ReasonsOf(const Scenario& scenario, const Then& then, const std::string& name) {
  const auto at = std::ranges::find(scenario.reports, name, &v1::Report::event_id);
  if (at == scenario.reports.end()) throw std::runtime_error("no report is named " + name);
  const auto before = Fold({scenario.reports.begin(), at}, then.as_of);
  const auto after = Fold({scenario.reports.begin(), at + 1}, then.as_of);
  const auto* was = Find(before, then.of);
  const auto* is = Find(after, then.of);
  return JoinEach(ReasonsFor(was ? *was : v1::Meeting(), is ? *is : v1::Meeting(), *at),
                  [](auto reason) { return v1::ChangeType::Value_Name(reason); });
}

using Render = std::function<std::string(const v1::Meeting&, const Then&)>;

const std::map<std::string, Render>& Questions() {
  static const std::map<std::string, Render> kQuestions = {
      {"status",
       [](const auto& m, const auto& then) {
         return Without(v1::Meeting::Status_Name(PrintedStatus(m, then.today)), "status_");
       }},
      {"standing",
       [](const auto& m, const auto&) { return v1::Meeting::Standing_Name(m.standing()); }},
      {"date", [](const auto& m, const auto&) { return DateOf(m.date()); }},
      {"last day",
       [](const auto& m, const auto&) {
         return m.date().last_day().empty() ? "none" : m.date().last_day();
       }},
      {"bounds",
       [](const auto& m, const auto&) {
         return fmt::format("{} to {}", m.date().earliest(), m.date().latest());
       }},
      {"previous",
       [](const auto& m, const auto&) {
         return JoinEach(m.date().previous(), [](const auto& date) { return date; });
       }},
      {"outcome", [](const auto& m, const auto&) { return OutcomeOf(m.outcome()); }},
      {"pending", [](const auto& m, const auto& then) { return PendingOf(m, then.today); }},
      {"parties",
       [](const auto& m, const auto&) {
         return JoinEach(
             m.parties() | std::views::filter([](const auto& p) { return !p.removed(); }), PartyOf);
       }},
      {"removed",
       [](const auto& m, const auto&) {
         return JoinEach(m.parties() | std::views::filter(&v1::PartyFact::removed), PartyOf);
       }},
      {"pairs",
       [](const auto& m, const auto&) {
         return JoinEach(m.pairs(), [](const auto& pair) { return pair; });
       }},
      {"attendees",
       [](const auto& m, const auto&) {
         return JoinEach(m.attendees(), [](const v1::AttendeeFact& a) {
           return fmt::format("{} {} {}", a.party(), a.post(), ValueOf(a.person()));
         });
       }},
      {"topics",
       [](const auto& m, const auto&) {
         return JoinEach(m.topics(), [](const v1::TopicFact& topic) {
           return fmt::format("{} ({})", topic.topic(), topic.relation());
         });
       }},
      {"results",
       [](const auto& m, const auto&) {
         return JoinEach(
             m.results(),
             [&](const v1::ResultFact& result) {
               return fmt::format("{}: {} ({})", result.kind(), result.summary(),
                                  Reports(m, result.said_by()));
             },
             "; ");
       }},
      {"statements",
       [](const auto& m, const auto&) {
         return JoinEach(
             m.statements(),
             [&](const v1::StatementFact& statement) {
               return fmt::format("{}: {} ({})", statement.who(), statement.summary(),
                                  Reports(m, statement.said_by()));
             },
             "; ");
       }},
      {"claims", [](const auto& m, const auto&) { return JoinEach(m.claims(), ClaimOf); }},
      {"links",
       [](const auto& m, const auto&) {
         return JoinEach(m.links(), [](const v1::LinkFact& link) {
           return link.relation() + " " + link.other();
         });
       }},
      {"absorbed",
       [](const auto& m, const auto&) {
         return JoinEach(m.absorbed(), [](const auto& id) { return id; });
       }},
      {"terms",
       [](const auto& m, const auto&) {
         return JoinEach(TermsOf(m), [](const auto& term) {
           return term.second ? term.first + " (possibly)" : term.first;
         });
       }},
      {"reports",
       [](const auto& m, const auto&) {
         return JoinEach(m.reports(), [](const auto& report) { return report.event_id(); });
       }},
      {"reported",
       [](const auto& m, const auto&) {
         return fmt::format("{} to {}", m.first_reported(), m.last_reported());
       }},
  };
  return kQuestions;
}

v1::Subject FoldOther(const Scenario& scenario, const Then& then) {
  return FoldSubject(then.of, scenario.reports, then.as_of, PartyRegistry::BuiltIn(),
                     Vocabulary::BuiltIn());
}

// Of a series, kind, country or pair.
std::string AnswerOther(const Scenario& scenario, const Then& then, const std::string& key) {
  const v1::Subject subject = FoldOther(scenario, then);
  if (key == "rhythm") return ValueOf(subject.rhythm());
  if (key == "claims") return JoinEach(subject.claims(), ClaimOf);
  if (key == "statements") {
    return JoinEach(
        subject.statements(),
        [](const auto& statement) { return statement.who() + ": " + statement.summary(); }, "; ");
  }
  if (key == "runs") {
    return JoinEach(
        subject.runs(),
        [&](const v1::MentionRun& run) {
          return fmt::format("{} {} to {}, most on {}, {} days ({})",
                             v1::MentionRun::Sense_Name(run.sense()), run.first(), run.last(),
                             run.most_named(), run.days(), Reports(subject, run.said_by()));
        },
        "; ");
  }
  if (key == "coverage") {
    return JoinEach(subject.coverage(), [](const v1::CoverageDeclared& coverage) {
      return fmt::format("{} from {}", coverage.kind(), coverage.from());
    });
  }
  throw std::runtime_error("`" + key + "` cannot be asked of " + then.of);
}

template <class Holder>
std::vector<std::string> Listed(const Holder& holder) {
  std::vector<std::string> lines;
  for (const v1::Finding& finding : holder.findings()) {
    std::string kind = v1::Finding::Kind_Name(finding.kind());
    if (finding.kind() == v1::Finding::unconfirmed_change) kind = "unconfirmed";
    lines.push_back(
        fmt::format("{} {}: {}", kind, finding.facet(), Reports(holder, finding.reports())));
  }
  return lines;
}

// Linked by a report, or else suggested: the earliest that may follow.
std::string SuccessorOf(const FoldedComponent& folded, const v1::Meeting& meeting, Day today) {
  for (const v1::LinkFact& link : meeting.links()) {
    if (link.relation() == "successor") return link.other();
  }
  const auto after = LooksForSuccessorAfter(meeting, today);
  if (!after) return "none";
  const v1::Meeting* next = nullptr;
  for (const v1::Meeting& other : folded.meetings) {
    const auto day = [](const v1::Meeting& one) { return one.date().earliest(); };
    if (!MayFollow(meeting, *after, other)) continue;
    if (next == nullptr || day(other) < day(*next)) next = &other;
  }
  return next == nullptr ? "none" : "suggested " + next->id();
}

bool IsMeeting(const Then& then) { return then.of.starts_with("meeting/"); }

}  // namespace

bool IsFindingKey(const std::string& key) {
  return key == "disputed" || key == "inconsistent" || key == "unconfirmed";
}

std::vector<std::string> FindingsOf(const Scenario& scenario, const Then& then) {
  if (!IsMeeting(then)) return Listed(FoldOther(scenario, then));
  const auto folded = Fold(scenario.reports, then.as_of);
  const auto* meeting = Find(folded, then.of);
  return meeting ? Listed(*meeting) : std::vector<std::string>();
}

std::string Answer(const Scenario& scenario, const Then& then, const std::string& key) {
  if (!IsMeeting(then)) return AnswerOther(scenario, then, key);
  if (key.starts_with("reasons ")) return ReasonsOf(scenario, then, key.substr(8));
  const auto folded = Fold(scenario.reports, then.as_of);
  const auto* meeting = Find(folded, then.of);
  if (key == "there") return meeting ? "yes" : "no";
  if (key == "survivor") {
    const auto found = folded.absorbed.find(then.of);
    return found == folded.absorbed.end() ? "none" : found->second;
  }
  if (!meeting) return "no such meeting";
  if (key == "successor") return SuccessorOf(folded, *meeting, then.today);
  if (key.starts_with("fate ")) return FateOf(*meeting, key.substr(5));
  if (key.starts_with("said by ")) {
    if (key == "said by outcome") return Reports(*meeting, meeting->outcome().said_by());
    if (const auto* fact = FactOf(*meeting, key.substr(8)))
      return Reports(*meeting, fact->said_by());
  }
  if (key.starts_with("rivals ")) {
    if (const auto* fact = FactOf(*meeting, key.substr(7))) return RivalsOf(*meeting, *fact);
  }
  const auto question = Questions().find(key);
  if (question != Questions().end()) return question->second(*meeting, then);
  if (const auto* fact = FactOf(*meeting, key)) return ValueOf(*fact);
  throw std::runtime_error("`" + key + "` cannot be asked of a meeting");
}

}  // namespace entente::domain::scenarios
