#include "views/answers/filter.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "domain/dates/reported_time.h"
#include "domain/event/stream_name.h"
#include "domain/meeting/change.h"
#include "domain/meeting/fold.h"

namespace entente::views {
namespace {

using Group = CompiledFilter::Group;

std::string At(std::string_view field, int i) { return fmt::format("{}[{}]", field, i); }

class Compiler {
 public:
  Compiler(const v1::Filter& filter, const domain::PartyRegistry& parties,
           const domain::Vocabulary& vocabulary)
      : filter_(filter), parties_(parties), vocabulary_(vocabulary) {}

  Result<CompiledFilter> Compile() {
    for (const auto step :
         {&Compiler::AddCountries, &Compiler::AddPairs, &Compiler::AddTopics, &Compiler::AddWords,
          &Compiler::AddStatuses, &Compiler::AddChangeTypes, &Compiler::AddWindow}) {
      if (auto done = (this->*step)(); !done) return Fail(std::move(done.error()));
    }
    compiled_.certain_only = filter_.certainty() == v1::Filter::certain;
    return std::move(compiled_);
  }

 private:
  Result<std::string> Code(const std::string& name, const std::string& field) const {
    const auto party = parties_.Resolve(name);
    if (!party) return Fail(Error(party.error()).At(field));
    return (*party)->code;
  }

  Group CountryGroup(std::vector<std::string> codes) const {
    Group group;
    for (const std::string& code : codes) group.terms.push_back({TermKind::kCountry, code});
    if (!filter_.members_too()) return group;
    for (const domain::KnownParty& party : parties_.all()) {
      if (party.organisation) group.terms.push_back({TermKind::kCountry, party.code});
    }
    group.members = std::move(codes);
    return group;
  }

  Status AddCountries() {
    std::vector<std::string> any;
    for (int i = 0; i < filter_.countries_size(); ++i) {
      auto code = Code(filter_.countries(i), At("filter.countries", i));
      if (!code) return Fail(std::move(code.error()));
      any.push_back(std::move(*code));
    }
    if (!any.empty()) compiled_.groups.push_back(CountryGroup(std::move(any)));
    for (int i = 0; i < filter_.countries_all_size(); ++i) {
      auto code = Code(filter_.countries_all(i), At("filter.countries_all", i));
      if (!code) return Fail(std::move(code.error()));
      compiled_.groups.push_back(CountryGroup({std::move(*code)}));
    }
    return {};
  }

  Status AddPairs() {
    Group group;
    for (int i = 0; i < filter_.pairs_size(); ++i) {
      const std::string& pair = filter_.pairs(i);
      const std::string field = At("filter.pairs", i);
      const std::size_t dash = pair.find('-');
      if (dash == std::string::npos) {
        return Fail(Reason::kQueryInvalid, field, pair, "write a pair as two codes: IN-JP");
      }
      auto a = Code(pair.substr(0, dash), field);
      auto b = Code(pair.substr(dash + 1), field);
      if (!a) return Fail(std::move(a.error()));
      if (!b) return Fail(std::move(b.error()));
      group.terms.push_back(ParseTerm(domain::PairStream(*a, *b)));
    }
    if (!group.terms.empty()) compiled_.groups.push_back(std::move(group));
    return {};
  }

  Status AddTopics() {
    Group group;
    for (int i = 0; i < filter_.topics_size(); ++i) {
      const auto word = vocabulary_.Resolve(domain::WordList::kTopics, filter_.topics(i));
      if (!word) return Fail(Error(word.error()).At(At("filter.topics", i)));
      for (std::string& topic : vocabulary_.NarrowerTopics((*word)->id)) {
        group.terms.push_back({TermKind::kTopic, std::move(topic)});
      }
    }
    if (!group.terms.empty()) compiled_.groups.push_back(std::move(group));
    return {};
  }

  Status AddWords() {
    const auto add = [&](const auto& words, domain::WordList list, TermKind kind,
                         std::string_view field) -> Status {
      Group group;
      for (int i = 0; i < words.size(); ++i) {
        const auto word = vocabulary_.Resolve(list, words.Get(i));
        if (!word) return Fail(Error(word.error()).At(At(field, i)));
        group.terms.push_back({kind, (*word)->id});
      }
      if (!group.terms.empty()) compiled_.groups.push_back(std::move(group));
      return {};
    };
    if (auto kinds =
            add(filter_.kinds(), domain::WordList::kKinds, TermKind::kKind, "filter.kinds");
        !kinds) {
      return kinds;
    }
    return add(filter_.series(), domain::WordList::kSeries, TermKind::kSeries, "filter.series");
  }

