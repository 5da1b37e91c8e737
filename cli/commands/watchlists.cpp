#include "cli/commands/watchlists.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string_view>

#include "services/settings/data_directory.h"

namespace entente::cli {
namespace {

namespace fs = std::filesystem;

struct WordsKey {
  std::string_view name;
  std::vector<std::string> Watchlist::* words;
};

constexpr std::array<WordsKey, 7> kWords = {{{"countries", &Watchlist::countries},
                                             {"with", &Watchlist::with},
                                             {"pairs", &Watchlist::pairs},
                                             {"topics", &Watchlist::topics},
                                             {"kinds", &Watchlist::kinds},
                                             {"series", &Watchlist::series},
                                             {"muted_words", &Watchlist::muted_words}}};

fs::path FromEnvironment(const char* name) {
  const char* const value = std::getenv(name);
  fs::path path = value == nullptr ? fs::path() : fs::path(value);
  return path.is_absolute() ? path : fs::path();
}

tl::unexpected<Error> Refuse(const fs::path& file, const toml::node& node, std::string key,
                             std::string_view what) {
  return Fail(Reason::kConfigInvalid, std::move(key), "",
              fmt::format("{}, line {}: {}", file.string(), node.source().begin.line, what));
}

Result<Watchlist> ReadOne(const fs::path& file, const std::string& name, const toml::table& table) {
  Watchlist list;
  for (auto&& [key, node] : table) {
    const std::string path = fmt::format("{}.{}", name, key.str());
    if (key.str() == "muted") {
      const auto truth = node.value_exact<bool>();
      if (!truth) return Refuse(file, node, path, "write true or false.");
      list.muted = *truth;
      continue;
    }
    const auto known = std::find_if(kWords.begin(), kWords.end(), [&key = key](const auto& one) {
      return one.name == key.str();
    });
    if (known == kWords.end()) return Refuse(file, node, path, "there is no such key.");
    const toml::array* words = node.as_array();
    if (words == nullptr) return Refuse(file, node, path, "write a list of texts in quotes.");
    for (const toml::node& word : *words) {
      const auto text = word.value_exact<std::string>();
      if (!text) return Refuse(file, node, path, "write a list of texts in quotes.");
      (list.*known->words).push_back(*text);
    }
  }
  return list;
}

bool IsSame(const std::string& one, const std::string& other) {
  return std::ranges::equal(one, other, [](unsigned char a, unsigned char b) {
    return std::tolower(a) == std::tolower(b);
  });
}

// Words that are not muted. False: there were some, and none is left.
bool Append(const std::vector<std::string>& words, const Watchlist& list, For use,
            std::vector<std::string>* to) {
  bool any = words.empty();
  for (const std::string& word : words) {
    const bool muted = std::ranges::any_of(
        list.muted_words, [&](const std::string& silent) { return IsSame(silent, word); });
    if (use == For::kAlerts && muted) continue;
    to->push_back(word);
    any = true;
  }
  return any;
}

struct FilterKey {
  std::vector<std::string> Watchlist::* kept;
  std::vector<std::string> FilterOptions::* asked;
};
constexpr std::array<FilterKey, 6> kFilterKeys = {
    {{&Watchlist::countries, &FilterOptions::countries},
     {&Watchlist::with, &FilterOptions::with},
     {&Watchlist::pairs, &FilterOptions::pairs},
     {&Watchlist::topics, &FilterOptions::topics},
     {&Watchlist::kinds, &FilterOptions::kinds},
     {&Watchlist::series, &FilterOptions::series}}};

// What a word of this kind means, as a filter says it; empty: nothing.
std::string Meaning(const FilterKey& key, const std::string& word, const render::Names& names) {
  FilterOptions options;
  options.*key.asked = {word};
  const auto filter = ToFilter(options, names);
  return filter ? filter->SerializeAsString() : std::string();
}

}  // namespace

Result<std::vector<std::string>> WordsMeant(const Watchlist& list, const std::string& word,
                                            const render::Names& names) {
  std::vector<std::string> meant;
  Error unknown = Fail(Reason::kNotFound, "WORD", word, "The watch-list has no such word.").value();
  for (const FilterKey& key : kFilterKeys) {
    const std::string meaning = Meaning(key, word, names);
    for (const std::string& kept : list.*key.kept) {
      unknown.suggestions.push_back(kept);
      if (!meaning.empty() && Meaning(key, kept, names) == meaning) meant.push_back(kept);
    }
  }
  if (meant.empty()) return Fail(std::move(unknown));
  return meant;
}

Result<fs::path> WatchlistFile() {
  fs::path config = FromEnvironment("XDG_CONFIG_HOME");
  if (config.empty()) {
    const fs::path home = FromEnvironment("HOME");
    if (home.empty()) {
      return Fail(Reason::kConfigInvalid, "watchlist", "",
                  "Neither XDG_CONFIG_HOME nor HOME is set, so there is no place for watch-lists.");
    }
    config = home / ".config";
  }
  return config / "entente/watchlists.toml";
}

Result<std::map<std::string, Watchlist>> ReadWatchlists(const fs::path& file) {
  std::map<std::string, Watchlist> lists;
  std::error_code fault;
  if (!fs::exists(file, fault)) return lists;
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    return Fail(Reason::kFileUnreadable, file.string(), "", "The watch-lists cannot be read.");
  }
  toml::table root;
  try {
    root = toml::parse(text.str());
  } catch (const toml::parse_error& fault_in_text) {
    return Fail(Reason::kConfigInvalid, "", "",
                fmt::format("{}, line {}: {}.", file.string(), fault_in_text.source().begin.line,
                            fault_in_text.description()));
  }
  for (auto&& [key, node] : root) {
    const toml::table* table = node.as_table();
    const std::string name(key.str());
    if (table == nullptr) return Refuse(file, node, name, "write a list as a table, [name].");
    auto list = ReadOne(file, name, *table);
    if (!list) return Fail(std::move(list.error()));
    lists.emplace(name, *std::move(list));
  }
  return lists;
}

