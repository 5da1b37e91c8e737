#include "formats/json_lines.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/util/json_util.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "formats/json_duplicate_key.h"

namespace entente::formats {
namespace {

namespace pb = google::protobuf;

constexpr std::size_t kValueShownMax = 200;

// protobuf 3.21 reports a fault in one of four shapes; the tests hold all of them, so that an
// upgrade which words them differently is seen:
//
//     "(meeting.parties[1]) nam: Cannot find field."       a name, and the path of its parent
//     "(source.class): invalid value \"press\" for type …"  a value, and its own path
//     "meeting: Proto field is not repeating, …"           a structure
//     "Unexpected token.\nnonsense\n^"                     syntax: excerpt and caret
struct ParserFault {
  std::string field;
  std::string text;
  bool unknown_field = false;
  std::optional<std::size_t> column;  // from 1
};

// The excerpt is a part of the line; where it occurs once the caret's column is the line's.
std::optional<std::size_t> ColumnOf(std::string_view line, std::string_view excerpt,
                                    std::string_view caret_line) {
  const auto caret = caret_line.find('^');
  if (caret == std::string_view::npos) return std::nullopt;
  if (excerpt.empty()) return line.size() + 1;  // the line ended too early
  const auto at = line.find(excerpt);
  if (at == std::string_view::npos || line.find(excerpt, at + 1) != std::string_view::npos) {
    return std::nullopt;
  }
  return at + caret + 1;
}

ParserFault ReadFault(std::string_view line, std::string_view message) {
  ParserFault fault;
  if (const auto newline = message.find('\n'); newline != std::string_view::npos) {
    fault.text = message.substr(0, newline);
    const auto rest = message.substr(newline + 1);
    if (const auto second = rest.rfind('\n'); second != std::string_view::npos) {
      fault.column = ColumnOf(line, rest.substr(0, second), rest.substr(second + 1));
    }
    return fault;
  }
  std::string path;
  if (message.starts_with('(')) {
    const auto close = message.find(')');
    path = message.substr(1, close - 1);
    message.remove_prefix(std::min(message.size(), close + 1));
  }
  const auto colon = message.find(": ");
  auto name = message.substr(0, colon == std::string_view::npos ? 0 : colon);
  while (name.starts_with(' ')) name.remove_prefix(1);
  fault.text = colon == std::string_view::npos ? message : message.substr(colon + 2);
  fault.unknown_field = fault.text == "Cannot find field.";
  fault.field = path;
  if (!name.empty()) {
    if (!fault.field.empty()) fault.field += '.';
    fault.field += name;
  }
  return fault;
}

// The message and field a path such as `meeting.parties[1].nam` leads to; the field is null where
// the last name is unknown.
struct Place {
  const pb::Descriptor* message = nullptr;
  const pb::FieldDescriptor* field = nullptr;
  std::string name;
};

Place Follow(const pb::Descriptor& root, std::string_view path) {
  Place place{&root, nullptr, {}};
  while (!path.empty()) {
    const auto dot = path.find('.');
    auto name = path.substr(0, dot);
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
    name = name.substr(0, name.find('['));
    if (place.field != nullptr) place.message = place.field->message_type();
    if (place.message == nullptr) return {};
    place.name = name;
    place.field = place.message->FindFieldByName(place.name);
    if (place.field == nullptr) place.field = place.message->FindFieldByCamelcaseName(place.name);
    if (place.field == nullptr && !path.empty()) return {};
  }
  return place;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

// The nearest field names, at most three, none further than half the word.
std::vector<std::string> NearestFields(const pb::Descriptor& message, std::string_view name) {
  std::vector<std::pair<std::size_t, std::string>> near;
  for (int i = 0; i < message.field_count(); ++i) {
    const std::string& known = message.field(i)->name();
    const auto distance = EditDistance(name, known);
    if (distance <= std::max<std::size_t>(2, name.size() / 2)) near.emplace_back(distance, known);
  }
  std::sort(near.begin(), near.end());
  if (near.size() > 3) near.resize(3);
  std::vector<std::string> names;
  names.reserve(near.size());
  for (auto& [distance, known] : near) names.push_back(std::move(known));
  return names;
}

std::vector<std::string> ValuesOf(const pb::EnumDescriptor& values) {
  std::vector<std::string> names;
  for (int i = 0; i < values.value_count(); ++i) {
    if (values.value(i)->number() != 0) names.push_back(values.value(i)->name());
  }
  return names;
}

std::string TypeInWords(const pb::FieldDescriptor& field) {
  if (field.is_repeated()) return "a list";
  switch (field.cpp_type()) {
    case pb::FieldDescriptor::CPPTYPE_STRING:
      return "a text in quotation marks";
    case pb::FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case pb::FieldDescriptor::CPPTYPE_ENUM:
      return "one of its words";
    case pb::FieldDescriptor::CPPTYPE_MESSAGE:
      return "an object in braces";
    default:
      return "a number";
  }
}

// The value in "invalid value \"press\" for type …".
std::string ValueIn(std::string_view text) {
  constexpr std::string_view kBefore = "invalid value ";
  constexpr std::string_view kAfter = " for type ";
  const auto end = text.rfind(kAfter);
  if (!text.starts_with(kBefore) || end == std::string_view::npos) return {};
  auto value = text.substr(kBefore.size(), end - kBefore.size());
  if (value.size() >= 2 && value.front() == '"') value = value.substr(1, value.size() - 2);
  return std::string(value.substr(0, kValueShownMax));
}

Error Explain(const ParserFault& fault, const pb::Descriptor& type) {
  Error error;
  error.reason = fault.unknown_field ? Reason::kFieldUnknown : Reason::kJsonMalformed;
  error.field = fault.field;
  if (fault.column) {
    error.message = fmt::format("column {}: {}", *fault.column, fault.text);
    return error;
  }
  const Place place = Follow(type, fault.field);
  if (fault.unknown_field) {
    error.value = place.name;
    error.message = fmt::format("{} has no field of this name",
                                place.message == nullptr ? "the event" : place.message->name());
    if (place.message != nullptr) error.suggestions = NearestFields(*place.message, place.name);
    return error;
  }
  error.value = ValueIn(fault.text);
  if (fault.text.find("oneof field 'payload' is already set") != std::string::npos) {
    error.value.clear();
    error.message = "an event has one payload, this has two; write one line for each";
  } else if (place.field != nullptr && (!error.value.empty() || !fault.field.empty())) {
    error.message = fmt::format("expected {}", TypeInWords(*place.field));
    if (place.field->enum_type() != nullptr) {
      error.suggestions = ValuesOf(*place.field->enum_type());
    }
  } else if (fault.text == "Root element must be a message.") {
    error.message = "the line is not an object in braces";
  } else {
    error.message = fault.text;
  }
  return error;
}

Status Read(std::string_view line, pb::Message* message) {
  if (const auto twice = FindDuplicateKey(line)) {
    return Fail(Reason::kJsonMalformed, "", twice->key,
                fmt::format("column {}: the key \"{}\" stands twice in one object", twice->column,
                            twice->key));
  }
  const auto status =
      pb::util::JsonStringToMessage(pb::StringPiece(line.data(), line.size()), message);
  if (status.ok()) return {};
  const auto text = status.message();
  return Fail(Explain(ReadFault(line, std::string_view(text.data(), text.size())),
                      *message->GetDescriptor()));
}

}  // namespace

Result<v1::NewEvent> EventFromJson(std::string_view line) {
  v1::NewEvent event;
  if (auto read = Read(line, &event); !read) return Fail(std::move(read.error()));
  return event;
}

Result<v1::RecordedEvent> RecordedEventFromJson(std::string_view line) {
  v1::RecordedEvent event;
  if (auto read = Read(line, &event); !read) return Fail(std::move(read.error()));
  return event;
}

Result<v1::DumpLine> DumpLineFromJson(std::string_view text) {
  v1::DumpLine line;
  if (auto read = Read(text, &line); !read) return Fail(std::move(read.error()));
  return line;
}

std::string ToJsonLine(const google::protobuf::Message& message) {
  pb::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string line;
  const auto status = pb::util::MessageToJsonString(message, &line, options);
  // Fails only for messages with an Any or a text that is not UTF-8; ours have neither.
  return status.ok() ? line : "{}";
}

}  // namespace entente::formats
