#include "domain/meeting/dates.h"

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <map>
#include <set>
#include <string_view>

#include "domain/meeting/settle.h"

namespace entente::domain {

namespace {

using Kind = DateWord::Kind;
using Rival = v1::Fact::Rival;

bool HasDate(const DateWord& word) { return word.date != nullptr; }
// Between two postponements: the second is not the first, told again.
bool EndsTelling(const DateWord& word) {
  return word.kind == Kind::kDate || word.kind == Kind::kNewDate || word.kind == Kind::kOnAgain;
}

// 7 January in Tokyo is 6 January in Washington.
bool LocalDays(const DateWord& a, std::string_view calendar_a, const DateWord& b,
               std::string_view calendar_b) {
  if (calendar_a.empty() || calendar_b.empty() || calendar_a == calendar_b) return false;
  if (!a.date->IsSingleDay() || !b.date->IsSingleDay()) return false;
  const int apart =
      a.date->bounds().earliest.since_epoch() - b.date->bounds().earliest.since_epoch();
  return std::abs(apart) == 1;
}

Bounds Hull(const Bounds& a, const Bounds& b) {
  return {std::min(a.earliest, b.earliest), std::max(a.latest, b.latest)};
}

// Dates that hang together: a word and those below it that refine or confirm it.
struct Run {
  const DateWord* finest = nullptr;
  std::vector<const DateWord*> locals;
  std::size_t next = 0;  // words below this index come before the run
};

class DateContest {
 public:
  DateContest(const std::vector<DateWord>& words, Extent extent)
      : words_(words), outline_(extent == Extent::kOutline) {
    firm_ = std::ranges::any_of(
        words, [](const DateWord& word) { return SetsState(word) && Firm(*word.said); });
    ReadCalendars();
  }

  SettledDate Settle() {
    const auto top = Highest(words_.size(), SetsState);
    if (!top) return std::move(settled_);
    settled_.word = &words_[*top];
    postponed_ = settled_.word->kind == Kind::kPostponed;
    settled_.fact.set_state(postponed_ ? v1::DateFact::postponed : v1::DateFact::dated);

    const auto start = postponed_ ? Highest(*top, HasDate) : top;
    if (start) {
      current_ = Walk(*start);
      settled_.finest = current_.finest;
      if (!outline_) FindPrevious();
    }
    SetApart();
    settled_.postponement_disputed = PostponementDisputed();
    Conclude();
    if (!outline_) FindAstray();
    return std::move(settled_);
  }

 private:
  bool InPool(const DateWord& word) const { return Firm(*word.said) == firm_; }

  // By whose calendar a day is given: as it says, or as a report before it said of the same day.
  void ReadCalendars() {
    const auto states = [](const DateWord& word) { return !word.stated_by.empty(); };
    if (std::ranges::none_of(words_, states)) return;
    std::map<std::string_view, std::string_view> known;
    for (const DateWord& word : words_) {
      if (!HasDate(word) || !InPool(word)) {
        calendars_.emplace_back(word.stated_by);
        continue;
      }
      auto& calendar = known[word.date->text()];
      if (states(word)) calendar = word.stated_by;
      calendars_.push_back(calendar);
    }
  }

  bool Local(const DateWord& a, const DateWord& b) const {
    if (calendars_.empty()) return false;
    return LocalDays(a, calendars_[IndexOf(a)], b, calendars_[IndexOf(b)]);
  }

  std::size_t IndexOf(const DateWord& word) const {
    return static_cast<std::size_t>(&word - words_.data());
  }

  template <class Predicate>
  std::optional<std::size_t> Highest(std::size_t below, Predicate predicate) const {
    for (std::size_t i = below; i-- > 0;) {
      if (InPool(words_[i]) && predicate(words_[i])) return i;
    }
    return std::nullopt;
  }

  // The old date that goes with a new one lies just below it.
  const DateWord* OldDateOf(std::size_t i) const {
    if (i == 0 || words_[i - 1].kind != Kind::kOldDate) return nullptr;
    return words_[i - 1].said == words_[i].said ? &words_[i - 1] : nullptr;
  }

