#include "values/error.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

namespace entente {

Error Error::At(std::string_view prefix) && {
  if (field.empty()) {
    field = prefix;
  } else {
    const bool index = field.front() == '[';
    field = fmt::format("{}{}{}", prefix, index ? "" : ".", field);
  }
  return std::move(*this);
}

std::string Error::ToString() const {
  const CatalogueEntry& entry = Describe(reason);
  std::string text(entry.name);
  if (!field.empty()) text += fmt::format(" at {}", field);
  std::string_view said = message.empty() ? entry.text : std::string_view(message);
  const bool shows_value = !value.empty() && text.find(value) == std::string::npos &&
                           said.find(value) == std::string_view::npos;
  // What follows belongs to the same sentence.
  const bool goes_on = shows_value || position || !suggestions.empty();
  if (goes_on && said.ends_with('.')) said.remove_suffix(1);
  text += fmt::format(": {}", said);
  if (shows_value) text += fmt::format(" (found \"{}\")", value);
  if (position) text += fmt::format(" [position {}]", position->value());
  if (!suggestions.empty()) text += fmt::format("; did you mean {}?", fmt::join(suggestions, ", "));
  return text;
}

tl::unexpected<Error> Fail(Reason reason, std::string field, std::string value,
                           std::string message) {
  Error error;
  error.reason = reason;
  error.field = std::move(field);
  error.value = std::move(value);
  error.message = std::move(message);
  return tl::unexpected<Error>(std::move(error));
}

const CatalogueEntry& Describe(Reason reason) {
  const auto* const it = std::find_if(kErrorCatalogue.begin(), kErrorCatalogue.end(),
                                      [&](const auto& entry) { return entry.reason == reason; });
  // The generator gives every Reason an entry.
  return *it;
}

const CatalogueEntry* FindReason(std::string_view name_or_number) {
  const auto* const it =
      std::find_if(kErrorCatalogue.begin(), kErrorCatalogue.end(), [&](const auto& entry) {
        return entry.name == name_or_number ||
               std::to_string(static_cast<unsigned>(entry.reason)) == name_or_number;
      });
  return it == kErrorCatalogue.end() ? nullptr : it;
}

}  // namespace entente
