#include "domain/topics/vocabulary.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <unordered_map>

#include "domain/spelling/name_key.h"
#include "domain/spelling/nearest.h"
#include "domain/topics/word_tables.h"

namespace entente::domain {
namespace {

constexpr std::size_t kLists = 8;
constexpr std::size_t kSuggestions = 3;
// A list this short is its own best suggestion when nothing is near.
constexpr std::size_t kShortList = 12;
constexpr std::size_t kLongestWord = 120;

constexpr std::array<std::string_view, kLists> kListNames = {
    "kind", "series", "topic", "reason", "relation", "post", "outcome", "level"};

std::vector<std::string> Split(std::string_view joined) {
  std::vector<std::string> parts;
  while (!joined.empty()) {
    const std::size_t bar = joined.find('|');
    parts.emplace_back(joined.substr(0, bar));
    joined = bar == joined.npos ? std::string_view() : joined.substr(bar + 1);
  }
  return parts;
}

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

struct List {
  std::vector<Word> words;  // by id
  std::unordered_map<std::string_view, std::uint32_t> by_id;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> by_key;
  std::vector<Spelling> near;

  void Index() {
    for (std::uint32_t i = 0; i < words.size(); ++i) by_id.emplace(words[i].id, i);
    // Ids before names before aliases: where spellings meet, the id's owner has it.
    for (std::uint32_t i = 0; i < words.size(); ++i) by_key.emplace(NameKey(words[i].id), i);
    for (std::uint32_t i = 0; i < words.size(); ++i) {
      by_key.emplace(NameKey(words[i].name), i);
      if (!words[i].plural.empty()) by_key.emplace(NameKey(words[i].plural), i);
      for (const std::string& alias : words[i].aliases) by_key.emplace(NameKey(alias), i);
    }
    for (const auto& [key, owner] : by_key) near.push_back({key, owner});
  }
};

}  // namespace

struct Vocabulary::Tables {
  std::array<List, kLists> lists;

  Tables() {
    for (const WordRow& row : BuiltInWords()) {
      lists[static_cast<std::size_t>(row.list)].words.push_back(
          {std::string(row.id), std::string(row.name), std::string(row.plural), Split(row.aliases),
           std::string(row.broader), std::string(row.level), std::string(row.kind),
           Split(row.parties), std::string(row.iptc), std::string(row.use)});
    }
    for (List& list : lists) list.Index();
  }
  const List& Of(WordList list) const { return lists[static_cast<std::size_t>(list)]; }
};

Vocabulary::Vocabulary() : tables_(std::make_unique<const Tables>()) {}
Vocabulary::~Vocabulary() = default;

const Vocabulary& Vocabulary::BuiltIn() {
  static const Vocabulary vocabulary;
  return vocabulary;
}

Result<const Word*> Vocabulary::Resolve(WordList list, std::string_view id_or_alias) const {
  const List& words = tables_->Of(list);
  if (const Word* word = Find(list, id_or_alias)) return word;
  const std::string_view shown = id_or_alias.substr(0, kLongestWord);
  Error unknown{
      Reason::kWordUnknown,
      "",
      std::string(shown),
      fmt::format("'{}' is no {} we know", shown, kListNames[static_cast<std::size_t>(list)]),
      std::nullopt,
      {}};
  if (id_or_alias.size() > kLongestWord) return Fail(std::move(unknown));
  const std::string key = NameKey(id_or_alias);
  if (const auto found = words.by_key.find(key); found != words.by_key.end()) {
    return &words.words[found->second];
  }
  for (const std::uint32_t owner : NearestOwners(key, words.near, kSuggestions)) {
    unknown.suggestions.push_back(words.words[owner].id);
  }
  if (unknown.suggestions.empty() && words.words.size() <= kShortList) {
    for (const Word& word : words.words) unknown.suggestions.push_back(word.id);
  }
  return Fail(std::move(unknown));
}

const Word* Vocabulary::Find(WordList list, std::string_view id) const {
  const List& words = tables_->Of(list);
  const auto found = words.by_id.find(id);
  return found == words.by_id.end() ? nullptr : &words.words[found->second];
}

std::span<const Word> Vocabulary::all(WordList list) const { return tables_->Of(list).words; }

std::vector<std::string> Vocabulary::BroaderTopics(std::string_view topic) const {
  std::vector<std::string> path;
  for (const Word* word = Find(WordList::kTopics, topic); word != nullptr;
       word = Find(WordList::kTopics, word->broader)) {
    path.push_back(word->id);
  }
  return path;
}

std::vector<std::string> Vocabulary::NarrowerTopics(std::string_view topic) const {
  std::vector<std::string> ids;
  for (const Word& word : all(WordList::kTopics)) {
    const std::vector<std::string> path = BroaderTopics(word.id);
    if (std::find(path.begin(), path.end(), topic) != path.end()) ids.push_back(word.id);
  }
  return ids;
}

const Word* Vocabulary::SeriesOf(std::string_view kind, std::span<const std::string> codes) const {
  std::vector<std::string> sorted(codes.begin(), codes.end());
  std::sort(sorted.begin(), sorted.end());
  for (const Word& series : all(WordList::kSeries)) {
    if (series.kind == kind && series.parties == sorted) return &series;
  }
  return nullptr;
}

}  // namespace entente::domain
