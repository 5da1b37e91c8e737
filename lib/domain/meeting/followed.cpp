#include "domain/meeting/followed.h"

#include <algorithm>
#include <deque>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "domain/meeting/acts.h"
#include "domain/meeting/astray_dates.h"
#include "domain/meeting/change.h"
#include "domain/meeting/finding_counts.h"
#include "domain/meeting/findings.h"
#include "domain/meeting/life.h"
#include "domain/meeting/particulars.h"
#include "domain/meeting/registries.h"
#include "domain/meeting/series.h"
#include "domain/meeting/settle.h"
#include "domain/meeting/story.h"
#include "domain/meeting/visibility.h"
#include "domain/meeting/who_takes_part.h"

namespace entente::domain {

namespace {

// One report and what of it is told, which a correction may put in the place of its own words.
struct Entry {
  Said said;
  const v1::Facts* told = nullptr;  // null: an act, or retracted
};

// What was said on one fact, and what was decided of it last.
struct Contested {
  std::vector<Assertion> words;
  Decision holds;
};

struct Seat {
  Contested persons;
  std::vector<const Said*> unnamed;  // reports that name the post only
  bool known = false;
};

// Results, statements or claims: each once, by its bytes, with the reports that give it.
class Gathered {
 public:
  // Whether the list of them, in the order of their lowest-ranked reports, is another now.
  bool Add(std::string fact, const Said& said) {
    auto& sayers = sayers_[std::move(fact)];
    if (sayers.empty()) {
      sayers.push_back(&said);
      return true;
    }
    const Rank before = sayers.front()->rank;
    InsertByRank(sayers, &said);
    const Rank& now = sayers.front()->rank;
    return now < before && std::ranges::any_of(
                               sayers_,
                               [&](const auto& other) {
                                 const Rank& rank = other.second.front()->rank;
                                 return now < rank && rank < before;
                               });
  }
  void Remove(const Said& said) {
    for (auto& [fact, sayers] : sayers_) std::erase(sayers, &said);
    std::erase_if(sayers_, [](const auto& fact) { return fact.second.empty(); });
  }
  std::vector<std::string> InOrder() const {
    std::vector<std::pair<Rank, std::string>> facts;
    facts.reserve(sayers_.size());
    for (const auto& [fact, sayers] : sayers_) facts.emplace_back(sayers.front()->rank, fact);
    std::ranges::sort(facts);
    std::vector<std::string> in_order;
    in_order.reserve(facts.size());
    for (auto& [rank, fact] : facts) in_order.push_back(std::move(fact));
    return in_order;
  }

 private:
  std::map<std::string, std::vector<const Said*>> sayers_;
};

// Speaks of other meetings than the one in whose stream it lies.
bool SpeaksOfOthers(const v1::Facts& facts) {
  return facts.has_meetings_merged() || facts.has_meeting_split() || facts.has_meeting_linked() ||
         facts.statement_made().about_size() > 0;
}

}  // namespace

class Followed::State {
 public:
  State(std::string id, const PartyRegistry& parties, const Vocabulary& vocabulary)
      : id_(std::move(id)), registries_{parties, vocabulary} {}

  std::optional<std::vector<v1::ChangeType::Value>> Take(const v1::Report& report) {
    Begin();
    switch (Enter(report)) {
      case Entered::kTold:
        break;
      case Entered::kInvolved:
        if (!TakeActs()) return std::nullopt;
        break;
      case Entered::kNot:
        return std::nullopt;
    }
    Decide();
    return ReasonsOf(difference_, report.facts());
  }

  bool TakeKnown(std::span<const v1::Report* const> reports) {
    Begin();
    taking_many_ = true;
    bool acts = false;
    for (const v1::Report* report : reports) {
      const Entered entered = Enter(*report);
      if (entered == Entered::kNot) return false;
      acts |= entered == Entered::kInvolved;
    }
    if (acts && !TakeActs()) return false;
    taking_many_ = false;
    astray_.FindAll(story_.plans);
    touched_.everything = true;
    Decide();
    return true;
  }

