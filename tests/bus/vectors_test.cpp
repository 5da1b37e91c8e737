// docs/protocol-vectors/: the bytes of every message, held to the codec both ways. A client in
// another language is held to the same files.
//
// ENTENTE_WRITE_VECTORS=1 rewrites the `json` and `frame` lines from what stands in the files'
// heads: for a new message, write its head by hand and run this test with it once.
#include <gmock/gmock.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/dynamic_message.h>
#include <google/protobuf/util/json_util.h>
#include <gtest/gtest.h>

#include <cctype>
#include <cstdlib>
#include <memory>
#include <set>

#include "bus/frame.h"
#include "entente/v1/error.pb.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/query.pb.h"
#include "entente/v1/subscription.pb.h"
#include "entente/v1/view.pb.h"
#include "entente/v1/wire.pb.h"
#include "values/error.h"
#include "vector_file.h"

namespace entente::bus {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::DescriptorPool;
using google::protobuf::MessageFactory;

// All schema files, so that the pool knows their messages whatever the linker leaves out.
const Descriptor* const kLinked[] = {v1::ErrorReply::descriptor(), v1::AppendRequest::descriptor(),
                                     v1::TimelineRequest::descriptor(),
                                     v1::SubscribeRequest::descriptor(),
                                     v1::ViewDelta::descriptor()};

using AnyMessage = std::unique_ptr<google::protobuf::Message>;

AnyMessage MakeEmpty(const std::string& name) {
  EXPECT_NE(kLinked[0], nullptr);
  const Descriptor* descriptor = DescriptorPool::generated_pool()->FindMessageTypeByName(name);
  if (descriptor == nullptr) return nullptr;
  return AnyMessage(MessageFactory::generated_factory()->GetPrototype(descriptor)->New());
}

AnyMessage FromJson(const std::string& name, const std::string& json) {
  AnyMessage message = MakeEmpty(name);
  EXPECT_NE(message, nullptr) << name;
  const auto status = google::protobuf::util::JsonStringToMessage(json, message.get());
  EXPECT_TRUE(status.ok()) << status.ToString() << "\n" << json;
  return message;
}

std::string ToJson(const google::protobuf::Message& message) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  std::string json;
  EXPECT_TRUE(google::protobuf::util::MessageToJsonString(message, &json, options).ok());
  return json;
}

// append_request -> AppendRequest; the one type that is not named after its message is `error`.
std::string MessageNameOf(const std::string& type) {
  if (type == "error") return "entente.v1.ErrorReply";
  std::string name = "entente.v1.";
  bool upper = true;
  for (const char c : type) {
    if (c == '_') {
      upper = true;
      continue;
    }
    name += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = false;
  }
  return name;
}

// The frames that the head describes, encoded by us.
std::vector<std::string> Encode(const VectorFile& file) {
  MessageType::Value type = MessageType::unspecified;
  EXPECT_TRUE(MessageType::Value_Parse(file.Get("type"), &type)) << file.name();
  Message message = MakeMessage(type, std::stoull(file.Get("correlation")),
                                *FromJson(file.Get("message"), file.Get("json")));
  message.header.time_left_ms = static_cast<std::uint32_t>(std::stoul(file.Get("time_left_ms")));
  for (const std::string& more : file.GetAll("more")) {
    const std::size_t space = more.find(' ');
    const AnyMessage body = FromJson(more.substr(0, space), more.substr(space + 1));
    message.body.push_back(MakeFrame(body->SerializeAsString()));
  }
  for (const std::string& hex : file.GetAll("bytes"))
    message.body.push_back(MakeFrame(FromHex(hex)));
  message.header.body_frames = static_cast<std::uint16_t>(message.body.size());

  std::vector<std::string> frames;
  if (const auto topic = file.Find("topic")) frames.push_back(*topic);
  frames.push_back(EncodeHeader(message.header));
  for (const zmq::message_t& frame : message.body) frames.push_back(frame.to_string());
  return frames;
}

std::vector<std::string> Hex(std::vector<std::string> frames) {
  for (std::string& frame : frames) frame = ToHex(frame);
  return frames;
}

