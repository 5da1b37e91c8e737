#include "domain/words/plain_words.h"

#include <fmt/format.h>

namespace entente::domain {

std::string_view StatusInWords(v1::Meeting::Status status) {
  switch (status) {
    case v1::Meeting::status_withdrawn:
      return "withdrawn";
    case v1::Meeting::status_held:
      return "held";
    case v1::Meeting::status_cancelled:
      return "cancelled";
    case v1::Meeting::status_called_off:
      return "called off";
    case v1::Meeting::status_postponed:
      return "postponed";
    case v1::Meeting::status_lapsed:
      return "no news since its date";
    case v1::Meeting::status_scheduled:
      return "scheduled";
    case v1::Meeting::status_announced:
      return "announced";
    case v1::Meeting::status_reported:
      return "reported";
    default:
      return "unknown";
  }
}

std::string_view ModeInWords(v1::Mode::Value mode) {
  switch (mode) {
    case v1::Mode::in_person:
      return "in person";
    case v1::Mode::video:
      return "by video";
    case v1::Mode::phone:
      return "by phone";
    case v1::Mode::hybrid:
      return "in person and by video";
    default:
      return "";
  }
}

std::string_view ModeInWords(std::string_view mode) {
  v1::Mode::Value value = v1::Mode::unspecified;
  return v1::Mode::Value_Parse(std::string(mode), &value) ? ModeInWords(value) : "";
}

std::string_view RoleInWords(v1::Party::Role role) {
  switch (role) {
    case v1::Party::host:
      return "host";
    case v1::Party::observer:
      return "observer";
    case v1::Party::mediator:
      return "mediator";
    case v1::Party::venue:
      return "venue";
    default:
      return "";
  }
}

std::string_view ClassInWords(v1::Source::Class source_class) {
  switch (source_class) {
    case v1::Source::official:
      return "an official source";
    case v1::Source::media:
      return "the media";
    case v1::Source::unnamed_sources:
      return "unnamed sources";
    case v1::Source::inferred:
      return "inference";
    default:
      return "a source of unknown class";
  }
}

std::string CountInWords(std::uint64_t certain, std::uint64_t possible) {
  return certain == possible ? std::to_string(certain)
                             : fmt::format("{} certain, {} possible", certain, possible);
}

}  // namespace entente::domain