  const std::map<std::string, bool>& terms() const { return terms_; }
  const std::map<std::string, bool>& terms_before() const {
    return terms_changed_ ? terms_before_ : terms_;
  }
  std::size_t bytes() const { return entries_.size() * kBytesPerReport; }

 private:
  // A report, its words on the facets and its place in their lists.
  static constexpr std::size_t kBytesPerReport = 600;

  // What became of a report: it is told, or an act or what one acts on, or takes a whole fold.
  enum class Entered { kTold, kInvolved, kNot };
  Entered Enter(const v1::Report& report) {
    if (report.stream() != id_) return Entered::kNot;
    Entry& entry = entries_.emplace_back();
    entry.said = Read(report);
    NoteIfDatedLate(entry.said);
    if (awaited_.contains(report.event_id()) || IsActOnReport(report.facts())) {
      Involve(entry);
      return Entered::kInvolved;
    }
    if (SpeaksOfOthers(report.facts())) return Entered::kNot;
    Tell(entry, report.facts());
    return Entered::kTold;
  }

  // What a report may have changed and is to be decided again.
  struct Touched {
    bool everything = false;  // an act changed what reports say
    bool kind = false, series = false, ordinal = false;
    bool mode = false, place = false, duration = false, level = false;
    bool life = false;
    const Roll* roll = nullptr;
    std::vector<Seat*> seats;
    std::vector<std::pair<std::string_view, std::string_view>> topics;
  };

  void Begin() {
    difference_ = {};
    difference_.existed = !entries_.empty();
    difference_.was = Side();
    findings_before_ = findings_;
    touched_ = {};
    touched_.life = terms_touched_ = entries_.empty();
    terms_changed_ = false;
  }

  Difference::Side Side() const {
    return {standing_, life_.outcome.value(), life_.date.state(), life_.date.fact().value()};
  }

  // The report itself and what it names are told, at the places of its rank.
  void Tell(Entry& entry, const v1::Facts& facts) {
    entry.told = &facts;
    Said& said = entry.said;
    said.facts = &facts;
    CountStanding(said, 1);
    TellIdentity(said);
    if (TellsOfLife(facts)) TellLife(said);
    const SettingWords setting = WordsOnSetting(facts, registries_);
    touched_.mode |= Say(mode_, said, setting.mode);
    touched_.place |= Say(place_, said, setting.place);
    touched_.duration |= Say(duration_, said, setting.duration);
    touched_.level |= Say(level_, said, setting.level);
    for (const SeatWord& word : WordsOnSeats(facts, registries_, made_)) {
      Seat& seat = seats_[{word.party, word.post}];
      Say(seat.persons, said, word.person);
      if (word.unnamed) InsertByRank(seat.unnamed, &said);
      touched_.seats.push_back(&seat);
    }
    for (const TopicWord& word : WordsOnTopics(facts, registries_)) {
      Say(topics_[{word.topic, word.relation}], said, word.value);
      touched_.topics.emplace_back(word.topic, word.relation);
    }
    if (facts.has_outcome_recorded()) {
      difference_.results |=
          results_.Add(ResultOf(facts.outcome_recorded(), registries_).SerializeAsString(), said);
    } else if (facts.has_statement_made()) {
      difference_.statements |= statements_.Add(
          StatementOf(facts.statement_made(), registries_).SerializeAsString(), said);
    } else if (facts.has_claim_recorded()) {
      difference_.claims |=
          claims_.Add(ClaimOf(facts.claim_recorded(), registries_).SerializeAsString(), said);
    }
  }

  void TellIdentity(const Said& said) {
    const v1::MeetingIdentity& identity = said.facts->meeting();
    touched_.kind |= Say(kind_, said, registries_.IdOf(WordList::kKinds, identity.kind()));
    touched_.series |= Say(series_, said, registries_.IdOf(WordList::kSeries, identity.series()));
    if (identity.ordinal() != 0) {
      touched_.ordinal |=
          Say(ordinal_, said, made_.emplace_back(std::to_string(identity.ordinal())));
    }
    touched_.roll = CallRoll(said, registries_, call_);
  }

