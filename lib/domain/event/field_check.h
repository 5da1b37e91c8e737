// Checks of single fields, and the list of faults they fill. Only the event checks use it.
#pragma once

#include <google/protobuf/message.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/event/limits.h"
#include "domain/event/stream_name.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "values/error.h"

namespace entente::domain {

// Where a field stands, as a chain on the stack: nothing is written out unless there is a fault.
// Never outlives the expression that made it.
class FieldPath {
 public:
  FieldPath() = default;
  FieldPath operator/(std::string_view name) const { return FieldPath(this, name, kNoIndex); }
  FieldPath operator[](std::size_t index) const { return FieldPath(this, {}, index); }
  std::string ToString() const;  // meeting.parties[0].name

 private:
  static constexpr std::size_t kNoIndex = static_cast<std::size_t>(-1);
  FieldPath(const FieldPath* parent, std::string_view name, std::size_t index)
      : parent_(parent), name_(name), index_(index) {}

  const FieldPath* parent_ = nullptr;
  std::string_view name_;
  std::size_t index_ = kNoIndex;
};

enum class Need { kOptional, kRequired };

// Collects the faults of one event. An empty field is a fault only where it is required. Values
// are echoed in faults up to 200 bytes.
class FieldCheck {
 public:
  FieldCheck(const PartyRegistry& parties, const Vocabulary& vocabulary)
      : parties_(parties), vocabulary_(vocabulary) {}

  // The faults in the order of docs/errors.md, those of one reason as they were found.
  Errors Finish() &&;

  void Fault(const FieldPath& at, Reason reason, std::string_view value, std::string message,
             std::vector<std::string> suggestions = {});
  void Fault(const FieldPath& at, Error error);

  // FIELD_UNKNOWN if the message (not those in it) holds a field we have no name for.
  template <class Message>
  void NoUnknownFields(const FieldPath& at, const Message& message) {
    static const google::protobuf::Reflection* const reflection =
        Message::default_instance().GetReflection();
    const auto& unknown = reflection->GetUnknownFields(message);
    if (!unknown.empty()) UnknownField(at, unknown.field(0).number());
  }
  // FIELD_INVALID if a sender of another version used a value that the enum does not have.
  template <class Enum>
  void InEnum(const FieldPath& at, Enum value, bool (*is_valid)(int)) {
    if (!is_valid(value)) {
      Fault(at, Reason::kFieldInvalid, std::to_string(static_cast<int>(value)),
            "no value of this number is known");
    }
  }

  // Each returns whether a value is there and sound.
  bool Given(const FieldPath& at, std::string_view text, Need need);
  // UTF-8 without control characters, at most `bytes_max`.
  bool Line(const FieldPath& at, std::string_view text, std::size_t bytes_max = kLineBytes,
            Need need = Need::kOptional);
  // The same, where line breaks and tabs are welcome.
  bool Prose(const FieldPath& at, std::string_view text, Need need = Need::kOptional);
  bool Url(const FieldPath& at, std::string_view text);
  bool LanguageTag(const FieldPath& at, std::string_view text);
  bool EventId(const FieldPath& at, std::string_view text, Need need);
  bool Date(const FieldPath& at, std::string_view edtf, Need need = Need::kOptional);
  bool SingleDay(const FieldPath& at, std::string_view iso, Need need = Need::kOptional);
  bool Time(const FieldPath& at, std::string_view text);
  bool DurationText(const FieldPath& at, std::string_view text, Need need = Need::kOptional);
  bool Party(const FieldPath& at, std::string_view name, Need need = Need::kOptional);
  const Word* WordIn(const FieldPath& at, WordList list, std::string_view word,
                     Need need = Need::kOptional);
  // A stream with a name of the right form that names known words and parties by their canonical
  // form, and is not the server's own.
  std::optional<StreamName> Stream(const FieldPath& at, std::string_view text);
  // The same, and a meeting's.
  bool MeetingStream(const FieldPath& at, std::string_view text);
  bool ListSize(const FieldPath& at, int items);

 private:
  bool Fits(const FieldPath& at, std::string_view text, std::size_t bytes_max, bool lines);
  void UnknownField(const FieldPath& at, int number);
  bool CanonicalParty(const FieldPath& at, std::string_view stream, std::string_view code);
  bool CanonicalWord(const FieldPath& at, WordList list, std::string_view stream,
                     std::string_view id);

  const PartyRegistry& parties_;
  const Vocabulary& vocabulary_;
  Errors faults_;
  std::size_t bytes_ = 0;
};

}  // namespace entente::domain
