// What a report says, in words: a verb with its main field, then `field value` parts.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>
#include <array>
#include <stdexcept>

#include "tests/meeting/scenario.h"

namespace entente::domain::scenarios {

namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

struct Verb {
  std::string_view words;
  const char* payload;  // field of Facts
  const char* main;     // its field that follows the verb; null: none
};

constexpr std::array kVerbs = {
    Verb{"announced", "meeting_announced", "date"},
    Verb{"scheduled", "meeting_scheduled", "date"},
    Verb{"rescheduled", "meeting_rescheduled", "new_date"},
    Verb{"postponed", "meeting_postponed", "old_date"},
    Verb{"called off", "meeting_called_off", nullptr},
    Verb{"cancelled", "meeting_cancelled", nullptr},
    Verb{"reinstated", "meeting_reinstated", "date"},
    Verb{"moved", "meeting_moved", nullptr},
    Verb{"held", "meeting_held", "date"},
    Verb{"not held", "meeting_not_held", "date"},
    Verb{"parties changed", "parties_changed", nullptr},
    Verb{"attendees", "attendees_named", "attendees"},
    Verb{"topic", "topics_tagged", "topic"},
    Verb{"outcome", "outcome_recorded", "kind"},
    Verb{"stated", "statement_made", "summary"},
    Verb{"claims", "claim_recorded", "claim"},
    Verb{"rhythm", "rhythm_agreed", "every"},
    Verb{"covers", "coverage_declared", "kind"},
    Verb{"mentioned", "mention_recorded", "day"},
    Verb{"linked", "meeting_linked", "other"},
    Verb{"merges", "meetings_merged", "absorbed"},
    Verb{"splits", "meeting_split", "event_ids"},
    Verb{"corrects", "report_corrected", "target"},
    Verb{"retracts", "report_retracted", "target"},
};

// `words` at the start of `text`, as whole words; the rest behind them.
std::optional<std::string> After(std::string_view text, std::string_view words) {
  if (!text.starts_with(words)) return std::nullopt;
  const std::string_view rest = text.substr(words.size());
  if (!rest.empty() && rest.front() != ' ') return std::nullopt;
  return Trim(rest);
}

std::string InWords(std::string_view field) {
  std::string words(field);
  std::ranges::replace(words, '_', ' ');
  return words;
}

void Set(Message& message, const FieldDescriptor& field, const std::string& value);

// 2021-04-24 last 2021-04-25 by JP
void SetDate(v1::MeetingDate& date, const std::string& value) {
  const auto words = SplitTrimmed(value, ' ');
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "last" && i + 1 < words.size()) {
      date.set_last_day(words[++i]);
    } else if (words[i] == "by" && i + 1 < words.size()) {
      date.set_stated_by(words[++i]);
    } else {
      date.set_edtf(words[i]);
    }
  }
}

// JP, IN host: the role, if any, is the last word.
void SetParty(v1::Party& party, const std::string& value) {
  const auto space = value.rfind(' ');
  v1::Party::Role role = v1::Party::unspecified;
  if (space != std::string::npos && v1::Party::Role_Parse(value.substr(space + 1), &role)) {
    party.set_name(value.substr(0, space));
    party.set_role(role);
  } else {
    party.set_name(value);
  }
}

// JP foreign-minister Toshimitsu Motegi
void SetAttendee(v1::Attendee& attendee, const std::string& value) {
  const auto first = value.find(' ');
  if (first == std::string::npos) throw std::runtime_error("an attendee is `PARTY POST [PERSON]`");
  const auto second = value.find(' ', first + 1);
  attendee.set_party(value.substr(0, first));
  attendee.set_post(
      value.substr(first + 1, second == std::string::npos ? second : second - first - 1));
  if (second != std::string::npos) attendee.set_person(Trim(value.substr(second)));
}

// nth_partner scope: kind two-plus-two, party JP, window 2021
void SetScope(v1::ClaimRecorded::Scope& scope, const std::string& value) {
  for (const auto& part : SplitTrimmed(value, ',')) {
    const auto space = part.find(' ');
    const auto* field = scope.GetDescriptor()->FindFieldByName(part.substr(0, space));
    if (!field) throw std::runtime_error("a scope has kind, party and window");
    Set(scope, *field, Trim(part.substr(space + 1)));
  }
}

void SetMessage(Message& message, const std::string& value) {
  if (auto* date = dynamic_cast<v1::MeetingDate*>(&message)) return SetDate(*date, value);
  if (auto* party = dynamic_cast<v1::Party*>(&message)) return SetParty(*party, value);
  if (auto* attendee = dynamic_cast<v1::Attendee*>(&message)) return SetAttendee(*attendee, value);
  if (auto* scope = dynamic_cast<v1::ClaimRecorded::Scope*>(&message))
    return SetScope(*scope, value);
  throw std::runtime_error("no way to write a " + message.GetDescriptor()->name());
}

