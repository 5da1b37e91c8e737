#include "log/prepared_batch.h"

#include <fmt/format.h>

#include <optional>
#include <unordered_set>

namespace entente::log {
namespace {

constexpr std::uint32_t kStreamField = v1::NewEvent::kStreamFieldNumber;
constexpr std::uint32_t kFirstPayloadField = 10;
constexpr std::uint32_t kFirstCarriageField = 100;
constexpr std::uint32_t kIdField = v1::NewEvent::kIdFieldNumber;
static_assert(kIdField == kFirstCarriageField, "a made id is put right behind the content");

// Tag and length of a made id: field 100, length-delimited, 28 bytes.
constexpr std::string_view kMadeIdPrefix = "\xa2\x06\x1c";
static_assert(kMadeIdPrefix[2] == kMadeIdSize);

// Reads the wire format (protobuf.dev, "Encoding") field by field.
class TagReader {
 public:
  struct Field {
    std::uint32_t number = 0;
    std::size_t begin = 0;          // of the tag
    std::string_view payload = {};  // of length-delimited fields
    std::size_t payload_offset = 0;
  };

  explicit TagReader(std::string_view bytes) : bytes_(bytes) {}
  bool AtEnd() const { return at_ == bytes_.size(); }
  // nullopt: malformed.
  std::optional<Field> Next() {
    Field field;
    field.begin = at_;
    const auto tag = Varint();
    if (!tag || *tag >> 3 == 0 || *tag >> 32 != 0) return std::nullopt;
    field.number = static_cast<std::uint32_t>(*tag >> 3);
    std::uint64_t size = 0;
    switch (*tag & 7) {
      case 0:
        if (!Varint()) return std::nullopt;
        break;
      case 1:
        size = 8;
        break;
      case 2: {
        const auto length = Varint();
        if (!length) return std::nullopt;
        size = *length;
        break;
      }
      case 5:
        size = 4;
        break;
      default:
        return std::nullopt;
    }
    if (size > bytes_.size() - at_) return std::nullopt;
    field.payload_offset = at_;
    field.payload = bytes_.substr(at_, size);
    at_ += size;
    return field;
  }