  // One that is none would match nothing, for ever.
  Status AddChangeTypes() {
    for (int i = 0; i < filter_.change_types_size(); ++i) {
      const int type = filter_.change_types(i);
      if (type == v1::ChangeType::unspecified || !v1::ChangeType::Value_IsValid(type)) {
        return Fail(Reason::kQueryInvalid, At("filter.change_types", i), std::to_string(type),
                    "no type of change has this number");
      }
      compiled_.change_types.push_back(TermText(
          TermKind::kType, v1::ChangeType::Value_Name(static_cast<v1::ChangeType::Value>(type))));
    }
    return {};
  }

  Status AddStatuses() {
    static const std::map<v1::Meeting::Status, std::string> kTerms = {
        {v1::Meeting::status_held, "held"},
        {v1::Meeting::status_cancelled, "cancelled"},
        {v1::Meeting::status_called_off, "called_off"},
        {v1::Meeting::status_postponed, "postponed"},
        {v1::Meeting::status_lapsed, "open"},
        {v1::Meeting::status_scheduled, "open"},
        {v1::Meeting::status_announced, "open"},
        {v1::Meeting::status_reported, "open"},
    };
    std::set<Term> terms;
    for (int i = 0; i < filter_.statuses_size(); ++i) {
      const v1::Meeting::Status status = filter_.statuses(i);
      const auto term = kTerms.find(status);
      if (term == kTerms.end()) {
        const std::string& name = v1::Meeting::Status_Name(status);
        return Fail(Reason::kQueryInvalid, At("filter.statuses", i),
                    name.empty() ? std::to_string(status) : name,
                    status == v1::Meeting::status_withdrawn
                        ? "withdrawn meetings are in no list; ask for one by its id"
                        : "no status has this number");
      }
      compiled_.statuses.insert(status);
      terms.insert({TermKind::kStatus, term->second});
    }
    if (!terms.empty()) compiled_.groups.push_back({{terms.begin(), terms.end()}, {}});
    return {};
  }

  Status AddWindow() {
    if (filter_.from().empty() && filter_.to().empty()) return {};
    domain::Bounds window{Day::BeforeAll(), Day::AfterAll()};
    if (!filter_.from().empty()) {
      const auto from = domain::UncertainDate::Parse(filter_.from());
      if (!from) return Fail(Error(from.error()).At("filter.from"));
      window.earliest = from->bounds().earliest;
    }
    if (!filter_.to().empty()) {
      const auto to = domain::UncertainDate::Parse(filter_.to());
      if (!to) return Fail(Error(to.error()).At("filter.to"));
      window.latest = to->bounds().latest;
    }
    if (window.latest < window.earliest) {
      return Fail(Reason::kQueryInvalid, "filter.to", filter_.to(), "ends before `from` begins");
    }
    compiled_.window = window;
    return {};
  }

