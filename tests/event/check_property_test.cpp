// What holds for every field, whatever its rule: found by reflection, so that a field added to
// event.proto without a check fails here. Then random events.
#include <google/protobuf/message.h>
#include <google/protobuf/stubs/logging.h>
#include <google/protobuf/unknown_field_set.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "domain/dates/uncertain_date.h"
#include "tests/event/expect_faults.h"
#include "tests/event/sample_events.h"

namespace entente::domain {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

std::string Join(const std::string& path, const std::string& name) {
  return path.empty() ? name : path + "." + name;
}

// Calls `visit(message, path)` for the message and every message in it.
void EachMessage(Message& message, const std::string& path,
                 const std::function<void(Message&, const std::string&)>& visit) {
  visit(message, path);
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    if (field->cpp_type() != FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::string name = Join(path, field->name());
    if (!field->is_repeated()) {
      EachMessage(*reflection.MutableMessage(&message, field), name, visit);
      continue;
    }
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      EachMessage(*reflection.MutableRepeatedMessage(&message, field, i),
                  name + "[" + std::to_string(i) + "]", visit);
    }
  }
}

bool Finds(const v1::NewEvent& event, const std::string& path) {
  for (const Error& error : Check(event)) {
    if (error.field == path) return true;
  }
  return false;
}

// Whether the event with this one string set to `value` has a fault exactly there.
void ExpectEveryTextRefuses(const std::string& value) {
  for (const SampleEvent& sample : SampleEvents()) {
    v1::NewEvent event = sample.event;
    EachMessage(event, "", [&](Message& message, const std::string& path) {
      const Reflection& reflection = *message.GetReflection();
      std::vector<const FieldDescriptor*> fields;
      reflection.ListFields(message, &fields);
      for (const FieldDescriptor* field : fields) {
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_STRING) continue;
        const std::string name = Join(path, field->name());
        if (!field->is_repeated()) {
          const std::string before = reflection.GetString(message, field);
          reflection.SetString(&message, field, value);
          EXPECT_TRUE(Finds(event, name)) << sample.name << ": " << name;
          reflection.SetString(&message, field, before);
          continue;
        }
        for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
          const std::string before = reflection.GetRepeatedString(message, field, i);
          reflection.SetRepeatedString(&message, field, i, value);
          const std::string item = name + "[" + std::to_string(i) + "]";
          EXPECT_TRUE(Finds(event, item)) << sample.name << ": " << item;
          reflection.SetRepeatedString(&message, field, i, before);
        }
      }
    });
  }
}

TEST(EveryText, IsUtf8) { ExpectEveryTextRefuses("caf\xc3"); }
TEST(EveryText, HasNoControlCharacters) {
  // Escape, delete within eight bytes and in the rest, and one of the upper controls.
  for (const char* text : {"a\x1b[31mred",
                           "abcd\x7f"
                           "efghi",
                           "a\x7f", "a\xc2\x85"}) {
    ExpectEveryTextRefuses(text);
  }
}
TEST(EveryText, HasALongest) { ExpectEveryTextRefuses(std::string(8001, 'a')); }

TEST(EveryMessage, RefusesUnknownFields) {
  for (const SampleEvent& sample : SampleEvents()) {
    v1::NewEvent event = sample.event;
    EachMessage(event, "", [&](Message& message, const std::string& path) {
      auto& unknown = *message.GetReflection()->MutableUnknownFields(&message);
      unknown.AddVarint(9999, 1);
      const Errors errors = Check(event);
      ASSERT_EQ(errors.size(), 1u) << sample.name << ": " << path;
      EXPECT_EQ(errors[0].reason, Reason::kFieldUnknown);
      EXPECT_EQ(errors[0].field, path);
      EXPECT_EQ(errors[0].value, "9999");
      unknown.Clear();
    });
  }
}

