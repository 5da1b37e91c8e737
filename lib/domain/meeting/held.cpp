#include "domain/meeting/held.h"

#include <algorithm>

namespace entente::domain {

namespace {

bool SameDay(const Denial& denial, const DateWord& held) {
  return !denial.day || !Exclude(*denial.day, *held.date);
}

bool Above(const Denial& denial, const DateWord& held) {
  return denial.said->rank > held.said->rank && SameDay(denial, held);
}

// Above it, or as good and against it: only the story of one publisher ends with its last chapter.
bool Doubts(const Denial& denial, const DateWord& held) {
  const bool as_good = Peers(*denial.said, *held.said) && Contradict(*denial.said, *held.said);
  return Above(denial, held) || (as_good && SameDay(denial, held));
}

void AddOnce(std::vector<const Said*>& list, const Said* said) {
  if (std::ranges::find(list, said) == list.end()) list.push_back(said);
}

}  // namespace

// One day of slack: west of the source's zone it may still be the day before.
bool IsPremature(const DateWord& held) {
  return held.date->bounds().earliest > held.said->latest.day().PlusDays(1);
}

HeldVerdict JudgeHeld(const std::vector<DateWord>& held, const std::vector<Denial>& not_held,
                      const std::vector<Denial>& off, const Said* official_plan) {
  HeldVerdict verdict;
  std::vector<DateWord> firm;
  std::vector<DateWord> possible;
  for (const DateWord& word : held) {
    if (std::ranges::any_of(not_held, [&](const Denial& denial) {
          return Above(denial, word) && denial.said->rank.authority >= word.said->rank.authority;
        })) {
      verdict.denied.push_back(word.said);
      continue;
    }
    const bool premature = IsPremature(word);
    if (premature) verdict.premature.push_back(word.said);
    (Firm(*word.said) && !premature ? firm : possible).push_back(word);
  }
  verdict.value = !firm.empty()       ? HeldVerdict::Value::kHeld
                  : !possible.empty() ? HeldVerdict::Value::kPossible
                                      : HeldVerdict::Value::kNot;
  verdict.words = firm.empty() ? std::move(possible) : std::move(firm);
  if (verdict.words.empty()) return verdict;

  const DateWord& top = verdict.words.back();
  // Nothing better ranked than the best report that it was held: what is below it is history.
  for (const Denial& denial : not_held) {
    if (Doubts(denial, top)) AddOnce(verdict.disputing, denial.said);
  }
  for (const Denial& denial : off) {
    if (!Doubts(denial, top)) continue;
    if (Firm(*denial.said)) {
      AddOnce(verdict.disputing, denial.said);
    } else {
      verdict.unconfirmed = true;
      AddOnce(verdict.against, denial.said);
    }
  }
  verdict.disputed = !verdict.disputing.empty();

  if (top.said->rank.authority == Authority::kMedia) {
    const Said* official = nullptr;
    for (const auto* denials : {&not_held, &off}) {
      for (const Denial& denial : *denials) {
        if (denial.said->rank.authority != Authority::kOfficial || !SameDay(denial, top)) continue;
        if (!official || denial.said->rank > official->rank) official = denial.said;
      }
    }
    const bool confirmed = std::ranges::any_of(verdict.words, [&](const DateWord& word) {
      return word.said->rank.authority == Authority::kOfficial &&
             (!official || word.said->rank > official->rank);
    });
    const bool taken_back = official && official_plan && official_plan->rank > official->rank;
    if (official && !confirmed && !taken_back && official->rank < top.said->rank) {
      verdict.unconfirmed = true;
      AddOnce(verdict.against, official);
    }
  }
  for (const Said* said : verdict.disputing) AddOnce(verdict.against, said);
  return verdict;
}

}  // namespace entente::domain