 private:
  std::optional<std::uint64_t> Varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64 && at_ < bytes_.size(); shift += 7) {
      const auto byte = static_cast<unsigned char>(bytes_[at_++]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
    return std::nullopt;
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
};

// Only these payloads can name subjects beside the event's own stream. Saying yes for one that
// names none costs its readers a parse; a no for one that does would hide it from them.
bool NamesOthers(const v1::NewEvent& event) {
  switch (event.payload_case()) {
    case v1::NewEvent::kStatementMade:
      return event.statement_made().about_size() > 0;
    case v1::NewEvent::kMeetingLinked:
    case v1::NewEvent::kMeetingsMerged:
    case v1::NewEvent::kMeetingSplit:
    case v1::NewEvent::kReportCorrected:
      return true;
    default:
      return false;
  }
}

}  // namespace

Errors CheckForm(const v1::AppendRequest& batch, std::size_t bytes) {
  Errors errors;
  if (batch.events().empty()) {
    errors.push_back(
        Fail(Reason::kFieldRequired, "events", "", "the batch holds no event").value());
  }
  if (static_cast<std::size_t>(batch.events_size()) > kBatchEventsMax) {
    errors.push_back(Fail(Reason::kMessageTooLarge, "events", std::to_string(batch.events_size()),
                          fmt::format("a batch holds at most {} events", kBatchEventsMax))
                         .value());
  }
  if (bytes > kBatchBytesMax) {
    errors.push_back(Fail(Reason::kMessageTooLarge, "events", std::to_string(bytes),
                          fmt::format("a batch holds at most {} bytes", kBatchBytesMax))
                         .value());
  }
  std::unordered_set<std::string_view> streams;
  for (int i = 0; i < batch.expected_size(); ++i) {
    const v1::Expectation& expected = batch.expected(i);
    if (expected.stream().empty()) {
      errors.push_back(Fail(Reason::kFieldRequired, fmt::format("expected[{}].stream", i), "",
                            "an expectation names its stream")
                           .value());
    } else if (!streams.insert(expected.stream()).second) {
      errors.push_back(Fail(Reason::kFieldInvalid, fmt::format("expected[{}].stream", i),
                            expected.stream(), "a stream has at most one expectation in a batch")
                           .value());
    }
    const bool not_true =
        (expected.expected_revision_case() == v1::Expectation::kAny && !expected.any()) ||
        (expected.expected_revision_case() == v1::Expectation::kNoStream && !expected.no_stream());
    if (not_true) {
      errors.push_back(Fail(Reason::kFieldInvalid, fmt::format("expected[{}]", i), "false",
                            "any and no_stream are only ever true; leave the field out instead")
                           .value());
    }
  }
  return errors;
}

namespace {

// Puts a made id between content and carriage of the body at the end of `bodies`.
void FillInId(std::string& bodies, PreparedEvent& event) {
  const std::string id = IdFromContent(event.content);
  std::string field(kMadeIdPrefix);
  field += id;
  bodies.insert(event.body_offset + event.layout.content_size, field);
  event.body_size += static_cast<std::uint32_t>(field.size());
  event.layout.id_offset =
      event.layout.content_size + static_cast<std::uint32_t>(kMadeIdPrefix.size());
  event.layout.id_size = static_cast<std::uint16_t>(id.size());
}

Result<PreparedEvent> PrepareEvent(const v1::NewEvent& event, std::string& bodies, Sha256& sha) {
  PreparedEvent prepared;
  prepared.body_offset = static_cast<std::uint32_t>(bodies.size());
  const auto size = static_cast<std::size_t>(event.GetCachedSize());
  bodies.resize(bodies.size() + size);
  event.SerializeWithCachedSizesToArray(
      reinterpret_cast<std::uint8_t*>(bodies.data() + prepared.body_offset));
  prepared.body_size = static_cast<std::uint32_t>(size);
  const std::string_view body = std::string_view(bodies).substr(prepared.body_offset, size);

  const auto layout = ScanBody(body);
  if (!layout) return Fail(layout.error());
  prepared.layout = *layout;
  prepared.names_others = NamesOthers(event);
  prepared.backfill = event.backfill();
  prepared.content = sha.Of(body.substr(0, prepared.layout.content_size));
  if (prepared.layout.id_size == 0) FillInId(bodies, prepared);
  prepared.carriage =
      sha.Of(std::string_view(bodies).substr(prepared.body_offset + prepared.layout.content_size,
                                             prepared.body_size - prepared.layout.content_size));
  return prepared;
}

}  // namespace

Result<BodyLayout> ScanBody(std::string_view body) {
  BodyLayout layout;
  bool in_carriage = false;
  TagReader reader(body);
  while (!reader.AtEnd()) {
    const auto field = reader.Next();
    if (!field) return Fail(Reason::kMessageMalformed, "", "", "the event is no protobuf message");
    if (field->number >= kFirstCarriageField) {
      if (!in_carriage) layout.content_size = static_cast<std::uint32_t>(field->begin);
      in_carriage = true;
      if (field->number == kIdField) {
        layout.id_offset = static_cast<std::uint32_t>(field->payload_offset);
        layout.id_size = static_cast<std::uint16_t>(field->payload.size());
      }
      continue;
    }
    if (in_carriage) {
      return Fail(Reason::kFieldUnknown, "", std::to_string(field->number),
                  "a field of the content that this version does not know");
    }
    if (field->number == kStreamField) {
      layout.stream_offset = static_cast<std::uint16_t>(field->payload_offset);
      layout.stream_size = static_cast<std::uint16_t>(field->payload.size());
    } else if (field->number >= kFirstPayloadField) {
      layout.payload_field = static_cast<std::uint16_t>(field->number);
    }
  }
  if (!in_carriage) layout.content_size = static_cast<std::uint32_t>(body.size());
  return layout;
}

PreparedBatch Prepare(const v1::AppendRequest& batch, std::size_t bytes, Sha256& sha) {
  PreparedBatch prepared;
  prepared.dry_run = batch.dry_run();
  prepared.expected.assign(batch.expected().begin(), batch.expected().end());
  prepared.bodies.reserve(bytes + static_cast<std::size_t>(batch.events_size()) *
                                      (kMadeIdPrefix.size() + kMadeIdSize));
  prepared.events.reserve(static_cast<std::size_t>(batch.events_size()));
  for (int i = 0; i < batch.events_size(); ++i) {
    auto event = PrepareEvent(batch.events(i), prepared.bodies, sha);
    if (event) {
      prepared.events.push_back(*event);
    } else {
      prepared.errors.push_back(std::move(event.error()).At(fmt::format("events[{}]", i)));
    }
  }
  return prepared;
}

}  // namespace entente::log