  void TellLife(const Said& said) {
    touched_.life = true;
    domain::Tell(said, registries_, dates_, story_);
    if (!taking_many_) astray_.Found(story_.plans, said.rank);
    CountIfPremature(said, 1);
  }

  void CountIfPremature(const Said& said, int by) {
    if (!said.facts->has_meeting_held()) return;
    for (const DateWord& word : story_.held) {
      if (word.said != &said || !IsPremature(word)) continue;
      premature_.Tally({NameOf(said), said.facts->meeting_held().date().edtf()}, by);
    }
  }

  static bool Say(Contested& contested, const Said& said, std::string_view value) {
    if (value.empty()) return false;
    InsertByRank(contested.words, {&said, value});
    return true;
  }

  void CountStanding(const Said& said, int by) {
    if (!AssertsMeeting(*said.facts)) return;
    asserting_ += by;
    if (Announces(said)) announcing_ += by;
  }

  void Untell(Entry& entry) {
    const Said& said = entry.said;
    const auto is_its = [&](const Assertion& word) { return word.said == &said; };
    CountStanding(said, -1);
    CountIfPremature(said, -1);
    for (Contested* contested :
         {&kind_, &series_, &ordinal_, &mode_, &place_, &duration_, &level_}) {
      std::erase_if(contested->words, is_its);
    }
    Strike(said, call_);
    astray_.Forget(said);
    domain::Untell(said, story_);
    for (auto& [place, seat] : seats_) {
      std::erase_if(seat.persons.words, is_its);
      std::erase(seat.unnamed, &said);
    }
    for (auto& [key, topic] : topics_) std::erase_if(topic.words, is_its);
    results_.Remove(said);
    statements_.Remove(said);
    claims_.Remove(said);
    entry.told = nullptr;
  }

  void Involve(Entry& entry) {
    const auto involve = [&](Entry& one) {
      if (std::ranges::find(involved_, &one) == involved_.end()) involved_.push_back(&one);
    };
    involve(entry);
    const v1::Facts& facts = entry.said.report->facts();
    if (!IsActOnReport(facts)) return;
    const std::string_view id = TargetOf(facts);
    const auto target = std::ranges::find_if(
        entries_, [&](const Entry& other) { return other.said.rank.event_id == id; });
    if (target == entries_.end()) {
      awaited_.emplace(id);
    } else {
      involve(*target);
    }
  }

  // What the acts, and the reports that they act on, say today. False if one of them is now to be
  // laid to other meetings.
  bool TakeActs() {
    const auto results = results_.InOrder();
    const auto statements = statements_.InOrder();
    const auto claims = claims_.InOrder();
    std::ranges::sort(involved_, {}, [](const Entry* entry) { return entry->said.rank; });
    Visible visible;
    for (const Entry* entry : involved_) {
      Said& said = visible.recorded.emplace_back(entry->said);
      said.facts = &said.report->facts();
    }
    visible.said.assign(visible.recorded.size(), true);
    const Judged judged = Judge(visible);
    retracted_ = false;
    for (std::size_t i = 0; i < involved_.size(); ++i) {
      Entry& entry = *involved_[i];
      const Verdict& verdict = judged.verdicts[i];
      retracted_ |= verdict.fate == v1::Report::Fate::retracted && AssertsMeeting(*verdict.facts);
      const v1::Facts* const told = verdict.speaks() ? verdict.facts : nullptr;
      if (told == entry.told) continue;
      if (told && SpeaksOfOthers(*told)) return false;
      if (entry.told) Untell(entry);
      if (told) Tell(entry, *told);
    }
    std::set<std::string> texts;
    for (const EarlyFinding& finding : judged.findings) texts.insert(finding.text);
    amiss_with_acts_ = static_cast<std::uint32_t>(texts.size());
    difference_.results = results != results_.InOrder();
    difference_.statements = statements != statements_.InOrder();
    difference_.claims = claims != claims_.InOrder();
    if (!taking_many_) astray_.FindAll(story_.plans);
    touched_.everything = true;
    return true;
  }

  void NoteIfDatedLate(const Said& said) {
    if (const auto recorded = RecordedBeforeItsDate(said)) {
      dated_late_.emplace(NameOf(said), recorded->Iso());
    }
  }

