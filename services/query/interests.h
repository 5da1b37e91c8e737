// Who is to be woken by a change: those whose filter one of its terms may let through.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "views/feed.h"

namespace entente::query {

// Readers by the words of their filters, so that a change costs the readers it may concern and not
// all there are. `Id` names a reader.
template <class Id>
class Interests {
 public:
  // `filter` must outlive its stay here.
  void Add(const Id& id, const views::FeedFilter& filter) {
    filters_[id] = &filter;
    if (filter.terms().empty()) {
      everything_.insert(id);
      return;
    }
    for (const std::string& term : NarrowestOf(filter)) by_term_[term].insert(id);
  }
  void Remove(const Id& id) {
    const auto known = filters_.find(id);
    if (known == filters_.end()) return;
    everything_.erase(id);
    if (!known->second->terms().empty()) {
      for (const std::string& term : NarrowestOf(*known->second)) {
        const auto readers = by_term_.find(term);
        if (readers == by_term_.end()) continue;
        readers->second.erase(id);
        if (readers->second.empty()) by_term_.erase(readers);
      }
    }
    filters_.erase(known);
  }
  // In the order of their ids.
  std::set<Id> In(const std::vector<const v1::Change*>& changes) const {
    std::set<Id> woken;
    for (const v1::Change* const change : changes) {
      Note(everything_, *change, &woken);
      for (const auto* terms : {&change->terms_before(), &change->terms_after()}) {
        for (const std::string& term : *terms) {
          const auto readers = by_term_.find(term);
          if (readers != by_term_.end()) Note(readers->second, *change, &woken);
        }
      }
    }
    return woken;
  }

 private:
  static const std::vector<std::string>& NarrowestOf(const views::FeedFilter& filter) {
    return *std::ranges::min_element(filter.terms(), {},
                                     [](const auto& terms) { return terms.size(); });
  }
  void Note(const std::set<Id>& readers, const v1::Change& change, std::set<Id>* woken) const {
    for (const Id& id : readers) {
      if (!woken->contains(id) && views::TermsMatch(*filters_.at(id), change)) woken->insert(id);
    }
  }

  std::map<Id, const views::FeedFilter*> filters_;
  std::set<Id> everything_;
  std::map<std::string, std::set<Id>, std::less<>> by_term_;
};

}  // namespace entente::query