  const v1::Filter& filter_;
  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
  CompiledFilter compiled_;
};

// Statuses that the terms `open` and the others do not tell apart.
bool IsOfOpen(v1::Meeting::Status status) {
  return status == v1::Meeting::status_lapsed || status == v1::Meeting::status_scheduled ||
         status == v1::Meeting::status_announced || status == v1::Meeting::status_reported;
}

// The best that one of those who take part in a meeting makes, on its day.
Fit FitMembers(const Group& group, const v1::Meeting& meeting,
               const domain::PartyRegistry& parties) {
  Fit best = Fit::kNo;
  for (const v1::PartyFact& party : meeting.parties()) {
    if (party.removed() || party.role() == v1::Party::venue) continue;
    const Fit certainty = party.disputed() ? Fit::kPossibly : Fit::kCertainly;
    const Fit fit = FitMember(group, party.code(), BoundsOf(meeting.date()), parties);
    best = std::max(best, Both(certainty, fit));
  }
  return best;
}

// One whose status is disputed fits under every word that either side has for it.
Fit FitStatus(const CompiledFilter& filter, const v1::Meeting& meeting, Day today) {
  if (filter.statuses.contains(domain::PrintedStatus(meeting, today))) {
    return meeting.outcome().rivals().empty() ? Fit::kCertainly : Fit::kPossibly;
  }
  const auto readings = domain::RivalReadings(meeting);
  return std::ranges::any_of(
             readings,
             [&](const v1::Meeting& reading) {
               return filter.statuses.contains(domain::PrintedStatus(reading, today));
             })
             ? Fit::kPossibly
             : Fit::kNo;
}

}  // namespace

bool CompiledFilter::NeedsState() const {
  return std::ranges::any_of(statuses, IsOfOpen) ||
         std::ranges::any_of(groups, [](const Group& group) { return !group.members.empty(); });
}

Result<CompiledFilter> CompileFilter(const v1::Filter& filter, const domain::PartyRegistry& parties,
                                     const domain::Vocabulary& vocabulary) {
  return Compiler(filter, parties, vocabulary).Compile();
}

Fit Both(Fit a, Fit b) { return std::min(a, b); }

Fit FitMember(const Group& group, const std::string& party, const domain::Bounds& days,
              const domain::PartyRegistry& parties) {
  if (std::ranges::find(group.members, party) != group.members.end()) return Fit::kCertainly;
  const auto is_member_on = [&](Day day) {
    const auto members = parties.MembersOn(party, day);
    return day.finite() && std::ranges::any_of(group.members, [&](const std::string& code) {
             return std::ranges::find(members, code) != members.end();
           });
  };
  const bool first = is_member_on(days.earliest);
  const bool last = is_member_on(days.latest);
  if (first && last) return Fit::kCertainly;
  return first || last ? Fit::kPossibly : Fit::kNo;
}

domain::Bounds DaysOf(const std::string& reported) {
  const auto time = domain::ReportedTime::Parse(reported);
  if (!time) return {Day::BeforeAll(), Day::AfterAll()};
  return {time->earliest().day(), time->latest().day()};
}

Fit FitMembers(const CompiledFilter& filter, std::span<const std::string> codes,
               const std::string& reported, const domain::PartyRegistry& parties) {
  const domain::Bounds days = DaysOf(reported);
  Fit fit = Fit::kCertainly;
  for (const Group& group : filter.groups) {
    if (group.members.empty()) continue;
    Fit best = Fit::kNo;
    for (const std::string& code : codes) {
      best = std::max(best, FitMember(group, code, days, parties));
    }
    fit = Both(fit, best);
  }
  return fit;
}

Fit FitTerms(const CompiledFilter& filter, const v1::Meeting& meeting) {
  bool listed = false;
  std::vector<Fit> groups(filter.groups.size(), Fit::kNo);
  domain::VisitTerms(meeting, [&](std::string_view word, std::string_view name, bool possibly) {
    listed = true;
    const TermKind kind = TermKindOf(word);
    const Fit fit = possibly ? Fit::kPossibly : Fit::kCertainly;
    for (std::size_t i = 0; i < groups.size(); ++i) {
      for (const Term& term : filter.groups[i].terms) {
        if (term.kind == kind && term.name == name) groups[i] = std::max(groups[i], fit);
      }
    }
  });
  Fit fit = listed ? Fit::kCertainly : Fit::kNo;
  for (const Fit group : groups) fit = Both(fit, group);
  return fit;
}

Fit FitPlace(const CompiledFilter& filter, const ListPlace& place, bool former_day) {
  if (!filter.window) return Fit::kCertainly;
  if (!IsDated(place)) return Fit::kPossibly;
  switch (domain::Within(BoundsOf(place), *filter.window)) {
    case domain::Containment::kCertain:
      return former_day ? Fit::kPossibly : Fit::kCertainly;
    case domain::Containment::kPossible:
      return Fit::kPossibly;
    default:
      return Fit::kNo;
  }
}

Fit FitState(const CompiledFilter& filter, const v1::Meeting& meeting, Day today,
             const domain::PartyRegistry& parties) {
  Fit fit = Fit::kCertainly;
  if (!filter.statuses.empty()) fit = FitStatus(filter, meeting, today);
  for (const Group& group : filter.groups) {
    if (!group.members.empty()) fit = Both(fit, FitMembers(group, meeting, parties));
  }
  return fit;
}

bool Passes(const CompiledFilter& filter, Fit fit) {
  return fit == Fit::kCertainly || (fit == Fit::kPossibly && !filter.certain_only);
}

Fit FitMeeting(const CompiledFilter& filter, const v1::Meeting& meeting, const ListPlace& place,
               Day today, const domain::PartyRegistry& parties) {
  const bool former_day = meeting.date().state() == v1::DateFact::postponed;
  const Fit fit = Both(FitTerms(filter, meeting), FitPlace(filter, place, former_day));
  return fit == Fit::kNo ? fit : Both(fit, FitState(filter, meeting, today, parties));
}

}  // namespace entente::views