  // Both a rescheduling, or both a reinstatement.
  static bool SameKind(const DateWord& a, const DateWord& b) {
    return a.said->facts->payload_case() == b.said->facts->payload_case();
  }

  // Down the ranks while values nest. Below a change of date only the same change, told again,
  // can refine it; below an old date given in passing, the postponement told again is passed by.
  Run Walk(std::size_t start) const {
    Run run{&words_[start], {}, 0};
    const DateWord* change = words_[start].kind == Kind::kNewDate ? &words_[start] : nullptr;
    bool in_passing = words_[start].kind == Kind::kOldDate;
    const DateWord* old = change ? OldDateOf(start) : nullptr;
    std::size_t passed = 0;  // one above the first old date passed by: history starts there
    for (std::size_t i = start; i-- > 0;) {
      const DateWord& word = words_[i];
      if (!InPool(word)) continue;
      if (word.kind == Kind::kPostponed && in_passing) continue;
      if (word.kind == Kind::kOldDate && (change || in_passing)) {
        if (change && passed == 0) passed = i + 1;
        if (change) continue;
      }
      const bool told_again = !change || (word.kind == Kind::kNewDate && SameKind(*change, word));
      const bool undone = old && HasDate(word) && Nest(*old->date, *word.date);
      if (!HasDate(word) || !told_again || undone || !Join(run, word)) {
        run.next = std::max(i + 1, passed);
        return run;
      }
      if (word.kind != Kind::kOldDate) in_passing = false;
      if (word.kind == Kind::kNewDate) {
        change = &word;
        if (!old) old = OldDateOf(i);
      }
    }
    run.next = passed;
    return run;
  }

  bool Join(Run& run, const DateWord& word) const {
    if (word.date == run.finest->date) return true;  // nearly always: the same, told again
    if (Nest(*word.date, *run.finest->date)) {
      if (Refines(*word.date, *run.finest->date) && !Refines(*run.finest->date, *word.date)) {
        run.finest = &word;
      }
      return true;
    }
    if (Local(word, *run.finest)) {
      run.locals.push_back(&word);
      return true;
    }
    return std::ranges::any_of(
        run.locals, [&](const DateWord* local) { return Nest(*word.date, *local->date); });
  }

  void FindPrevious() {
    std::vector<const UncertainDate*> lost;
    std::size_t below = current_.next;
    while (const auto start = Highest(below, HasDate)) {
      const Run run = Walk(*start);
      const UncertainDate& date = *run.finest->date;
      const bool known = Nest(date, *current_.finest->date) ||
                         std::ranges::any_of(lost, [&](const UncertainDate* other) {
                           return other->text() == date.text();
                         });
      if (!known) lost.push_back(&date);
      below = std::min(run.next, *start);
    }
    for (auto date = lost.rbegin(); date != lost.rend(); ++date) {
      settled_.fact.add_previous((*date)->text());
    }
  }

  // Sorts every word into: says what holds, or rivals it and why.
  void SetApart() {
    v1::Fact& fact = *settled_.fact.mutable_fact();
    if (settled_.finest) fact.set_value(settled_.finest->date->text());
    // Within a day nothing is finer, so that only within a longer time a rumour of any age matters.
    const bool all_rumours = settled_.finest && !settled_.finest->date->IsSingleDay();
    bool official_met = false;
    for (std::size_t i = words_.size(); i-- > 0;) {
      const DateWord& word = words_[i];
      const bool official = SetsState(word) && word.said->rank.authority == Authority::kOfficial;
      const bool highest_official = official && !official_met;
      official_met |= official;
      if (outline_ && IsHistory(word)) {
        const bool rumour = all_rumours && !InPool(word);
        if (!highest_official && !rumour) {
          if (!all_rumours && (official_met || !MediaHold())) break;
          continue;
        }
      }
      Place(fact, word, highest_official && Displaced(word));
    }
  }

