#include "tests/services/query/drawn_filter.h"

#include <algorithm>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "tests/services/query/told.h"

namespace entente::query {

DrawnFilter::DrawnFilter(Dice& dice) {
  terms_percent_ = dice.Chance(20) ? 10 : 30 + static_cast<int>(dice.Upto(40));
  v1::Filter filter;
  const std::uint32_t what = dice.Upto(9);
  if (what == 0 || what == 5) {
    filter.add_countries("JP");
    of_state_.push_back({"country/JP"});
  }
  if (what == 1) {
    filter.add_countries("JP");
    filter.add_countries("IN");
    of_state_.push_back({"country/IN", "country/JP"});
  }
  if (what == 2) {
    filter.add_countries_all("JP");
    filter.add_countries_all("IN");
    of_state_.push_back({"country/JP"});
    of_state_.push_back({"country/IN"});
  }
  if (what == 3) {
    filter.add_topics("maritime-security");
    of_state_.push_back({"topic/maritime-security", "topic/south-china-sea"});
  }
  if (what == 4 || what == 5) {
    filter.add_change_types(v1::ChangeType::postponed);
    type_ = "type/postponed";
  }
  if (what == 6) {
    filter.add_statuses(v1::Meeting::status_held);
    of_state_.push_back({"status/held"});
  }
  confirmations_ = dice.Chance(30);
  backfill_ = dice.Chance(30);
  compiled_ = views::FeedFilter::Compile(filter, domain::PartyRegistry::BuiltIn(),
                                         domain::Vocabulary::BuiltIn())
                  .value();
  compiled_.with_confirmations = confirmations_;
  compiled_.with_backfill = backfill_;
}

bool DrawnFilter::Matches(const v1::Change& change) const {
  if (change.backfill() && !backfill_) return false;
  const bool confirms = change.reasons(0) == v1::ChangeType::confirmed;
  if (confirms && !confirmations_) return false;
  const std::set<std::string> before(change.terms_before().begin(), change.terms_before().end());
  const std::set<std::string> after(change.terms_after().begin(), change.terms_after().end());
  if (!type_.empty() && !before.contains(type_) && !after.contains(type_)) return false;
  const auto fits = [this](const std::set<std::string>& held) {
    return std::ranges::all_of(of_state_, [&](const std::set<std::string>& terms) {
      return std::ranges::any_of(terms,
                                 [&](const std::string& term) { return held.contains(term); });
    });
  };
  return fits(before) || fits(after);
}

v1::Change DrawnFilter::DrawChange(Dice& dice, const Cursor& at, const std::string& subject) const {
  constexpr const char* kTerms[] = {"country/IN",
                                    "country/JP",
                                    "status/held",
                                    "topic/maritime-security",
                                    "topic/south-china-sea",
                                    "topic/ukraine"};
  v1::Change change;
  change.set_position(at.position.value());
  change.set_ordinal(at.ordinal.value());
  change.set_subject(subject);
  const auto type = dice.Chance(50)   ? v1::ChangeType::postponed
                    : dice.Chance(20) ? v1::ChangeType::confirmed
                                      : v1::ChangeType::held;
  change.add_reasons(type);
  change.add_terms_after("type/" + v1::ChangeType::Value_Name(type));
  if (dice.Chance(10)) change.add_terms_before("type/postponed");  // which it takes back
  for (const char* term : kTerms) {
    if (dice.Chance(terms_percent_)) change.add_terms_before(term);
    if (dice.Chance(terms_percent_)) change.add_terms_after(term);
  }
  change.set_backfill(dice.Chance(10));
  return change;
}

std::vector<const v1::Change*> ChangesFrom(const std::map<Cursor, v1::Change>& feed,
                                           Position position) {
  std::vector<const v1::Change*> changes;
  for (auto next = feed.lower_bound({position, {}}); next != feed.end(); ++next) {
    changes.push_back(&next->second);
  }
  return changes;
}

std::uint64_t AlterFeed(Dice& dice, std::map<Cursor, v1::Change>* feed,
                        std::vector<std::string>* trace,
                        const std::function<void(const Cursor&)>& draw) {
  std::uint64_t altered = 0;
  for (std::uint32_t i = dice.Upto(6); i > 0 && !feed->empty(); --i) {
    const auto nth = dice.Upto(static_cast<std::uint32_t>(feed->size() - 1));
    const Cursor at = std::next(feed->begin(), nth)->first;
    ++altered;
    if (dice.Chance(30)) {
      trace->push_back("no more " + In(at));
      feed->erase(at);
    } else if (dice.Chance(50)) {
      draw(at);
    } else {
      draw({at.position, Ordinal(static_cast<std::uint16_t>(at.ordinal.value() + 1))});
    }
  }
  return altered;
}

}  // namespace entente::query
