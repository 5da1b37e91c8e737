#include "services/settings/journal.h"

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>

namespace entente::settings {
namespace {

constexpr const char* kName = "entente";

std::string Quoted(std::string_view value) {
  const bool plain = !value.empty() && std::all_of(value.begin(), value.end(), [](char c) {
    return c > ' ' && c != '"' && c != '=' && c != '\\' && c != '\x7f';
  });
  if (plain) return std::string(value);
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') {
      text += '\\';
      text += c;
    } else if (c == '\n') {
      text += "\\n";
    } else if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
      text += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      text += c;
    }
  }
  return text + "\"";
}

void Write(spdlog::level::level_enum level, const std::string& service, std::string_view event,
           std::initializer_list<Field> fields) {
  const auto logger = spdlog::get(kName);
  if (!logger || !logger->should_log(level)) return;
  logger->log(level, "service={} event={}{}{}", service, Quoted(event),
              fields.size() == 0 ? "" : " ", FormatFields(fields));
}

}  // namespace

void OpenJournal(std::string_view level) {
  spdlog::drop(kName);
  const auto logger = spdlog::stderr_logger_mt(kName);
  logger->set_pattern("time=%Y-%m-%dT%H:%M:%S.%eZ level=%l %v", spdlog::pattern_time_type::utc);
  logger->set_level(spdlog::level::from_str(std::string(level)));
}

void Journal::Debug(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::debug, service_, event, fields);
}

void Journal::Info(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::info, service_, event, fields);
}

void Journal::Warn(std::string_view event, std::initializer_list<Field> fields) const {
  Write(spdlog::level::warn, service_, event, fields);
}

void Journal::Failed(std::string_view event, const Error& error) const {
  Write(spdlog::level::err, service_, event,
        {{"reason", Describe(error.reason).name}, {"error", error.ToString()}});
}

std::string FormatFields(std::initializer_list<Field> fields) {
  std::string text;
  for (const Field& field : fields) {
    if (!text.empty()) text += ' ';
    text += fmt::format("{}={}", field.key, Quoted(field.value));
  }
  return text;
}

}  // namespace entente::settings