TEST(ProtocolVectors, EncodingGivesTheBytes) {
  const bool rewrite = std::getenv("ENTENTE_WRITE_VECTORS") != nullptr;
  for (VectorFile file : VectorFile::ReadAll()) {
    if (file.malformed()) continue;
    EXPECT_EQ(file.Get("name"), file.name());
    if (rewrite) {
      std::erase_if(file.lines, [](const auto& line) { return line.first == "frame"; });
      for (auto& [key, value] : file.lines) {
        if (key == "json") value = ToJson(*FromJson(file.Get("message"), value));
      }
      for (std::string& hex : Hex(Encode(file))) file.lines.emplace_back("frame", std::move(hex));
      file.Write();
    }
    EXPECT_EQ(Hex(Encode(file)), file.GetAll("frame")) << file.name();
  }
}

TEST(ProtocolVectors, DecodingGivesTheJson) {
  for (const VectorFile& file : VectorFile::ReadAll()) {
    if (file.malformed()) continue;
    std::vector<std::string> frames = file.GetAll("frame");
    for (std::string& frame : frames) frame = FromHex(frame);
    if (const auto topic = file.Find("topic")) {
      ASSERT_EQ(frames.front(), *topic);
      frames.erase(frames.begin());
    }
    ASSERT_GE(frames.size(), 2U) << file.name();
    const auto header = DecodeHeader(frames[0]);
    ASSERT_TRUE(header) << file.name() << header.error().ToString();
    EXPECT_EQ(MessageType::Value_Name(header->type), file.Get("type"));
    EXPECT_EQ(MessageNameOf(file.Get("type")), file.Get("message"));
    EXPECT_EQ(std::to_string(header->correlation), file.Get("correlation"));
    EXPECT_EQ(std::to_string(header->time_left_ms), file.Get("time_left_ms"));
    EXPECT_EQ(header->body_frames, frames.size() - 1) << file.name();
    AnyMessage body = MakeEmpty(file.Get("message"));
    ASSERT_TRUE(body->ParseFromString(frames[1])) << file.name();
    EXPECT_EQ(ToJson(*body), file.Get("json")) << file.name();
  }
}

TEST(ProtocolVectors, EveryTypeHasOne) {
  std::set<std::string> seen;
  for (const VectorFile& file : VectorFile::ReadAll()) {
    if (const auto type = file.Find("type")) seen.insert(*type);
  }
  const auto* types = MessageType::Value_descriptor();
  for (int i = 0; i < types->value_count(); ++i) {
    const std::string name = types->value(i)->name();
    if (name == "unspecified") continue;
    EXPECT_TRUE(seen.count(name) != 0)
        << "docs/protocol-vectors has no message of type " << name << ": write one.";
    EXPECT_NE(MakeEmpty(MessageNameOf(name)), nullptr)
        << "No message is called " << MessageNameOf(name) << ", as type " << name << " needs.";
  }
}

TEST(ProtocolVectors, EveryReasonHasOne) {
  std::set<Reason> seen;
  for (const VectorFile& file : VectorFile::ReadAll()) {
    if (!file.name().starts_with("error-")) continue;
    Message message;
    message.header = *DecodeHeader(FromHex(file.GetAll("frame").at(0)));
    message.body.push_back(MakeFrame(FromHex(file.GetAll("frame").at(1))));
    for (const Error& error : ErrorsOf(message)) seen.insert(error.reason);
  }
  for (const CatalogueEntry& entry : kErrorCatalogue) {
    EXPECT_TRUE(seen.count(entry.reason) != 0)
        << "docs/protocol-vectors has no error of reason " << entry.name << ": write one.";
  }
}

// Fields and values of enums by their full names.
using Names = std::set<std::string>;

// All that a message of this type may hold; Google's own messages are whole.
void AddAllOf(const Descriptor* type, Names* messages, Names* fields, Names* values) {
  if (type->full_name().starts_with("google.") || !messages->insert(type->full_name()).second) {
    return;
  }
  for (int i = 0; i < type->field_count(); ++i) {
    const google::protobuf::FieldDescriptor* field = type->field(i);
    fields->insert(field->full_name());
    if (field->message_type() != nullptr) {
      AddAllOf(field->message_type(), messages, fields, values);
    }
    if (field->enum_type() == nullptr) continue;
    for (int v = 1; v < field->enum_type()->value_count(); ++v) {  // 0 is "unspecified"
      values->insert(field->enum_type()->value(v)->full_name());
    }
  }
}

