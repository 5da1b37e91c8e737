#include "views/verify/row_words.h"

#include <fmt/format.h>
#include <google/protobuf/util/json_util.h>

#include <memory>
#include <span>
#include <vector>

#include "entente/v1/error.pb.h"
#include "entente/v1/event.pb.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"
#include "log/digest.h"
#include "values/recorded_time.h"
#include "views/postings/block.h"
#include "views/postings/term.h"
#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

// What a key or a value is made of, in the order of docs/views.md.
enum class Part { kU8, kU16, kU32, kU64, kText, kTexts, kRest, kDay, kTime, kTerm, kPlace, kHash };

std::string DayInWords(std::uint32_t number) {
  if (number == 0) return "before all days";
  if (number == 0xffffffffU) return "after all days";
  return DayFromNumber(number).Iso();
}

std::string TermInWords(KeyReader& reader) {
  const auto kind = static_cast<TermKind>(reader.U8());
  const std::string_view name = reader.Text();
  return kind == TermKind::kAll ? "all meetings" : TermText(kind, name);
}

std::string PlaceInWords(KeyReader& reader) {
  const std::uint32_t earliest = reader.U32();
  const std::uint32_t latest = reader.U32();
  const std::string_view edtf = reader.Text();
  const std::string_view id = reader.Text();
  if (edtf.empty()) return fmt::format("undated, {}", id);
  return fmt::format("{} to {}, \"{}\", {}", DayInWords(earliest), DayInWords(latest), edtf, id);
}

std::string TimeInWords(std::uint64_t biased) {
  return ToRfc3339(RecordedTime(static_cast<std::int64_t>(biased ^ (1ULL << 63))));
}

std::string TextsInWords(KeyReader& reader) {
  std::string texts;
  while (reader.ok() && !reader.rest().empty()) {
    texts += fmt::format("{}{}", texts.empty() ? "" : " ", reader.Text());
  }
  return texts;
}

std::string PartInWords(Part part, KeyReader& reader) {
  switch (part) {
    case Part::kU8:
      return std::to_string(reader.U8());
    case Part::kU16:
      return std::to_string(reader.U16());
    case Part::kU32:
      return std::to_string(reader.U32());
    case Part::kU64:
      return std::to_string(reader.U64());
    case Part::kText:
      return std::string(reader.Text());
    case Part::kTexts:
      return TextsInWords(reader);
    case Part::kRest:
      return std::string(reader.Fixed(reader.rest().size()));
    case Part::kDay:
      return DayInWords(reader.U32());
    case Part::kTime:
      return TimeInWords(reader.U64());
    case Part::kTerm:
      return TermInWords(reader);
    case Part::kPlace:
      return PlaceInWords(reader);
    case Part::kHash:
      return log::Hex(reader.Fixed(16));
  }
  return {};
}

struct Named {
  std::string_view name;
  Part part;
};

struct Layout {
  View view;
  std::string_view name;
  std::vector<Named> key;
  std::vector<Named> value;
  // Where the value is a message.
  const google::protobuf::Message* message = nullptr;
};

const std::vector<Layout>& Layouts() {
  using enum Part;
  static const std::vector<Layout> all = {
      {View::kSource, "source", {{"number", kU32}}, {}, &v1::Source::default_instance()},
      {View::kSourceNumber, "source number", {{"digest", kHash}}, {{"number", kU32}}},
      {View::kReport,
       "report",
       {{"of", kText}, {"position", kU64}},
       {},
       &v1::Report::default_instance()},
      {View::kEvent, "event", {{"id", kText}}, {{"position", kU64}, {"stream", kRest}}},
      {View::kActOn, "acts on", {{"event", kText}}, {}},
      {View::kLeader, "component of", {{"", kText}}, {{"", kRest}}},
      {View::kMembers, "component", {{"", kText}}, {{"streams", kTexts}}},
      {View::kChange,
       "change",
       {{"position", kU64}, {"ordinal", kU16}},
       {},
       &v1::Change::default_instance()},
      {View::kPosting,
       "postings",
       {{"", kTerm}, {"sort", kU8}, {"from position", kU64}, {"ordinal", kU16}},
       {}},
      {View::kMeeting, "meeting", {{"", kText}}, {}, &v1::Meeting::default_instance()},
      {View::kAbsorbed, "absorbed", {{"", kText}}, {{"by", kRest}}},
      {View::kTerm, "listed under", {{"", kTerm}, {"at", kPlace}}, {{"flags", kU8}}},
      {View::kTermCount,
       "number of",
       {{"", kTerm}},
       {{"meetings", kU64}, {"of these possibly", kU64}}},
      {View::kClaimed,
       "claimed",
       {{"", kTerm}, {"at", kPlace}},
       {{"earliest", kDay}, {"latest", kDay}, {"first reported", kDay}, {"first position", kU64}}},
      {View::kTold, "told of", {{"", kText}}, {{"last position", kU64}, {"last reported", kDay}}},
      {View::kCoarse,
       "listed coarsely under",
       {{"", kTerm}, {"span", kU8}, {"at", kPlace}},
       {{"flags", kU8}}},
      {View::kPending, "pending", {{"class", kU8}, {"at", kPlace}}, {{"last day", kDay}}},
      {View::kFollowing,
       "may follow others",
       {{"kind", kText}, {"sides", kText}, {"at", kPlace}},
       {{"outcome", kU8}}},
      {View::kHorizon,
       "horizon",
       {{"of", kText}},
       {{"reports", kU64}, {"from", kDay}, {"to", kDay}}},
      {View::kRecorded,
       "recorded",
       {{"at", kTime}},
       {{"first position", kU64}, {"last position", kU64}}},
      {View::kReported, "reported", {{"period", kU8}, {"from", kDay}, {"from position", kU64}}, {}},
      {View::kErasure,
       "erasure",
       {{"position", kU64}},
       {{"ordered at", kU64}, {"body was empty", kU8}}},
      {View::kParked, "parked", {{"position", kU64}}, {}, &v1::Error::default_instance()}};
  return all;
}