TEST(EveryEnum, RefusesValuesItDoesNotHave) {
  for (const SampleEvent& sample : SampleEvents()) {
    v1::NewEvent event = sample.event;
    EachMessage(event, "", [&](Message& message, const std::string& path) {
      const Reflection& reflection = *message.GetReflection();
      for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
        const FieldDescriptor* field = message.GetDescriptor()->field(i);
        if (field->cpp_type() != FieldDescriptor::CPPTYPE_ENUM) continue;
        const int before = reflection.GetEnumValue(message, field);
        reflection.SetEnumValue(&message, field, 99);
        EXPECT_TRUE(Finds(event, Join(path, field->name()))) << sample.name << ": " << path;
        reflection.SetEnumValue(&message, field, before);
      }
    });
  }
}

// The three tests above are worth as much as the samples are complete.
TEST(Samples, HoldEveryFieldAClientMaySend) {
  std::set<std::string> filled;
  for (const SampleEvent& sample : SampleEvents()) {
    v1::NewEvent event = sample.event;
    EachMessage(event, "", [&](Message& message, const std::string&) {
      std::vector<const FieldDescriptor*> fields;
      message.GetReflection()->ListFields(message, &fields);
      for (const FieldDescriptor* field : fields) filled.insert(field->full_name());
    });
  }
  std::set<const Descriptor*> seen;
  const std::function<void(const Descriptor*)> expect = [&](const Descriptor* type) {
    if (!seen.insert(type).second) return;
    for (int i = 0; i < type->field_count(); ++i) {
      const FieldDescriptor* field = type->field(i);
      const bool server_only = field->name() == "clock_adjusted" || field->name() == "event_erased";
      if (server_only) continue;
      // A replacement holds one payload only; all of them are seen in NewEvent.
      if (type->name() != "Facts") {
        EXPECT_TRUE(filled.contains(field->full_name())) << field->full_name();
      }
      if (field->message_type() != nullptr) expect(field->message_type());
    }
  };
  expect(v1::NewEvent::descriptor());
}

bool Same(const Errors& a, const Errors& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Error& x, const Error& y) {
    return x.ToString() == y.ToString() && x.field == y.field && x.value == y.value;
  });
}

RC_GTEST_PROP(RandomEvents, AreCheckedAlikeEveryTime, ()) {
  const auto& samples = SampleEvents();
  std::string bytes =
      samples[*rc::gen::inRange<std::size_t>(0, samples.size())].event.SerializeAsString();
  // Some bytes changed, some cut, some doubled.
  const int changes = *rc::gen::inRange(1, 8);
  for (int i = 0; i < changes && !bytes.empty(); ++i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, bytes.size());
    switch (*rc::gen::inRange(0, 3)) {
      case 0:
        bytes[at] = static_cast<char>(*rc::gen::inRange(0, 256));
        break;
      case 1:
        bytes.erase(at, *rc::gen::inRange<std::size_t>(1, 9));
        break;
      default:
        bytes.insert(at, bytes.substr(at, *rc::gen::inRange<std::size_t>(1, 40)));
    }
  }
  const google::protobuf::LogSilencer silence;
  v1::NewEvent event;
  // What does not parse is refused before; what was read until then is an event all the same.
  (void)event.ParsePartialFromString(bytes);
  const Errors errors = Check(event);
  RC_ASSERT(Same(errors, Check(v1::NewEvent(event))));
  for (const Error& error : errors) RC_ASSERT(error.value.size() <= 200);
}

// The short way for plain dates accepts nothing that the full grammar refuses.
RC_GTEST_PROP(PlainDates, AreThoseOfTheGrammar, ()) {
  const auto digit = [] { return static_cast<char>('0' + *rc::gen::inRange(0, 4)); };
  std::string text = {digit(), digit(), digit(), digit(), '-', digit(), digit()};
  if (*rc::gen::arbitrary<bool>()) text += {'-', digit(), digit()};
  if (*rc::gen::inRange(0, 8) == 0) {
    text[*rc::gen::inRange<std::size_t>(0, text.size())] =
        *rc::gen::elementOf(std::string("-/X~ 9"));
  }
  v1::NewEvent event = EventFromText("meeting_held {}");
  event.mutable_meeting_held()->mutable_date()->set_edtf(text);
  RC_ASSERT(Check(event).empty() == UncertainDate::Parse(text).has_value());
}

}  // namespace
}  // namespace entente::domain