  // Decides what was touched, and how that differs from before.
  void Decide() {
    const bool all = std::exchange(touched_.everything, false);
    standing_ = announcing_ > 0  ? v1::Meeting::announced
                : asserting_ > 0 ? v1::Meeting::reported
                : retracted_     ? v1::Meeting::withdrawn
                                 : v1::Meeting::unspecified;
    difference_.values |= standing_ != difference_.was.standing;
    terms_touched_ |= standing_ != difference_.was.standing;
    if (all || touched_.kind) {
      const Differs differs = DecideOn(kind_, Facet::kKind);
      difference_.values |= differs.value;
      terms_touched_ |= differs.anything;
    }
    if (all || touched_.ordinal) {
      difference_.values |= DecideOn(ordinal_, Facet::kOrdinal).value;
    }
    if (all || touched_.series) terms_touched_ |= DecideOn(series_, Facet::kSeries).anything;
    if (all || touched_.roll) DecideParties(all);
    if (all || touched_.life) DecideLife(&touched_);
    DecideSetting(all);
    DecideSeats(all);
    DecideTopics(all);
    CountWhatIsAmiss();
    if (terms_touched_) MakeTerms();
    difference_.values |= difference_.moved || difference_.parties || difference_.attendees ||
                          difference_.topics || difference_.results || difference_.statements ||
                          difference_.claims;
    difference_.is = Side();
    difference_.more_disputed = findings_.MoreThan(findings_before_, &FindingCount::disputed);
    difference_.more_unconfirmed = findings_.MoreThan(findings_before_, &FindingCount::unconfirmed);
    difference_.more_inconsistent =
        findings_.MoreThan(findings_before_, &FindingCount::inconsistent);
  }

  struct Differs {
    bool value = false;
    bool anything = false;
  };

  // Without what is denied, where something is.
  Decision DecisionOn(const std::vector<Assertion>& words) const {
    if (life_.denied.empty()) return domain::Decide(words);
    std::vector<Assertion> heard = words;
    std::erase_if(heard, [&](const Assertion& word) { return IsDenied(word.said); });
    return domain::Decide(heard);
  }
  bool IsDenied(const Said* said) const {
    return std::ranges::find(life_.denied, said) != life_.denied.end();
  }

  Differs Replace(Decision& holds, Decision now, Facet facet) {
    if (now == holds) return {};
    findings_[facet] -= FindingCount::Of(holds);
    findings_[facet] += FindingCount::Of(now);
    const Differs differs{now.asserted != holds.asserted || now.value != holds.value, true};
    holds = std::move(now);
    return differs;
  }

  Differs DecideOn(Contested& contested, Facet facet) {
    return Replace(contested.holds, domain::Decide(contested.words), facet);
  }

  void DecideParties(bool all) {
    std::set<std::string_view> codes;
    if (all) {
      for (const auto& [code, words] : call_.parties) codes.insert(code);
      for (const auto& [code, party] : parties_) codes.insert(code);
    } else {
      for (const auto& [code, role] : touched_.roll->in) codes.insert(code);
      codes.insert(touched_.roll->out.begin(), touched_.roll->out.end());
    }
    bool walk = all;  // all rolls are to be walked again
    for (const std::string_view code : codes) {
      const auto words = call_.parties.find(code);
      const auto known = parties_.find(code);
      const PartyOutline before = known == parties_.end() ? PartyOutline{} : known->second;
      const PartyOutline now =
          words == call_.parties.end() ? PartyOutline{} : OutlineParty(words->second);
      walk |= known != parties_.end() && now.role != before.role;
      if (words == call_.parties.end()) {
        parties_.erase(known);
      } else {
        parties_.insert_or_assign(code, now);
      }
      if (now == before) continue;
      findings_[Facet::kParties] -= before.findings;
      findings_[Facet::kParties] += now.findings;
      terms_touched_ = true;
      const auto value = [](const PartyOutline& party) {
        return std::tuple(party.known, party.known && party.removed,
                          party.known ? party.role : v1::Party::unspecified);
      };
      difference_.parties |= value(before) != value(now);
    }
    DecidePairs(walk);
  }

