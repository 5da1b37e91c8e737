#include "domain/meeting/acts.h"

#include <fmt/format.h>

#include <limits>
#include <unordered_map>

#include "domain/meeting/findings.h"

namespace entente::domain {

namespace {

constexpr std::size_t kNone = std::numeric_limits<std::size_t>::max();

v1::Basis::Value BasisOf(const v1::Facts& facts) {
  return IsCorrection(facts) ? facts.report_corrected().basis() : facts.report_retracted().basis();
}

// By the hours where both give them, else by days that are known not to overlap.
bool SurelyBefore(const Said& a, const Said& b) {
  if (a.rank.timed && b.rank.timed) return a.rank.moment_ms < b.rank.moment_ms;
  return a.latest < b.rank.day;
}

// The acts of one component and what they aim at. Every act has one target, so the whole is a
// forest whose roots are ordinary reports, but for cycles.
class Court {
 public:
  explicit Court(const Visible& visible) : reports_(visible.recorded), said_(visible.said) {
    const std::size_t n = reports_.size();
    judged_.verdicts.resize(n);
    for (std::size_t i = 0; i < n; ++i) {
      Verdict& verdict = judged_.verdicts[i];
      verdict.facts = reports_[i].facts;
      verdict.voice = verdict.root = i;
      verdict.shown = said_[i];
      verdict.is_act = IsActOnReport(*verdict.facts);
      if (verdict.is_act) acts_.push_back(i);
    }
  }

  Judged Judge() && {
    if (acts_.empty()) return std::move(judged_);
    FindTargets();
    OrderFromTheLeaves();
    FindRoots();
    DropWhatHasNoEffect();
    ApplyRetractions();
    ApplyCorrections();
    return std::move(judged_);
  }

 private:
  Verdict& At(std::size_t i) { return judged_.verdicts[i]; }

  // "The retraction r-7 by Kyodo (2021-04-05)"
  std::string Name(std::size_t act) const {
    const Said& said = reports_[act];
    return fmt::format("The {} {} by {}", IsCorrection(*said.facts) ? "correction" : "retraction",
                       said.rank.event_id, NameOf(said));
  }

  void Void(std::size_t act, std::string text) {
    At(act).fate = v1::Report::Fate::no_effect;
    judged_.findings.push_back({v1::Finding::inconsistent, "reports", std::move(text), {act}});
  }

  bool Effective(std::size_t act) {
    return At(act).shown && At(act).fate != v1::Report::Fate::no_effect;
  }

  void FindTargets() {
    std::unordered_map<std::string_view, std::size_t> by_id;
    by_id.reserve(reports_.size());
    for (std::size_t i = 0; i < reports_.size(); ++i) by_id.emplace(reports_[i].rank.event_id, i);
    target_.assign(reports_.size(), kNone);
    for (const std::size_t act : acts_) {
      const auto found = by_id.find(TargetOf(*reports_[act].facts));
      if (found != by_id.end()) target_[act] = found->second;
    }
  }

  // Kahn's order: an act comes behind every act that aims at it. What is left over is a cycle.
  void OrderFromTheLeaves() {
    std::vector<std::uint32_t> aimed_at(reports_.size(), 0);
    for (const std::size_t act : acts_) {
      if (target_[act] != kNone) ++aimed_at[target_[act]];
    }
    for (const std::size_t act : acts_) {
      if (aimed_at[act] == 0) order_.push_back(act);
    }
    for (std::size_t next = 0; next < order_.size(); ++next) {
      const std::size_t target = target_[order_[next]];
      if (target == kNone || !At(target).is_act) continue;
      if (--aimed_at[target] == 0) order_.push_back(target);
    }
    for (const std::size_t act : acts_) {
      if (aimed_at[act] == 0) continue;
      At(act).root = kNone;
      if (!At(act).shown) continue;
      Void(act,
           fmt::format("{} acts, by way of others, on itself, so it has no effect.", Name(act)));
    }
  }

  // Targets before the acts on them: the reverse of the order from the leaves.
  void FindRoots() {
    stem_.assign(reports_.size(), kNone);
    for (auto act = order_.rbegin(); act != order_.rend(); ++act) {
      const std::size_t target = target_[*act];
      if (target == kNone) {
        At(*act).root = kNone;
        continue;
      }
      // Our own mistake is not there before the report that it is about.
      if (BasisOf(*reports_[*act].facts) == v1::Basis::encoding) At(*act).shown = At(target).shown;
      At(*act).root = At(target).shown ? At(target).root : kNone;
      stem_[*act] = IsCorrection(*reports_[target].facts) ? stem_[target] : target;
    }
  }

