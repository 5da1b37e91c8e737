#include "services/ingest/admit.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "domain/event/check.h"

namespace entente::ingest {
namespace {

Error MakeError(Reason reason, std::string field, std::string value, std::string message) {
  Error error;
  error.reason = reason;
  error.field = std::move(field);
  error.value = std::move(value);
  error.message = std::move(message);
  return error;
}

// Fields of a newer client: nothing of what was sent is stored half.
void CheckKnown(const google::protobuf::Message& message, const std::string& path, Errors& errors) {
  const auto& unknown = message.GetReflection()->GetUnknownFields(message);
  for (int i = 0; i < unknown.field_count(); ++i) {
    errors.push_back(MakeError(
        Reason::kFieldUnknown, path, std::to_string(unknown.field(i).number()),
        fmt::format("Field number {} is not one this version knows.", unknown.field(i).number())));
  }
}

void CheckBatch(const v1::AppendRequest& request, Errors& errors) {
  if (request.events_size() > kBatchEventsMax) {
    errors.push_back(MakeError(Reason::kMessageTooLarge, "events",
                               std::to_string(request.events_size()),
                               fmt::format("A batch has at most {} events.", kBatchEventsMax)));
  }
  CheckKnown(request, "", errors);
  if (request.events_size() == 0) {
    errors.push_back(
        MakeError(Reason::kFieldRequired, "events", "", "A batch has at least one event."));
  }
}

void CheckExpected(const v1::AppendRequest& request, Errors& errors) {
  std::set<std::string_view> seen;
  for (int i = 0; i < request.expected_size(); ++i) {
    const v1::Expectation& expected = request.expected(i);
    const std::string path = fmt::format("expected[{}]", i);
    CheckKnown(expected, path, errors);
    if (expected.stream().empty()) {
      errors.push_back(MakeError(Reason::kFieldRequired, path + ".stream", "",
                                 "Name the stream whose revision is expected."));
    } else if (!seen.insert(expected.stream()).second) {
      errors.push_back(MakeError(Reason::kFieldInvalid, path + ".stream", expected.stream(),
                                 "A stream has one expectation, this is another."));
    }
    switch (expected.expected_revision_case()) {
      case v1::Expectation::kAny:
        if (!expected.any()) {
          errors.push_back(
              MakeError(Reason::kFieldInvalid, path + ".any", "false", "Only true says anything."));
        }
        break;
      case v1::Expectation::kNoStream:
        if (!expected.no_stream()) {
          errors.push_back(MakeError(Reason::kFieldInvalid, path + ".no_stream", "false",
                                     "Only true says anything."));
        }
        break;
      case v1::Expectation::kExact:
        break;
      case v1::Expectation::EXPECTED_REVISION_NOT_SET:
        errors.push_back(MakeError(Reason::kFieldRequired, path + ".expected_revision", "",
                                   "Say any, no_stream or exact."));
        break;
    }
  }
}

}  // namespace

Errors CheckAppend(const v1::AppendRequest& request, const domain::PartyRegistry& parties,
                   const domain::Vocabulary& vocabulary) {
  Errors errors;
  CheckBatch(request, errors);
  if (!errors.empty()) return errors;  // the batch first: docs/errors.md, "Order"
  CheckExpected(request, errors);
  for (int i = 0; i < request.events_size(); ++i) {
    const v1::NewEvent& event = request.events(i);
    if (const std::size_t bytes = event.ByteSizeLong(); bytes > kEventBytesMax) {
      errors.push_back(MakeError(
          Reason::kMessageTooLarge, fmt::format("events[{}]", i), std::to_string(bytes),
          fmt::format("An event has at most {} bytes; this one has {}.", kEventBytesMax, bytes)));
      continue;
    }
    for (Error& error : domain::CheckEvent(event, parties, vocabulary)) {
      errors.push_back(std::move(error).At(fmt::format("events[{}]", i)));
    }
  }
  return errors;
}

}  // namespace entente::ingest