Status WriteWatchlists(const fs::path& file, const std::map<std::string, Watchlist>& lists) {
  toml::table root;
  for (const auto& [name, list] : lists) {
    toml::table table;
    for (const WordsKey& key : kWords) {
      toml::array words;
      for (const std::string& word : list.*key.words) words.push_back(word);
      if (!words.empty()) table.insert(key.name, std::move(words));
    }
    if (list.muted) table.insert("muted", true);
    root.insert(name, std::move(table));
  }
  std::ostringstream text;
  text << root << "\n";
  std::error_code fault;
  fs::create_directories(file.parent_path(), fault);
  if (fault) {
    return Fail(Reason::kFileUnreadable, file.string(), "",
                "Its directory cannot be made: " + fault.message());
  }
  return settings::ReplaceFile(file, text.str());
}

Status UseWatchlist(const std::string& name, For use, FilterOptions* options) {
  if (name.empty()) return {};
  auto file = WatchlistFile();
  if (!file) return Fail(std::move(file.error()));
  const auto lists = ReadWatchlists(*file);
  if (!lists) return Fail(lists.error());
  const auto found = lists->find(name);
  if (found == lists->end()) {
    Error error =
        Fail(Reason::kNotFound, "--watchlist", name, "There is no such watch-list.").value();
    for (const auto& [known, list] : *lists) error.suggestions.push_back(known);
    return Fail(std::move(error));
  }
  const Watchlist& list = found->second;
  bool any = !(use == For::kAlerts && list.muted);
  any = Append(list.countries, list, use, &options->countries) && any;
  any = Append(list.with, list, use, &options->with) && any;
  any = Append(list.pairs, list, use, &options->pairs) && any;
  any = Append(list.topics, list, use, &options->topics) && any;
  any = Append(list.kinds, list, use, &options->kinds) && any;
  any = Append(list.series, list, use, &options->series) && any;
  if (any) return {};
  return Fail(Reason::kQueryInvalid, "--watchlist", name,
              "It is muted, so nothing is left to be told; entente watchlist mute " + name +
                  " --off lifts that.");
}

}  // namespace entente::cli