// By its name, which in the schema may begin with that of its enum: `held` is status_held.
const EnumValueDescriptor& EnumValue(const FieldDescriptor& field, const std::string& value) {
  const auto& type = *field.enum_type();
  std::string name = value;
  std::ranges::replace(name, ' ', '_');
  for (int i = 0; i < type.value_count(); ++i) {
    const std::string& known = type.value(i)->name();
    if (known == name || known == "status_" + name) return *type.value(i);
  }
  throw std::runtime_error("`" + value + "` is no " + InWords(field.name()));
}

void SetRepeated(Message& message, const FieldDescriptor& field, const std::string& value) {
  const Reflection& reflection = *message.GetReflection();
  for (const auto& part : SplitTrimmed(value, ',')) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      reflection.AddString(&message, &field, part);
    } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM) {
      reflection.AddEnum(&message, &field, &EnumValue(field, part));
    } else {
      SetMessage(*reflection.AddMessage(&message, &field), part);
    }
  }
}

void Set(Message& message, const FieldDescriptor& field, const std::string& value) {
  const Reflection& reflection = *message.GetReflection();
  if (field.is_repeated()) return SetRepeated(message, field, value);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      reflection.SetString(&message, &field, value);
      break;
    case FieldDescriptor::CPPTYPE_UINT32:
      reflection.SetUInt32(&message, &field, static_cast<std::uint32_t>(std::stoul(value)));
      break;
    case FieldDescriptor::CPPTYPE_DOUBLE:
      reflection.SetDouble(&message, &field, std::stod(value));
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
      reflection.SetBool(&message, &field, value.empty() || value == "yes");
      break;
    case FieldDescriptor::CPPTYPE_ENUM:
      reflection.SetEnum(&message, &field, &EnumValue(field, value));
      break;
    case FieldDescriptor::CPPTYPE_MESSAGE:
      SetMessage(*reflection.MutableMessage(&message, &field), value);
      break;
    default:
      throw std::runtime_error("no way to write " + InWords(field.name()));
  }
}

// `field value` into the message that has such a field.
bool SetPart(Message& message, const std::string& part) {
  const Descriptor& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (const auto value = After(part, InWords(field.name()))) {
      Set(message, field, *value);
      return true;
    }
  }
  return false;
}

Message* StartPayload(v1::Facts& facts, const std::string& part) {
  for (const Verb& verb : kVerbs) {
    const auto rest = After(part, verb.words);
    if (!rest) continue;
    const auto* field = v1::Facts::descriptor()->FindFieldByName(verb.payload);
    Message* payload = v1::Facts::GetReflection()->MutableMessage(&facts, field);
    if (verb.main && !rest->empty()) {
      Set(*payload, *payload->GetDescriptor()->FindFieldByName(verb.main), *rest);
    } else if (!rest->empty()) {
      throw std::runtime_error("nothing goes behind `" + std::string(verb.words) + "` but `;`");
    }
    return payload;
  }
  return nullptr;
}

}  // namespace

v1::Facts ReadSays(std::string_view says) {
  v1::Facts facts;
  Message* payload = nullptr;
  v1::Facts* into = &facts;  // a correction's replacement once that has begun
  for (const auto& part : SplitTrimmed(says, ';')) {
    if (!payload) {
      payload = StartPayload(*into, part);
      if (!payload) throw std::runtime_error("`" + part + "` does not begin with a verb");
      if (facts.has_report_corrected())
        facts.mutable_report_corrected()->set_basis(v1::Basis::source);
      if (facts.has_report_retracted())
        facts.mutable_report_retracted()->set_basis(v1::Basis::source);
      continue;
    }
    if (facts.has_report_corrected() && into == &facts) {
      auto* replacement = facts.mutable_report_corrected()->mutable_replacement();
      if (Message* replaced = StartPayload(*replacement, part)) {
        payload = replaced;
        into = replacement;
        continue;
      }
    }
    if (SetPart(*payload, part) || SetPart(*into->mutable_meeting(), part)) continue;
    throw std::runtime_error("`" + part + "` begins with no field of this report");
  }
  if (!payload) throw std::runtime_error("the report says nothing");
  if (into->has_meeting() && into->meeting().ByteSizeLong() == 0) into->clear_meeting();
  return facts;
}

v1::Filter ReadFilter(std::string_view where) {
  v1::Filter filter;
  for (const auto& part : SplitTrimmed(where, ';')) {
    if (!SetPart(filter, part)) {
      throw std::runtime_error("`" + part + "` begins with no field of a filter");
    }
  }
  return filter;
}

}  // namespace entente::domain::scenarios
