#include <fmt/format.h>

#include <memory>
#include <string>
#include <vector>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/commands/watchlists.h"
#include "cli/render/table.h"

namespace entente::cli {
namespace {

using Lists = std::map<std::string, Watchlist>;

struct WatchlistOptions {
  std::string name;
  FilterOptions words;
  std::vector<std::string> silent;
  bool off = false;
};

constexpr const char* kExamples = R"(Examples:
  entente watchlist save asia --country JP,IN --kind two-plus-two
  entente alerts --watchlist asia
  entente timeline --watchlist asia --from 2021
  entente watchlist mute asia                 no alerts of it; its timeline is as before
  entente watchlist mute asia IN              no alerts because of India only
  entente watchlist mute asia --off
  entente watchlist remove asia

A list is what a filter is: alternatives within one kind of word, and the kinds narrow one another.
It lies in your own configuration ($XDG_CONFIG_HOME/entente/watchlists.toml).)";

// Reads the lists, changes them, and writes them back.
template <class Change>
ExitCode Edit(Session& session, Change change) {
  const auto file = WatchlistFile();
  if (!file) return session.Refuse(file.error());
  auto lists = ReadWatchlists(*file);
  if (!lists) return session.Complain(lists.error());
  if (Status changed = change(*lists); !changed) return session.Refuse(changed.error());
  if (Status written = WriteWatchlists(*file, *lists); !written) {
    return session.Complain(written.error());
  }
  return ExitCode::kDone;
}

Result<Watchlist*> Find(Lists& lists, const std::string& name) {
  const auto found = lists.find(name);
  if (found != lists.end()) return &found->second;
  Error error = Fail(Reason::kNotFound, "NAME", name, "There is no such watch-list.").value();
  for (const auto& [known, list] : lists) error.suggestions.push_back(known);
  return Fail(std::move(error));
}

ExitCode RunSave(const WatchlistOptions& options, Session& session) {
  // Names that nobody knows are refused now, not when an alert is missed.
  const auto filter = ToFilter(options.words, session.names());
  if (!filter) return session.Refuse(filter.error());
  if (filter->ByteSizeLong() == 0) {
    return session.Refuse(Fail(Reason::kQueryInvalid, "NAME", options.name,
                               "Say what to watch: --country, --topic, --kind …")
                              .value());
  }
  return Edit(session, [&](Lists& lists) -> Status {
    Watchlist list;
    list.countries.assign(filter->countries().begin(), filter->countries().end());
    list.with.assign(filter->countries_all().begin(), filter->countries_all().end());
    list.pairs.assign(filter->pairs().begin(), filter->pairs().end());
    list.topics.assign(filter->topics().begin(), filter->topics().end());
    list.kinds.assign(filter->kinds().begin(), filter->kinds().end());
    list.series.assign(filter->series().begin(), filter->series().end());
    lists[options.name] = std::move(list);
    return {};
  });
}

ExitCode RunMute(const WatchlistOptions& options, Session& session) {
  return Edit(session, [&](Lists& lists) -> Status {
    auto list = Find(lists, options.name);
    if (!list) return Fail(std::move(list.error()));
    if (options.off && options.silent.empty()) {
      (*list)->muted = false;
      (*list)->muted_words.clear();
    } else if (options.silent.empty()) {
      (*list)->muted = true;
    }
    for (const std::string& word : options.silent) {
      const auto meant = WordsMeant(**list, word, session.names());
      if (!meant) return Fail(meant.error());
      for (const std::string& one : *meant) {
        std::erase((*list)->muted_words, one);
        if (!options.off) (*list)->muted_words.push_back(one);
      }
    }
    return {};
  });
}

ExitCode RunRemove(const WatchlistOptions& options, Session& session) {
  return Edit(session, [&](Lists& lists) -> Status {
    auto list = Find(lists, options.name);
    if (!list) return Fail(std::move(list.error()));
    lists.erase(options.name);
    return {};
  });
}

std::string Words(const Watchlist& list) {
  std::string out;
  for (const auto* words :
       {&list.countries, &list.with, &list.pairs, &list.topics, &list.kinds, &list.series}) {
    if (words->empty()) continue;
    out += fmt::format("{}{}", out.empty() ? "" : "; ", fmt::join(*words, ", "));
  }
  return out;
}

ExitCode RunList(Session& session) {
  const auto file = WatchlistFile();
  if (!file) return session.Refuse(file.error());
  const auto lists = ReadWatchlists(*file);
  if (!lists) return session.Complain(lists.error());
  if (lists->empty()) {
    session.Print("There are no watch-lists; entente watchlist save makes one.\n");
    return ExitCode::kDone;
  }
  render::Table table({{.heading = "name"},
                       {.heading = "watches", .flexible = true, .narrowest = 20},
                       {.heading = "muted", .flexible = true, .narrowest = 12}});
  for (const auto& [name, list] : *lists) {
    table.Row({{name, render::Tint::kStrong},
               Words(list),
               list.muted ? "all of it" : fmt::format("{}", fmt::join(list.muted_words, ", "))});
  }
  session.Print(table.Print(session.style()));
  return ExitCode::kDone;
}

}  // namespace

void AddWatchlist(CLI::App& app, Run* chosen) {
  CLI::App* command =
      app.add_subcommand("watchlist", "Filters of yours, by name, for alerts and timeline");
  command->require_subcommand(1);
  command->footer(kExamples);
  const auto add = [&](const char* name, const char* about,
                       ExitCode (*run)(const WatchlistOptions&, Session&), const char* examples) {
    auto options = std::make_shared<WatchlistOptions>();
    CLI::App* one = command->add_subcommand(name, about);
    one->add_option("NAME", options->name, "Of the watch-list")->required();
    one->footer(examples);
    one->callback([options, chosen, run] {
      *chosen = [options, run](Session& session) { return run(*options, session); };
    });
    return std::pair(one, options);
  };
  const auto [save, saved] = add("save", "Keep a filter; one of this name is replaced", RunSave,
                                 "Examples:\n"
                                 "  entente watchlist save asia --country JP,IN --kind "
                                 "two-plus-two\n"
                                 "  entente watchlist save seas --topic maritime-security");
  const auto list = [one = save](const char* flag, std::vector<std::string>* words,
                                 const char* text, const char* type) {
    one->add_option(flag, *words, text)->type_name(type)->delimiter(',');
  };
  list("-c,--country", &saved->words.countries, "Takes part: any of these", "PARTY");
  list("--with", &saved->words.with, "Takes part as well: all of these", "PARTY");
  list("--pair", &saved->words.pairs, "Exactly these two take part, such as JP-IN", "PAIR");
  list("-t,--topic", &saved->words.topics, "Has one of these topics, or a narrower one", "TOPIC");
  list("-k,--kind", &saved->words.kinds, "Kind of meeting", "KIND");
  list("--series", &saved->words.series, "Series", "SERIES");

  CLI::App* all = command->add_subcommand("list", "All there are");
  all->footer("Examples:\n  entente watchlist list");
  all->callback([chosen] { *chosen = [](Session& session) { return RunList(session); }; });
  const auto [mute, muted] = add("mute", "No alerts of a list, or of some of its words", RunMute,
                                 "Examples:\n"
                                 "  entente watchlist mute asia\n"
                                 "  entente watchlist mute asia IN      no alerts because of India "
                                 "only\n"
                                 "  entente watchlist mute asia --off");
  mute->add_option("WORD", muted->silent, "Only these of its words");
  mute->add_flag("--off", muted->off, "Tell them again");
  add("remove", "Forget one", RunRemove, "Examples:\n  entente watchlist remove asia");
}

}  // namespace entente::cli
