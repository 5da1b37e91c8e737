// Settings from the command line and the environment, over those of a file.
#pragma once

#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "services/settings/settings.h"

namespace entente::settings {

// Adds --config, the flags of the keys above all tables, and those of the tables named: --listen
// for one table, --ingest-listen … for several. Each can also be given as ENTENTE_… variable.
//
//     CLI::App app;
//     Flags flags(app, {"ingest"});
//     CLI11_PARSE(app, argc, argv);
//     Result<Settings> settings = flags.Resolve();
class Flags {
 public:
  // `app` must outlive the flags.
  Flags(CLI::App& app, const std::vector<std::string_view>& tables);
  Flags(const Flags&) = delete;
  Flags& operator=(const Flags&) = delete;

  // After parsing. Reads the file of --config, fills in the data directory, and makes it absolute.
  // CONFIG_INVALID, FILE_UNREADABLE.
  Result<Settings> Resolve() const;

 private:
  std::string file_;
  Settings given_;                              // where CLI11 puts what it finds
  std::map<const Key*, CLI::Option*> options_;  // which of it was found
};

// A whole main's command line: parses, prints --help or --version or what is wrong. Else the exit
// code to leave with.
tl::expected<Settings, int> SettingsFromCommandLine(int argc, char** argv, std::string_view program,
                                                    std::string_view about,
                                                    const std::vector<std::string_view>& tables);

}  // namespace entente::settings