  void DecidePairs(bool walk) {
    const bool firm = AnyFirm(call_);
    if (walk || firm != firm_rolls_) {
      firm_rolls_ = firm;
      WalkAgain();
    } else {
      GoOn(*touched_.roll);
    }
    std::vector<std::string_view> disputed;
    for (const auto& [code, party] : parties_) {
      if (party.disputed) disputed.push_back(code);
    }
    std::set<std::string> doubtful = DoubtfulPairs(call_, disputed);
    terms_touched_ |= doubtful != doubtful_pairs_;
    doubtful_pairs_ = std::move(doubtful);
  }

  void WalkAgain() {
    PairWalk walk = WalkPairs(call_);
    if (walk.pairs != walk_.pairs) difference_.values = terms_touched_ = true;
    walk_ = std::move(walk);
  }

  // One more roll; roles are what they were.
  void GoOn(const Roll& roll) {
    if (Firm(*roll.said) != firm_rolls_) return;
    const auto counts = [&](const Roll& other) { return Firm(*other.said) == firm_rolls_; };
    const std::size_t place = static_cast<std::size_t>(&roll - call_.rolls.data());
    std::size_t below = place;
    while (below > 0 && !counts(call_.rolls[below - 1])) --below;
    // Whoever says what the one before said adds nobody.
    if (below > 0 && roll.out.empty() && call_.rolls[below - 1].in == roll.in &&
        call_.rolls[below - 1].out.empty()) {
      return;
    }
    const bool last = std::none_of(call_.rolls.begin() + static_cast<std::ptrdiff_t>(place) + 1,
                                   call_.rolls.end(), counts);
    if (!last) return WalkAgain();
    const std::size_t pairs = walk_.pairs.size();
    Step(roll, call_, walk_);
    if (walk_.pairs.size() != pairs) difference_.values = terms_touched_ = true;
  }

  void DecideLife(Touched* touched) {
    LifeOutline now;
    std::uint32_t astray = 0;
    if (TurnsOnPlans(story_)) {
      Story story = story_;
      Conclude(registries_, dates_, story);
      now = OutlineLife(story, registries_);
      astray = CountAstray(story);
    } else {
      now = OutlineLife(story_, registries_);
      astray = std::ranges::any_of(story_.plans, SetsState) ? astray_.findings() : 0;
    }
    const v1::DateFact& was = life_.date;
    const v1::DateFact& is = now.date;
    const bool stays =
        was.state() == is.state() && was.fact().value() == is.fact().value() &&
        was.last_day() == is.last_day() && was.earliest() == is.earliest() &&
        was.latest() == is.latest() && life_.outcome.value() == now.outcome.value() &&
        life_.outcome.possible_only() == now.outcome.possible_only() &&
        life_.reason.value == now.reason.value && life_.reason.asserted == now.reason.asserted &&
        life_.until.value == now.until.value && life_.until.asserted == now.until.asserted;
    difference_.values |= !stays;
    const auto status = [](const LifeOutline& life) {
      return std::pair(
          life.outcome.disputed(),
          std::vector<std::string>(life.outcome.rivals().begin(), life.outcome.rivals().end()));
    };
    terms_touched_ |= !stays || status(life_) != status(now);
    if (life_.denied != now.denied) {
      touched->mode = touched->place = touched->duration = true;
      touched->seats.clear();
      for (auto& [place, seat] : seats_) touched->seats.push_back(&seat);
    }
    touched->duration |= life_.outcome.value() != now.outcome.value();
    life_ = std::move(now);
    for (const Facet facet : {Facet::kOutcome, Facet::kDate, Facet::kReason, Facet::kUntil}) {
      findings_[facet] = life_.findings[facet];
    }
    findings_[Facet::kOutcome].inconsistent += CountPremature();
    findings_[Facet::kDate].inconsistent += astray;
  }

  // Denials that it was held may be words on the plan, too.
  static std::uint32_t CountAstray(const Story& story) {
    std::set<std::pair<std::string, std::string>> told;
    for (const DateWord* word : SettleDates(story.plans).astray) {
      told.emplace(NameOf(*word->said), word->date->text());
    }
    return static_cast<std::uint32_t>(told.size());
  }

