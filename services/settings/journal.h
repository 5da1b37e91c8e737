// What a service says about its work, on stderr, one line each, for people and for grep:
//
//     time=2026-11-23T15:02:03.123Z level=info service=ingest event="taking requests" endpoint=…
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

#include "values/error.h"

namespace entente::settings {

// Sets up the log of this process, once, by main. Until then nothing is written: a service inside
// a test or another program is silent.
void OpenJournal(std::string_view level);

struct Field {
  Field(std::string_view key_in, std::string_view value_in) : key(key_in), value(value_in) {}
  Field(std::string_view key_in, const char* value_in) : key(key_in), value(value_in) {}
  template <std::integral Int>
  Field(std::string_view key_in, Int value_in) : key(key_in), value(std::to_string(value_in)) {}
  std::string_view key;
  std::string value;
};

// One service's lines. Thread-safe.
class Journal {
 public:
  explicit Journal(std::string service) : service_(std::move(service)) {}
  void Debug(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Info(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Warn(std::string_view event, std::initializer_list<Field> fields = {}) const;
  void Failed(std::string_view event, const Error& error) const;

 private:
  std::string service_;
};

// key=value key="a value" …; quotes, backslashes and control characters are escaped.
std::string FormatFields(std::initializer_list<Field> fields);

}  // namespace entente::settings