  // Targets before the acts on them, so that a correction of what has no effect has none.
  void DropWhatHasNoEffect() {
    for (auto next = order_.rbegin(); next != order_.rend(); ++next) {
      const std::size_t act = *next;
      if (!At(act).shown) continue;
      const Said& said = reports_[act];
      const std::size_t target = target_[act];
      if (target == kNone) {
        Void(act, fmt::format("{} is of {}, which is not among the reports of this meeting.",
                              Name(act), TargetOf(*said.facts)));
      } else if (!At(target).shown) {
        At(act).fate = v1::Report::Fate::no_effect;  // as of a day before its target was said
      } else if (IsCorrection(*said.facts) && At(target).fate == v1::Report::Fate::no_effect) {
        At(act).fate = v1::Report::Fate::no_effect;  // its target's finding says why
      } else if (BasisOf(*said.facts) != v1::Basis::encoding &&
                 SurelyBefore(said, reports_[target])) {
        Void(act, fmt::format("{} was made before {} was said, so it has no effect.", Name(act),
                              reports_[target].rank.event_id));
      } else if (IsCorrection(*said.facts)) {
        CheckCorrection(act);
      }
    }
  }

  // A retraction is taken back by retracting it, not by rewriting it.
  void CheckCorrection(std::size_t act) {
    const Said& said = reports_[act];
    const std::size_t stem = stem_[act];
    if (stem == kNone) {
      Void(act,
           fmt::format("{} corrects a correction that leads to no report.", said.rank.event_id));
    } else if (IsRetraction(*reports_[stem].facts)) {
      Void(act, fmt::format("{} is of the retraction {}, which only a retraction can undo.",
                            Name(act), reports_[stem].rank.event_id));
    } else if (said.facts->report_corrected().replacement().payload_case() !=
               reports_[stem].facts->payload_case()) {
      Void(act, fmt::format("{} puts an event of another type in the place of {}.", Name(act),
                            reports_[stem].rank.event_id));
    }
  }

  // From the leaves on, so that whether an act is itself retracted is known when its turn comes.
  void ApplyRetractions() {
    for (const std::size_t act : order_) {
      if (!IsRetraction(*reports_[act].facts) || !Effective(act)) continue;
      if (At(act).fate == v1::Report::Fate::retracted) continue;
      Verdict& target = At(target_[act]);
      if (target.fate == v1::Report::Fate::no_effect) continue;
      if (target.fate == v1::Report::Fate::retracted &&
          reports_[by_.at(target_[act])].rank > reports_[act].rank) {
        continue;
      }
      target.fate = v1::Report::Fate::retracted;
      target.by = reports_[act].rank.event_id;
      by_[target_[act]] = act;
    }
  }

  void ApplyCorrections() {
    std::unordered_map<std::size_t, std::vector<std::size_t>> of_root;
    for (const std::size_t act : acts_) {  // ascending in rank
      if (!IsCorrection(*reports_[act].facts) || !Effective(act)) continue;
      if (At(act).fate != v1::Report::Fate::retracted) of_root[At(act).root].push_back(act);
    }
    for (const auto& [root, live] : of_root) {
      const std::size_t highest = live.back();
      const std::string_view by = reports_[highest].rank.event_id;
      for (const std::size_t act : live) {
        if (act == highest) continue;
        At(act).fate = v1::Report::Fate::corrected;
        At(act).by = by;
      }
      if (At(root).fate == v1::Report::Fate::retracted) continue;
      At(root).fate = v1::Report::Fate::corrected;
      At(root).by = by;
      At(root).facts = &reports_[highest].facts->report_corrected().replacement();
      At(root).voice = highest;
    }
  }

  const std::vector<Said>& reports_;
  const std::vector<bool>& said_;
  std::vector<std::size_t> acts_;    // ascending in rank
  std::vector<std::size_t> target_;  // of acts; kNone: not known
  std::vector<std::size_t> stem_;    // what a chain of corrections ends in; kNone: nowhere
  std::vector<std::size_t> order_;   // acts, those nobody acts on first
  std::unordered_map<std::size_t, std::size_t> by_;  // retracted -> its highest retraction
  Judged judged_;
};

}  // namespace

std::string_view TargetOf(const v1::Facts& facts) {
  if (IsCorrection(facts)) return facts.report_corrected().target();
  if (IsRetraction(facts)) return facts.report_retracted().target();
  return {};
}

Judged Judge(const Visible& visible) { return Court(visible).Judge(); }

}  // namespace entente::domain