  std::uint32_t CountPremature() const {
    if (life_.denied.empty()) return premature_.count();
    std::set<std::pair<std::string, std::string>> told;
    for (const DateWord& word : story_.held) {
      if (!IsPremature(word) || IsDenied(word.said)) continue;
      told.emplace(NameOf(*word.said), word.said->facts->meeting_held().date().edtf());
    }
    return static_cast<std::uint32_t>(told.size());
  }

  void DecideSetting(bool all) {
    const auto decide = [&](bool touched, Contested& contested, Facet facet) {
      if (!all && !touched) return false;
      const Decision before = contested.holds;
      const bool differs = Replace(contested.holds, DecisionOn(contested.words), facet).value;
      difference_.values |= differs;
      return differs && before.asserted;
    };
    difference_.moved |= decide(touched_.mode, mode_, Facet::kMode);
    difference_.moved |= decide(touched_.place, place_, Facet::kPlace);
    if (all || touched_.level) {
      difference_.parties |= DecideOn(level_, Facet::kLevel).value;
    }
    if (all || touched_.duration) {
      // A plan has no duration.
      const bool held = life_.outcome.value() == v1::Meeting::held;
      difference_.values |=
          Replace(duration_.holds, held ? DecisionOn(duration_.words) : Decision{},
                  Facet::kDuration)
              .value;
    }
  }

  void DecideSeats(bool all) {
    const auto decide = [&](Seat& seat) {
      const Differs differs =
          Replace(seat.persons.holds, DecisionOn(seat.persons.words), Facet::kAttendees);
      const bool known =
          seat.persons.holds.asserted ||
          std::ranges::any_of(seat.unnamed, [&](const Said* said) { return !IsDenied(said); });
      difference_.attendees |= differs.value || known != seat.known;
      seat.known = known;
    };
    if (all) {
      for (auto& [place, seat] : seats_) decide(seat);
      std::erase_if(seats_, [](const auto& seat) {
        return seat.second.persons.words.empty() && seat.second.unnamed.empty();
      });
    } else {
      for (Seat* seat : touched_.seats) decide(*seat);
    }
  }

  static bool IsTopic(const Decision& tag) { return tag.value == kTagged; }

  void DecideTopics(bool all) {
    const auto decide = [&](Contested& topic) {
      const bool was = IsTopic(topic.holds);
      terms_touched_ |= Replace(topic.holds, domain::Decide(topic.words), Facet::kTopics).anything;
      if (was != IsTopic(topic.holds)) difference_.topics = true;
    };
    if (all) {
      for (auto& [key, topic] : topics_) decide(topic);
      std::erase_if(topics_, [](const auto& topic) { return topic.second.words.empty(); });
    } else {
      for (const auto& key : touched_.topics) decide(topics_.at(key));
    }
  }

  void CountWhatIsAmiss() {
    findings_[Facet::kReports].inconsistent =
        static_cast<std::uint32_t>(dated_late_.size()) + amiss_with_acts_;
    const bool exists = standing_ == v1::Meeting::announced || standing_ == v1::Meeting::reported;
    const auto known = [](const auto& party) { return party.second.known; };
    const auto side = [](const auto& party) { return IsSide(party.second); };
    const bool nameless = !kind_.holds.asserted && std::ranges::none_of(parties_, known);
    const bool alone = std::ranges::count_if(parties_, side) < 2;
    findings_[Facet::kIdentity].inconsistent = exists && nameless ? 1 : 0;
    findings_[Facet::kParties].inconsistent = exists && !nameless && alone ? 1 : 0;
  }

