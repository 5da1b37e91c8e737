#include "services/settings/flags.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <span>
#include <utility>

#include "services/settings/data_directory.h"
#include "services/settings/exit_code.h"
#include "services/settings/version.h"

namespace entente::settings {
namespace {

constexpr std::array<std::string_view, 4> kLogLevels = {"debug", "info", "warn", "error"};
constexpr std::array<std::string_view, 2> kPoisonPolicies = {"park", "pause"};

// CONFIG_INVALID, with all there are.
Status CheckWord(std::string field, const std::string& word,
                 std::span<const std::string_view> words, std::string message) {
  if (std::find(words.begin(), words.end(), word) != words.end()) return {};
  Error error;
  error.reason = Reason::kConfigInvalid;
  error.field = std::move(field);
  error.value = word;
  error.message = std::move(message);
  error.suggestions.assign(words.begin(), words.end());
  return Fail(std::move(error));
}

std::string FlagOf(const Key& key, bool with_table) {
  std::string flag = with_table && !key.table.empty() ? fmt::format("--{}-{}", key.table, key.name)
                                                      : fmt::format("--{}", key.name);
  std::replace(flag.begin(), flag.end(), '_', '-');
  return flag;
}

std::string VariableOf(const Key& key) {
  std::string name = key.table.empty() ? fmt::format("entente_{}", key.name)
                                       : fmt::format("entente_{}_{}", key.table, key.name);
  std::transform(name.begin(), name.end(), name.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return name;
}

}  // namespace

Flags::Flags(CLI::App& app, const std::vector<std::string_view>& tables) {
  app.add_option("--config", file_, "TOML file with settings of all services")
      ->envname("ENTENTE_CONFIG")
      ->type_name("FILE");
  for (const Key& key : Keys()) {
    const bool wanted =
        key.table.empty() || std::find(tables.begin(), tables.end(), key.table) != tables.end();
    if (!wanted) continue;
    const std::string flag = FlagOf(key, tables.size() > 1);
    const std::string help(key.help);
    const Place place = key.place(given_);
    CLI::Option* option = nullptr;
    if (bool* const* truth = std::get_if<bool*>(&place)) {
      option = app.add_flag(flag, **truth, help);
    } else if (std::string* const* text = std::get_if<std::string*>(&place)) {
      option = app.add_option(flag, **text, help)->capture_default_str();
    } else {
      option =
          app.add_option(flag, *std::get<std::filesystem::path*>(place), help)->type_name("DIR");
    }
    option->envname(VariableOf(key));
    options_.emplace(&key, option);
  }
}

Result<Settings> Flags::Resolve() const {
  Settings settings;
  if (!file_.empty()) {
    if (Status read = ReadSettings(file_, &settings); !read) return Fail(std::move(read.error()));
  }
  Settings given = given_;
  for (const auto& [key, option] : options_) {
    if (option->count() == 0) continue;
    const Place from = key->place(given);
    std::visit([&](auto* to) { *to = *std::get<decltype(to)>(from); }, key->place(settings));
  }
  if (settings.data.empty()) {
    auto data = DefaultDataDirectory();
    if (!data) return Fail(std::move(data.error()));
    settings.data = *data;
  }
  std::error_code fault;
  settings.data = std::filesystem::absolute(settings.data, fault).lexically_normal();
  Status checked =
      CheckWord("log_level", settings.log_level, kLogLevels, "There is no such level.");
  if (checked) {
    checked = CheckWord("projector.poison", settings.projector.poison, kPoisonPolicies,
                        "There is no such policy.");
  }
  if (!checked) return Fail(std::move(checked).error());
  return settings;
}

tl::expected<Settings, int> SettingsFromCommandLine(int argc, char** argv, std::string_view program,
                                                    std::string_view about,
                                                    const std::vector<std::string_view>& tables) {
  CLI::App app{std::string(about), std::string(program)};
  app.set_version_flag("--version", fmt::format("{} {}", program, Version()));
  app.footer(
      "Flags win over ENTENTE_… variables, those over the file, that over the defaults.\n"
      "Exit codes: 0 stopped as asked, 1 failed, 2 flags, configuration or endpoint not usable,\n"
      "3 another process holds the data directory, 4 the store is damaged, lost or of another "
      "version.");
  const Flags flags(app, tables);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& fault) {
    return tl::unexpected<int>(app.exit(fault) == 0 ? kStoppedAsAsked : kNotUsable);
  }
  auto settings = flags.Resolve();
  if (!settings) {
    fmt::print(stderr, "{}: {}\n", program, settings.error().ToString());
    return tl::unexpected<int>(ExitCodeOf(settings.error()));
  }
  return *settings;
}

}  // namespace entente::settings
