// What can be set, and the TOML file it is read from.
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include "values/error.h"

namespace entente::settings {

// Of all services; a program reads its own part. The defaults are those of one machine.
struct Settings {
  std::filesystem::path data;  // empty: DefaultDataDirectory()
  bool allow_plaintext = false;
  std::string log_level = "info";  // debug, info, warn, error

  struct Ingest {
    std::string listen = "tcp://127.0.0.1:7400";
  } ingest;
  struct Projector {
    std::string ingest = "tcp://127.0.0.1:7400";
    std::string listen = "tcp://127.0.0.1:7401";
    std::string poison = "park";  // or pause: what to do with an event that cannot be folded
  } projector;
  struct Query {
    std::string projector = "tcp://127.0.0.1:7401";
    std::string ingest = "tcp://127.0.0.1:7400";
    std::string listen = "tcp://127.0.0.1:7402";
    std::string tail = "tcp://127.0.0.1:7403";
    std::filesystem::path subscriptions;  // empty: held elsewhere; in `serve`, below `data`
    std::string subscriptions_at;
  } query;
};

using Place = std::variant<std::filesystem::path*, std::string*, bool*>;

// One key: `listen` of table `ingest`. The flag --ingest-listen, the variable
// ENTENTE_INGEST_LISTEN and the line in the file are all made from it.
struct Key {
  std::string_view table;  // empty: above all tables
  std::string_view name;
  std::string_view help;
  Place (*place)(Settings&);
};

// All there are, tables together.
std::span<const Key> Keys();

// Puts what the file says over `settings`. FILE_UNREADABLE; CONFIG_INVALID names the key and line
// of what is unknown, of a wrong type or no TOML.
Status ReadSettings(const std::filesystem::path& file, Settings* settings);

// The settings as a TOML file would say them, for printing at start.
std::string ToToml(Settings settings);

}  // namespace entente::settings
