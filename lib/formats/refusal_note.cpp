#include "formats/refusal_note.h"

#include <fmt/format.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/util/json_util.h>
#include <utf8proc.h>

#include <optional>

#include "formats/json_lines.h"
#include "formats/json_text.h"

namespace entente::formats {
namespace {

namespace pb = google::protobuf;

constexpr std::string_view kNote = "\"refused\"";
constexpr std::string_view kText = "text";

std::optional<pb::Struct> ParseObject(std::string_view text) {
  pb::Struct object;
  const auto status =
      pb::util::JsonStringToMessage(pb::StringPiece(text.data(), text.size()), &object);
  if (!status.ok()) return std::nullopt;
  return object;
}

// Of the object that opens at `open`; npos where it does not close.
std::size_t EndOfObject(std::string_view text, std::size_t open) {
  std::size_t depth = 0;
  for (std::size_t i = open; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '{' || c == '[') ++depth;
    if ((c == '}' || c == ']') && --depth == 0) return i + 1;
    if (c != '"' && c != '\'') continue;
    const auto end = EndOfJsonString(text, i);
    if (end == std::string_view::npos) return end;
    i = end - 1;
  }
  return std::string_view::npos;
}

// Valid UTF-8; each byte of another encoding is the character that Latin-1 has there.
std::string ToUtf8(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  std::string valid;
  for (std::size_t i = 0; i < text.size();) {
    utf8proc_int32_t c = 0;
    const auto size =
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(text.size() - i), &c);
    utf8proc_uint8_t encoded[4];
    const auto length = utf8proc_encode_char(size > 0 ? c : bytes[i], encoded);
    valid.append(reinterpret_cast<const char*>(encoded), static_cast<std::size_t>(length));
    i += size > 0 ? static_cast<std::size_t>(size) : 1;
  }
  return valid;
}

std::string NoteOf(std::uint64_t number, std::span<const Error> errors) {
  pb::ListValue words;
  for (const Error& error : errors) words.add_values()->set_string_value(ToUtf8(error.ToString()));
  return fmt::format("{}:{{\"line\":{},\"errors\":{}}}", kNote, number, ToJsonLine(words));
}

std::string AsText(std::string_view line) {
  pb::Value text;
  text.set_string_value(ToUtf8(line));
  return fmt::format("\"{}\":{}", kText, ToJsonLine(text));
}

}  // namespace

std::string WithNote(std::string_view line, std::uint64_t number, std::span<const Error> errors) {
  const auto before = WithoutNote(line);
  const std::string_view bare = before ? *before : line;
  const auto brace = SkipJsonSpace(bare, 0);
  const auto object = ParseObject(bare);
  std::string rest;
  if (!object) {
    if (!bare.empty()) rest = AsText(bare);
  } else if (object->fields_size() > 0) {
    rest = bare.substr(SkipJsonSpace(bare, brace + 1));
    rest.erase(rest.rfind('}'));
  }
  return fmt::format("{{{}{}{}}}", NoteOf(number, errors), rest.empty() ? "" : ",", rest);
}

Result<std::string> WithoutNote(std::string_view line) {
  const auto brace = SkipJsonSpace(line, 0);
  if (brace == line.size() || line[brace] != '{') return std::string(line);
  const auto key = SkipJsonSpace(line, brace + 1);
  if (!line.substr(key).starts_with(kNote)) return std::string(line);
  const auto colon = SkipJsonSpace(line, key + kNote.size());
  const auto value = colon < line.size() ? SkipJsonSpace(line, colon + 1) : colon;
  const bool is_object = value < line.size() && line[colon] == ':' && line[value] == '{';
  const auto end = is_object ? EndOfObject(line, value) : std::string_view::npos;
  if (end == std::string_view::npos) {
    return Fail(Reason::kJsonMalformed, "refused", "",
                fmt::format("column {}: the note is no object in braces, or has no end", key + 1));
  }
  auto rest = SkipJsonSpace(line, end);
  if (rest < line.size() && line[rest] == ',') ++rest;

  std::string bare(line);
  bare.replace(key, rest - key, rest - key, ' ');
  const auto object = ParseObject(bare);
  if (!object || object->fields_size() != 1) return bare;
  const auto text = object->fields().find(std::string(kText));
  if (text == object->fields().end() || !text->second.has_string_value()) return bare;
  return text->second.string_value();
}

}  // namespace entente::formats