  // Of an older day, or of that day and a lower class, than what holds: it disputes nothing.
  bool IsHistory(const DateWord& word) const {
    const auto below = [&](const DateWord* holds) {
      return !holds || std::pair(word.said->rank.day, word.said->rank.authority) <
                           std::pair(holds->said->rank.day, holds->said->rank.authority);
    };
    return below(settled_.word) && below(settled_.finest);
  }

  bool MediaHold() const { return settled_.word->said->rank.authority == Authority::kMedia; }

  // Of a postponed meeting the rivals so far are plans that are still on.
  bool PostponementDisputed() const {
    const v1::Fact& fact = settled_.fact.fact();
    return std::ranges::any_of(fact.rivals(), [&](const Rival& rival) {
      return rival.why() == Rival::disputed && (postponed_ || rival.value() == kPostponedWord);
    });
  }

  bool Displaced(const DateWord& word) const {
    if (!MediaHold()) return false;
    if ((word.kind == Kind::kPostponed) != postponed_) return true;
    return !postponed_ && !Nest(*word.date, *current_.finest->date) &&
           std::ranges::find(current_.locals, &word) == current_.locals.end();
  }

  void Place(v1::Fact& fact, const DateWord& word, bool displaced) {
    const std::uint32_t by = word.said->spoken_by;
    if (word.kind == Kind::kOnAgain) return;
    if (word.kind == Kind::kPostponed) {
      if (postponed_) {
        SaidBy(fact, by);
      } else {
        AddRival(fact, kPostponedWord, WhyNot(word, displaced), by);
      }
      return;
    }
    const UncertainDate* holds = settled_.finest ? settled_.finest->date : nullptr;
    if (word.kind == Kind::kOldDate) {
      if (postponed_ && holds && word.date->text() == holds->text()) SaidBy(fact, by);
      return;
    }
    if (const auto why = WhyRival(word, holds, displaced)) {
      AddRival(fact, word.date->text(), *why, by);
    } else {
      SaidBy(fact, by);
    }
  }

  // Why a date is not the one that holds; nullopt if it is.
  std::optional<Rival::Why> WhyRival(const DateWord& word, const UncertainDate* holds,
                                     bool displaced) const {
    if (postponed_) {
      if (displaced || word.said->rank > settled_.word->said->rank) {
        return Rival::unconfirmed_change;
      }
      if (DisputedBy(word)) return Rival::disputed;
    }
    if (!holds) return WhyNot(word, displaced);
    if (word.date->text() == holds->text()) return std::nullopt;
    if (std::ranges::find(current_.locals, &word) != current_.locals.end()) {
      return Rival::local_day;
    }
    if (Refines(*holds, *word.date)) return Rival::coarser;
    const bool suggested = firm_ && !InPool(word) && Refines(*word.date, *holds);
    return suggested ? Rival::unconfirmed_change : WhyNot(word, displaced);
  }

  // The two words of one report follow each other.
  static void SaidBy(v1::Fact& fact, std::uint32_t by) {
    if (fact.said_by().empty() || *fact.said_by().rbegin() != by) fact.add_said_by(by);
  }

  Rival::Why WhyNot(const DateWord& word, bool displaced) const {
    if (DisputedBy(word)) return Rival::disputed;
    if (displaced || (!InPool(word) && word.said->rank > settled_.word->said->rank)) {
      return Rival::unconfirmed_change;
    }
    return Rival::superseded;
  }

  // As good as what holds, and excluding it.
  bool DisputedBy(const DateWord& word) const {
    const auto against = [&](const DateWord* holds) {
      if (!holds || holds->said == word.said) return false;
      return Peers(*word.said, *holds->said) && Contradict(*word.said, *holds->said);
    };
    if ((word.kind == Kind::kPostponed) != postponed_) {
      return against(settled_.word) && !Tells(settled_.word, word);
    }
    if (postponed_ || !settled_.finest) return false;
    if (!Exclude(*word.date, *settled_.finest->date) || Local(word, *settled_.finest)) {
      return false;
    }
    if (Tells(settled_.finest, word) || Tells(settled_.word, word)) return false;
    return against(settled_.word) || against(settled_.finest);
  }

