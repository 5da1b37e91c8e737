// The watch-lists of a user: filters under a name, kept in a file of theirs.
//
//     [asia]
//     countries = ["JP", "IN"]
//     kinds = ["two-plus-two"]
//     muted = true                     # tells no alerts for now
//
//     [europe]
//     countries = ["FR", "DE", "RU"]
//     muted_words = ["RU"]             # of these words no alerts, for now
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "cli/commands/question.h"
#include "values/error.h"

namespace entente::cli {

struct Watchlist {
  // As typed, resolved when used; what a filter of one grammar means.
  std::vector<std::string> countries, with, pairs, topics, kinds, series;
  bool muted = false;
  std::vector<std::string> muted_words;
};

// $XDG_CONFIG_HOME/entente/watchlists.toml, or below ~/.config (XDG Base Directory Specification
// 0.8). CONFIG_INVALID where there is no home either.
Result<std::filesystem::path> WatchlistFile();

// No file is no list. FILE_UNREADABLE; CONFIG_INVALID names the key and line of what is not ours.
Result<std::map<std::string, Watchlist>> ReadWatchlists(const std::filesystem::path& file);
// Replaces the file whole. FILE_UNREADABLE.
Status WriteWatchlists(const std::filesystem::path& file,
                       const std::map<std::string, Watchlist>& lists);

// Of the list's words, those that a user means by `word` (`India` is `IN`, `2+2` is
// `two-plus-two`), as the list has them. NOT_FOUND where it has none such, and names what it has.
Result<std::vector<std::string>> WordsMeant(const Watchlist& list, const std::string& word,
                                            const render::Names& names);

// Adds a list's words to those on the command line. `for_alerts` leaves out what is muted.
// NOT_FOUND names the lists there are; QUERY_INVALID where nothing is left to be told.
enum class For { kAlerts, kTimeline };
Status UseWatchlist(const std::string& name, For use, FilterOptions* options);

}  // namespace entente::cli