  // As much of the meeting as TermsOf reads.
  void MakeTerms() {
    v1::Meeting meeting;
    meeting.set_standing(standing_);
    const auto set = [](const Decision& holds, v1::Fact& fact) {
      fact.set_value(std::string(holds.value));
      for (const std::string_view rival : holds.disputed) {
        AddRival(fact, rival, v1::Fact::Rival::disputed, 0);
      }
    };
    if (kind_.holds.asserted) set(kind_.holds, *meeting.mutable_kind());
    for (const auto& [code, party] : parties_) {
      if (!party.known) continue;
      v1::PartyFact& fact = *meeting.add_parties();
      fact.set_code(std::string(code));
      fact.set_role(party.role);
      fact.set_removed(party.removed);
      fact.set_disputed(party.disputed);
    }
    for (const auto& pair : walk_.pairs) meeting.add_pairs(pair);
    for (const auto& pair : doubtful_pairs_) meeting.add_doubtful_pairs(pair);
    if (series_.holds.asserted) {
      set(series_.holds, *meeting.mutable_series());
    } else if (!meeting.kind().value().empty()) {
      DeriveSeries(registries_, meeting);
    }
    for (const auto& [key, topic] : topics_) {
      if (IsTopic(topic.holds)) {
        v1::TopicFact& fact = *meeting.add_topics();
        fact.set_topic(std::string(key.first));
        fact.set_disputed(!topic.holds.disputed.empty());
      } else if (!topic.holds.disputed.empty()) {
        meeting.add_doubtful_topics(std::string(key.first));
      }
    }
    *meeting.mutable_outcome() = life_.outcome;
    meeting.mutable_date()->set_state(life_.date.state());
    terms_before_ = std::exchange(terms_, TermsOf(meeting));
    terms_changed_ = true;

    auto series = meeting.has_series() ? std::optional(meeting.series().value()) : std::nullopt;
    if (series == in_series_) return;
    difference_.values = true;
    in_series_ = std::move(series);
  }

  std::string id_;
  Registries registries_;
  std::deque<Entry> entries_;     // as they came; words point into it
  std::deque<std::string> made_;  // values that no report has as they stand
  ParsedDates dates_;

  Contested kind_, series_, ordinal_, mode_, place_, duration_, level_;
  RollCall call_;
  std::map<std::string_view, PartyOutline> parties_;
  PairWalk walk_;
  bool firm_rolls_ = false;
  std::set<std::string> doubtful_pairs_;
  std::optional<std::string> in_series_;
  Story story_;
  LifeOutline life_;
  std::map<std::pair<std::string_view, std::string_view>, Seat> seats_;        // party, post
  std::map<std::pair<std::string_view, std::string_view>, Contested> topics_;  // with relation
  Gathered results_, statements_, claims_;
  int asserting_ = 0;   // reports that say there is or was such a meeting
  int announcing_ = 0;  // of these, those that announce it
  bool retracted_ = false;
  v1::Meeting::Standing standing_ = v1::Meeting::unspecified;

  std::vector<Entry*> involved_;   // acts and what they act on
  std::set<std::string> awaited_;  // ids that acts name and no report has
  std::uint32_t amiss_with_acts_ = 0;
  ToldFindings premature_;
  AstrayDates astray_;
  std::set<std::pair<std::string, std::string>> dated_late_;
  FindingCounts findings_;
  std::map<std::string, bool> terms_;
  std::map<std::string, bool> terms_before_;  // where the last report made others of them
  bool terms_changed_ = false;

  // Of the report that is being taken.
  Difference difference_;
  FindingCounts findings_before_;
  Touched touched_;
  bool terms_touched_ = false;
  bool taking_many_ = false;  // what turns on the order of all is found once they are told
};

Followed::Followed(std::string id, const PartyRegistry& parties, const Vocabulary& vocabulary)
    : state_(std::make_unique<State>(std::move(id), parties, vocabulary)) {}
Followed::~Followed() = default;
Followed::Followed(Followed&&) noexcept = default;
Followed& Followed::operator=(Followed&&) noexcept = default;

std::optional<std::vector<v1::ChangeType::Value>> Followed::Take(const v1::Report& report) {
  return state_->Take(report);
}

bool Followed::TakeKnown(std::span<const v1::Report* const> reports) {
  return state_->TakeKnown(reports);
}

const std::map<std::string, bool>& Followed::terms() const { return state_->terms(); }
const std::map<std::string, bool>& Followed::terms_before() const { return state_->terms_before(); }
std::size_t Followed::bytes() const { return state_->bytes(); }

}  // namespace entente::domain