  // `change` itself says that it had been as `word` has it.
  bool Tells(const DateWord* change, const DateWord& word) const {
    if (!HasDate(word)) return false;
    const DateWord* old = OldDateOf(IndexOf(*change));
    return old && Nest(*old->date, *word.date);
  }

  // The words on the date that a postponement is from. An older postponement ends a chapter as a
  // reinstatement does, unless the last one only tells it again.
  std::vector<DateWord> DatesLeft() const {
    const std::size_t end = IndexOf(*settled_.word) + 1;
    std::size_t told_again = end;
    while (told_again > 0 &&
           !(InPool(words_[told_again - 1]) && EndsTelling(words_[told_again - 1]))) {
      --told_again;
    }
    std::vector<DateWord> left;
    for (std::size_t i = 0; i < end; ++i) {
      if (!InPool(words_[i]) || (words_[i].kind == Kind::kPostponed && i >= told_again)) continue;
      DateWord& word = left.emplace_back(words_[i]);
      if (word.kind == Kind::kPostponed) word.kind = Kind::kOnAgain;
      const bool postponed_from =
          i + 1 < end && words_[i + 1].kind == Kind::kPostponed && words_[i + 1].said == word.said;
      if (word.kind == Kind::kOldDate && postponed_from) word.kind = Kind::kDate;
    }
    return left;
  }

  // A postponement that does not say which date it is from leaves the doubts about that.
  void KeepDoubts() {
    had_ = SettleDates(DatesLeft(), outline_ ? Extent::kOutline : Extent::kWhole).fact.fact();
    v1::Fact& fact = *settled_.fact.mutable_fact();
    for (const auto& rival : had_.rivals()) {
      if (rival.why() != Rival::disputed && rival.why() != Rival::unconfirmed_change) continue;
      for (const std::uint32_t by : rival.said_by()) AddRival(fact, rival.value(), rival.why(), by);
    }
    // Some of them were beaten by the postponement, too.
    for (auto& rival : *fact.mutable_rivals()) Order(*rival.mutable_said_by());
  }

  // Each once, the highest-ranked first. The two words of one report follow each other.
  void Order(google::protobuf::RepeatedField<std::uint32_t>& said_by) const {
    const std::set<std::uint32_t> cited(said_by.begin(), said_by.end());
    said_by.Clear();
    for (auto word = words_.rbegin(); word != words_.rend(); ++word) {
      const std::uint32_t by = word->said->spoken_by;
      if (!cited.contains(by)) continue;
      if (said_by.empty() || *said_by.rbegin() != by) said_by.Add(by);
    }
  }

  void Conclude() {
    if (!settled_.finest) return;
    if (postponed_) KeepDoubts();
    const UncertainDate& finest = *settled_.finest->date;
    Bounds bounds = finest.bounds();
    Bounds padded = finest.padded();
    const auto reach = [&](const UncertainDate& date) {
      bounds = Hull(bounds, date.bounds());
      padded = Hull(padded, date.padded());
    };
    for (const DateWord* local : current_.locals) reach(*local->date);

    v1::Fact& fact = *settled_.fact.mutable_fact();
    if (const v1::Fact& doubted = postponed_ ? had_ : fact; doubted.disputed()) {
      std::vector<UncertainDate> values;
      for (const auto& rival : doubted.rivals()) {
        if (rival.why() != Rival::disputed || rival.value() == kPostponedWord) continue;
        if (rival.value() == finest.text()) continue;
        values.push_back(*UncertainDate::Parse(rival.value()));
        reach(values.back());
      }
      if (!values.empty()) ShowAll(fact, finest, std::move(values));
    }
    for (std::size_t i = words_.size(); i-- > 0 && settled_.fact.last_day().empty();) {
      const DateWord& word = words_[i];
      if (word.last_day.empty() || !HasDate(word) || !InPool(word)) continue;
      if (word.date->text() == fact.value()) settled_.fact.set_last_day(std::string(word.last_day));
    }
    settled_.bounds = bounds;
    settled_.fact.set_earliest(bounds.earliest.Iso());
    settled_.fact.set_latest(bounds.latest.Iso());
    settled_.fact.set_padded_earliest(padded.earliest.Iso());
    settled_.fact.set_padded_latest(padded.latest.Iso());
  }