void AddSet(const google::protobuf::Message& message, Names* fields, Names* values) {
  const google::protobuf::Reflection* see = message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> set;
  see->ListFields(message, &set);
  for (const google::protobuf::FieldDescriptor* field : set) {
    fields->insert(field->full_name());
    const int count = field->is_repeated() ? see->FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->message_type() != nullptr) {
        AddSet(field->is_repeated() ? see->GetRepeatedMessage(message, field, i)
                                    : see->GetMessage(message, field),
               fields, values);
      } else if (field->enum_type() != nullptr) {
        values->insert((field->is_repeated() ? see->GetRepeatedEnum(message, field, i)
                                             : see->GetEnum(message, field))
                           ->full_name());
      }
    }
  }
}

struct Coverage {
  Names fields, values;          // of all messages that travel
  Names set_fields, set_values;  // in some vector
};

Coverage CoverageOfVectors() {
  Coverage all;
  Names messages;
  const auto* types = MessageType::Value_descriptor();
  for (int i = 1; i < types->value_count(); ++i) {
    AddAllOf(MakeEmpty(MessageNameOf(types->value(i)->name()))->GetDescriptor(), &messages,
             &all.fields, &all.values);
  }
  for (const VectorFile& file : VectorFile::ReadAll()) {
    if (file.malformed()) continue;
    AddSet(*FromJson(file.Get("message"), file.Get("json")), &all.set_fields, &all.set_values);
    for (const std::string& more : file.GetAll("more")) {
      const std::size_t space = more.find(' ');
      const AnyMessage body = FromJson(more.substr(0, space), more.substr(space + 1));
      AddAllOf(body->GetDescriptor(), &messages, &all.fields, &all.values);
      AddSet(*body, &all.set_fields, &all.set_values);
    }
  }
  return all;
}

TEST(ProtocolVectors, EveryFieldIsInOne) {
  const Names never_sent = {
      // The number of an interned source, as the views keep it; replies hold the source itself.
      "entente.v1.Report.source_id",
      // The server's own events are of no subject, so no view keeps them as facts.
      "entente.v1.Facts.clock_adjusted",
      "entente.v1.Facts.event_erased",
  };
  const Coverage all = CoverageOfVectors();
  for (const std::string& field : all.fields) {
    EXPECT_NE(all.set_fields.contains(field), never_sent.contains(field))
        << field
        << (never_sent.contains(field)
                ? " is said never to be sent, and a vector has it."
                : " is in no file of docs/protocol-vectors: write one, or add to one.");
  }
}

TEST(ProtocolVectors, EveryValueIsInOne) {
  const Coverage all = CoverageOfVectors();
  for (const std::string& value : all.values) {
    EXPECT_TRUE(all.set_values.contains(value))
        << value << " is in no file of docs/protocol-vectors: write one, or add to one.";
  }
}

// Whatever of a message is missing, it is refused and not misread.
TEST(ProtocolVectors, CutAnywhereTheyAreRefusedOrStillWellFormed) {
  for (const VectorFile& file : VectorFile::ReadAll()) {
    if (file.malformed()) continue;
    const std::size_t at = file.Find("topic") ? 1 : 0;
    const std::string header = FromHex(file.GetAll("frame").at(at));
    for (std::size_t length = 0; length < header.size(); ++length) {
      EXPECT_FALSE(DecodeHeader(header.substr(0, length)));
    }
    const std::string body = FromHex(file.GetAll("frame").at(at + 1));
    AnyMessage parsed = MakeEmpty(file.Get("message"));
    for (std::size_t length = 0; length < body.size(); ++length) {
      Message cut;
      cut.body.push_back(MakeFrame(std::string_view(body).substr(0, length)));
      const Status status = ParseBody(cut, parsed.get());
      // Protobuf has no end mark: cut between two fields it is a shorter message.
      if (status) {
        EXPECT_LT(parsed->ByteSizeLong(), body.size()) << file.name();
      } else {
        EXPECT_EQ(status.error().reason, Reason::kMessageMalformed);
      }
    }
  }
}

}  // namespace
}  // namespace entente::bus
