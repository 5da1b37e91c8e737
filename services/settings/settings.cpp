#include "services/settings/settings.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

namespace entente::settings {
namespace {

constexpr std::array kKeys = {
    Key{"", "data", "Data directory", [](Settings& s) -> Place { return &s.data; }},
    Key{"", "allow_plaintext", "Listen beyond loopback and ipc, though nothing is encrypted",
        [](Settings& s) -> Place { return &s.allow_plaintext; }},
    Key{"", "log_level", "debug, info, warn or error",
        [](Settings& s) -> Place { return &s.log_level; }},
    Key{"ingest", "listen", "Where to take requests",
        [](Settings& s) -> Place { return &s.ingest.listen; }},
    Key{"projector", "ingest", "Where ingest takes requests",
        [](Settings& s) -> Place { return &s.projector.ingest; }},
    Key{"projector", "listen", "Where to take requests",
        [](Settings& s) -> Place { return &s.projector.listen; }},
    Key{"projector", "poison", "An event that cannot be folded: park it, or pause before it",
        [](Settings& s) -> Place { return &s.projector.poison; }},
    Key{"query", "projector", "Where the projector takes requests",
        [](Settings& s) -> Place { return &s.query.projector; }},
    Key{"query", "ingest", "Where ingest takes requests",
        [](Settings& s) -> Place { return &s.query.ingest; }},
    Key{"query", "listen", "Where to take requests",
        [](Settings& s) -> Place { return &s.query.listen; }},
    Key{"query", "tail", "Where to publish the tail of the change feed",
        [](Settings& s) -> Place { return &s.query.tail; }},
    Key{"query", "subscriptions", "Directory of the durable subscriptions that this query holds",
        [](Settings& s) -> Place { return &s.query.subscriptions; }},
    Key{"query", "subscriptions_at", "Where the query that holds them takes requests",
        [](Settings& s) -> Place { return &s.query.subscriptions_at; }},
};

std::string Path(const Key& key) {
  return key.table.empty() ? std::string(key.name) : fmt::format("{}.{}", key.table, key.name);
}

tl::unexpected<Error> Refuse(const std::filesystem::path& file, const toml::source_region& where,
                             std::string key, std::string_view what) {
  return Fail(Reason::kConfigInvalid, std::move(key), "",
              fmt::format("{}, line {}: {}", file.string(), where.begin.line, what));
}

// Reads one key of the file into its place.
Status ReadKey(const std::filesystem::path& file, std::string_view table, std::string_view name,
               const toml::node& node, Settings* settings) {
  const auto keys = Keys();
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& one) {
    return one.table == table && one.name == name;
  });
  const std::string path = table.empty() ? std::string(name) : fmt::format("{}.{}", table, name);
  if (key == keys.end()) {
    Error error;
    error.reason = Reason::kConfigInvalid;
    error.field = path;
    error.message =
        fmt::format("{}, line {}: there is no such key.", file.string(), node.source().begin.line);
    for (const Key& known : keys) {
      if (known.table == table) error.suggestions.push_back(Path(known));
    }
    return Fail(std::move(error));
  }
  const Place place = key->place(*settings);
  if (bool* const* truth = std::get_if<bool*>(&place)) {
    const auto value = node.value_exact<bool>();
    if (!value) return Refuse(file, node.source(), path, "write true or false.");
    **truth = *value;
    return {};
  }
  const auto value = node.value_exact<std::string>();
  if (!value || value->empty()) {
    return Refuse(file, node.source(), path, "write a text in quotes, not an empty one.");
  }
  if (std::string* const* text = std::get_if<std::string*>(&place)) {
    **text = *value;
  } else {
    *std::get<std::filesystem::path*>(place) = *value;
  }
  return {};
}

bool IsTable(std::string_view name) {
  const auto keys = Keys();
  return std::any_of(keys.begin(), keys.end(), [&](const Key& key) { return key.table == name; });
}

}  // namespace

std::span<const Key> Keys() { return kKeys; }

Status ReadSettings(const std::filesystem::path& file, Settings* settings) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) {
    return Fail(Reason::kFileUnreadable, file.string(), "", "The settings cannot be read.");
  }
  toml::table root;
  try {
    root = toml::parse(text.str());
  } catch (const toml::parse_error& fault) {
    return Refuse(file, fault.source(), "", fmt::format("{}.", fault.description()));
  }
  for (auto&& [key, node] : root) {
    const toml::table* table = node.as_table();
    if (table == nullptr || !IsTable(key.str())) {
      if (Status read = ReadKey(file, "", key.str(), node, settings); !read) return read;
      continue;
    }
    for (auto&& [inner, value] : *table) {
      if (Status read = ReadKey(file, key.str(), inner.str(), value, settings); !read) return read;
    }
  }
  return {};
}

std::string ToToml(Settings settings) {
  std::string text;
  std::string_view table;
  for (const Key& key : kKeys) {
    if (key.table != table) text += fmt::format("\n[{}]\n", table = key.table);
    const Place place = key.place(settings);
    std::ostringstream value;
    if (bool* const* truth = std::get_if<bool*>(&place)) {
      value << toml::value(**truth);
    } else {
      std::string* const* words = std::get_if<std::string*>(&place);
      const std::string said =
          words != nullptr ? **words : std::get<std::filesystem::path*>(place)->string();
      if (said.empty()) continue;  // not set
      value << toml::value(said);
    }
    text += fmt::format("{} = {}\n", key.name, value.str());
  }
  return text;
}

}  // namespace entente::settings