  // A disputed date is one of its values; each of them is listed with who says so.
  void ShowAll(v1::Fact& fact, const UncertainDate& finest,
               std::vector<UncertainDate> values) const {
    const auto is_finest = [&](const Rival& rival) { return rival.value() == finest.text(); };
    if (std::ranges::none_of(fact.rivals(), is_finest)) {  // else kept with the doubts about it
      auto& own = *fact.add_rivals();
      own.set_value(finest.text());
      own.set_why(Rival::disputed);
      *own.mutable_said_by() = fact.said_by();
    }
    values.push_back(finest);
    std::ranges::sort(
        values, {}, [](const UncertainDate& date) { return SortKey(date.bounds(), date.text()); });
    fact.set_value(UncertainDate::OneOf(values).text());
    for (const auto& rival : fact.rivals()) {
      if (rival.why() == Rival::disputed) fact.mutable_said_by()->MergeFrom(rival.said_by());
    }
    Order(*fact.mutable_said_by());
  }

  void FindAstray() {
    for (std::size_t i = 0; i < words_.size(); ++i) {
      if (IsAstray(words_, i)) settled_.astray.push_back(&words_[i]);
    }
  }

  const std::vector<DateWord>& words_;
  bool outline_;
  std::vector<std::string_view> calendars_;  // of each word; empty if no word names one
  bool firm_ = false;  // decided by officials and media; otherwise by the others
  bool postponed_ = false;
  Run current_;
  v1::Fact had_;  // of a postponed meeting, the date it had
  SettledDate settled_;
};

}  // namespace

bool SetsState(const DateWord& word) {
  return word.kind == Kind::kDate || word.kind == Kind::kNewDate || word.kind == Kind::kPostponed;
}

bool Refines(const UncertainDate& fine, const UncertainDate& coarse) {
  return std::ranges::all_of(fine.alternatives(), [&](const Bounds& inner) {
    return std::ranges::any_of(coarse.alternatives(),
                               [&](const Bounds& outer) { return outer.Contains(inner); });
  });
}

bool Nest(const UncertainDate& a, const UncertainDate& b) { return Refines(a, b) || Refines(b, a); }

bool Exclude(const UncertainDate& a, const UncertainDate& b) {
  return std::ranges::none_of(a.alternatives(), [&](const Bounds& one) {
    return std::ranges::any_of(b.alternatives(),
                               [&](const Bounds& other) { return one.Overlaps(other); });
  });
}

SettledDate SettleDates(const std::vector<DateWord>& words, Extent extent) {
  return DateContest(words, extent).Settle();
}

bool IsAstray(const std::vector<DateWord>& words, std::size_t place) {
  if (words[place].kind != Kind::kOldDate) return false;
  const DateWord* main = place + 1 < words.size() ? &words[place + 1] : nullptr;
  for (std::size_t below = place; below-- > 0;) {
    const DateWord& known = words[below];
    if (!HasDate(known) || known.kind == Kind::kOldDate || !Firm(*known.said)) continue;
    if (main && HasDate(*main) && Nest(*main->date, *known.date)) continue;
    return !Nest(*known.date, *words[place].date);
  }
  return false;
}

const UncertainDate* ParsedDates::Parse(std::string_view edtf) {
  auto known = dates_.find(edtf);
  if (known == dates_.end()) {
    auto date = UncertainDate::Parse(edtf);
    known = dates_.emplace(edtf, std::nullopt).first;
    if (date) known->second = *std::move(date);
  }
  return known->second ? &*known->second : nullptr;
}

}  // namespace entente::domain