const Layout* LayoutOf(std::string_view key) {
  for (const Layout& layout : Layouts()) {
    if (!key.empty() && static_cast<std::uint8_t>(key[0]) == static_cast<std::uint8_t>(layout.view))
      return &layout;
  }
  return nullptr;
}

// nullopt: the bytes are not these parts.
std::optional<std::string> PartsInWords(std::span<const Named> parts, KeyReader reader) {
  std::string words;
  for (const Named& named : parts) {
    const std::string part = PartInWords(named.part, reader);
    words += fmt::format("{}{}{}{}", words.empty() ? "" : ", ", named.name,
                         named.name.empty() ? "" : " ", part);
  }
  if (!reader.ok() || !reader.rest().empty()) return std::nullopt;
  return words;
}

std::string BytesInWords(std::string_view bytes) {
  return bytes.empty() ? "nothing" : fmt::format("bytes {}", log::Hex(bytes));
}

std::unique_ptr<google::protobuf::Message> MessageOf(const Layout& layout, std::string_view value) {
  if (layout.message == nullptr) return nullptr;
  std::unique_ptr<google::protobuf::Message> message(layout.message->New());
  // A message that another one was made of by a changed bit still says most of what it said.
  if (!message->ParseFromArray(value.data(), static_cast<int>(value.size()))) return nullptr;
  if (message->SerializeAsString() != value) return nullptr;
  return message;
}

std::string JsonOf(const google::protobuf::Message& message) {
  std::string json;
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  if (!google::protobuf::util::MessageToJsonString(message, &json, options).ok()) {
    return BytesInWords(message.SerializeAsString());
  }
  return json;
}

// Those fields only that differ between two messages of a type.
void KeepDifferences(google::protobuf::Message* a, google::protobuf::Message* b) {
  const auto* fields = a->GetDescriptor();
  const auto* reflection = a->GetReflection();
  for (int i = 0; i < fields->field_count(); ++i) {
    const auto* field = fields->field(i);
    const std::unique_ptr<google::protobuf::Message> only_a(a->New());
    const std::unique_ptr<google::protobuf::Message> only_b(b->New());
    reflection->SwapFields(a, only_a.get(), {field});
    reflection->SwapFields(b, only_b.get(), {field});
    if (only_a->SerializeAsString() == only_b->SerializeAsString()) continue;
    reflection->SwapFields(a, only_a.get(), {field});
    reflection->SwapFields(b, only_b.get(), {field});
  }
}

}  // namespace

std::string KeyInWords(std::string_view key) {
  const Layout* layout = LayoutOf(key);
  if (layout == nullptr) return fmt::format("a key of no view, {}", BytesInWords(key));
  const auto words = PartsInWords(layout->key, KeyReader(key.substr(1)));
  return fmt::format("{}: {}", layout->name, words ? *words : BytesInWords(key.substr(1)));
}

std::string ValueInWords(std::string_view key, const std::optional<std::string>& value) {
  if (!value) return "no such row";
  const Layout* layout = LayoutOf(key);
  if (layout == nullptr) return BytesInWords(*value);
  if (const auto message = MessageOf(*layout, *value)) return JsonOf(*message);
  if (layout->value.empty()) return BytesInWords(*value);
  return PartsInWords(layout->value, KeyReader(*value)).value_or(BytesInWords(*value));
}

DifferenceInWords InWords(const RowDifference& difference) {
  DifferenceInWords words{KeyInWords(difference.key),
                          ValueInWords(difference.key, difference.stored),
                          ValueInWords(difference.key, difference.folded)};
  const Layout* layout = LayoutOf(difference.key);
  if (layout == nullptr || !difference.stored || !difference.folded) return words;
  const auto stored = MessageOf(*layout, *difference.stored);
  const auto folded = MessageOf(*layout, *difference.folded);
  if (!stored || !folded) return words;
  KeepDifferences(stored.get(), folded.get());
  return {words.key, JsonOf(*stored), JsonOf(*folded)};
}

}  // namespace entente::views
