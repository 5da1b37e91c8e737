// What the schema promises about itself and the compiler does not check.
#include <google/protobuf/descriptor.h>
#include <gtest/gtest.h>

#include <cctype>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "entente/v1/error.pb.h"
#include "entente/v1/error_reason.pb.h"
#include "entente/v1/event.pb.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/query.pb.h"
#include "entente/v1/stored_group.pb.h"
#include "entente/v1/subscription.pb.h"
#include "entente/v1/view.pb.h"
#include "entente/v1/wire.pb.h"

namespace entente {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::FileDescriptor;

const std::vector<const FileDescriptor*>& Files() {
  static const std::vector<const FileDescriptor*> files = {
      v1::NewEvent::descriptor()->file(),         v1::Error::descriptor()->file(),
      v1::Reason::descriptor()->file(),           v1::AppendRequest::descriptor()->file(),
      v1::Meeting::descriptor()->file(),          v1::TimelineRequest::descriptor()->file(),
      v1::SubscribeRequest::descriptor()->file(), v1::StoredGroup::descriptor()->file(),
      v1::ViewDelta::descriptor()->file(),        v1::MessageType::descriptor()->file()};
  return files;
}

void Visit(const Descriptor* message, const std::function<void(const Descriptor*)>& visit) {
  visit(message);
  for (int i = 0; i < message->nested_type_count(); ++i) Visit(message->nested_type(i), visit);
}

void VisitAll(const std::function<void(const Descriptor*)>& visit) {
  for (const FileDescriptor* file : Files()) {
    for (int i = 0; i < file->message_type_count(); ++i) Visit(file->message_type(i), visit);
  }
}

TEST(Schema, IsLookedAtWhole) {
  std::set<std::string> looked_at;
  for (const FileDescriptor* file : Files()) looked_at.insert(file->name());
  const std::filesystem::path root(ENTENTE_SOURCE_DIR "/proto");
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    if (entry.path().extension() != ".proto") continue;
    ++files;
    const std::string name = entry.path().lexically_relative(root).generic_string();
    EXPECT_TRUE(looked_at.contains(name)) << name << ": add a message of it to Files()";
  }
  EXPECT_EQ(files, looked_at.size());
}

TEST(Schema, FactsAreAnEventsMeetingAndPayloadUnderTheSameNumbers) {
  const Descriptor* event = v1::NewEvent::descriptor();
  const Descriptor* facts = v1::Facts::descriptor();
  std::set<std::string> of_event;
  std::set<std::string> of_facts;
  const auto line = [](const FieldDescriptor* field) {
    return std::to_string(field->number()) + " " + field->name() + " " +
           field->message_type()->full_name();
  };
  for (int i = 0; i < event->oneof_decl(0)->field_count(); ++i) {
    of_event.insert(line(event->oneof_decl(0)->field(i)));
  }
  of_event.insert(line(event->FindFieldByName("meeting")));
  for (int i = 0; i < facts->field_count(); ++i) of_facts.insert(line(facts->field(i)));
  EXPECT_EQ(of_event, of_facts);
}

TEST(Schema, ContentComesBeforeCarriage) {
  const std::set<std::string> carriage = {"id", "origin", "correlation_id", "causation_id",
                                          "backfill"};
  const Descriptor* event = v1::NewEvent::descriptor();
  for (int i = 0; i < event->field_count(); ++i) {
    const FieldDescriptor* field = event->field(i);
    EXPECT_EQ(field->number() >= 100, carriage.contains(field->name()))
        << field->name() << ": content has numbers 1 to 99, carriage 100 to 199";
  }
}

TEST(Schema, HoldsNoMapsSoThatSerialisingIsDeterministic) {
  VisitAll([](const Descriptor* message) {
    for (int i = 0; i < message->field_count(); ++i) {
      EXPECT_FALSE(message->field(i)->is_map()) << message->field(i)->full_name();
    }
  });
}

TEST(Schema, EveryEnumBeginsUnspecified) {
  VisitAll([](const Descriptor* message) {
    for (int i = 0; i < message->enum_type_count(); ++i) {
      const EnumDescriptor* type = message->enum_type(i);
      ASSERT_NE(type->FindValueByNumber(0), nullptr) << type->full_name();
      EXPECT_TRUE(type->FindValueByNumber(0)->name().ends_with("unspecified"))
          << type->full_name() << ": call its zero `unspecified`";
    }
  });
}

TEST(Schema, EveryMessageTypeNamesAMessage) {
  const EnumDescriptor* types = v1::MessageType::Value_descriptor();
  std::set<std::string> messages;
  VisitAll([&](const Descriptor* message) { messages.insert(message->name()); });
  for (int i = 1; i < types->value_count(); ++i) {
    std::string camel;
    bool up = true;
    for (const char c : types->value(i)->name()) {
      if (c == '_') {
        up = true;
      } else {
        camel += up ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
        up = false;
      }
    }
    EXPECT_TRUE(messages.contains(camel) || messages.contains(camel + "Reply"))
        << types->value(i)->name() << ": there is no message " << camel;
  }
}

}  // namespace
}  // namespace entente
