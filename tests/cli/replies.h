// Replies as the sample history gives them, for golden texts.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "cli/render/names.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/query.pb.h"

namespace entente::cli::render {

template <class Message>
Message Read(const std::string& text) {
  Message message;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &message)) << text;
  return message;
}

inline Names BuiltInNames() {
  return {domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn()};
}

inline const char* const kAnswered = R"pb(
  answered {
    position: 22
    horizon {
      reports_from: "2021-05-05"
      reports_to: "2021-05-05"
      first_meeting: "2021-02-03"
      reports: 22
      year_unfinished: true
    }
  })pb";

// Fields of a report at page `p. N`.
inline std::string ReportAt(int position, const std::string& locator, const std::string& facts) {
  return "reports { position: " + std::to_string(position) + " event_id: 'e" +
         std::to_string(position) +
         "' recorded { seconds: 1620205267 } reported: '2021-05-05' class: media source { "
         "publisher: 'a Japanese daily' published: '2021-05-05' locator: '" +
         locator + "' class: media } facts { " + facts + " } }";
}

inline std::string MeetingFields(const std::string& id, const std::string& other) {
  return "id: 'meeting/" + id + "' kind { value: 'two-plus-two' said_by: 0 } " +
         "parties { code: 'JP' role: participant said_by: 0 } parties { code: '" + other +
         "' role: participant said_by: 0 } standing: reported " +
         "last_reported: '2021-05-05' first_reported: '2021-05-05' ";
}

}  // namespace entente::cli::render
