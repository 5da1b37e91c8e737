// Parts that several payloads share: dates, parties, attendees, topics.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>
#include <string_view>

#include "domain/event/field_check.h"
#include "entente/v1/event.pb.h"

namespace entente::domain {

template <class Message>
using Repeated = google::protobuf::RepeatedPtrField<Message>;

// Calls each(path, text) for every entry of a list of strings, unless the list is too long.
template <class Each>
void ForEach(FieldCheck& check, const FieldPath& at, const Repeated<std::string>& texts,
             Each each) {
  if (!check.ListSize(at, texts.size())) return;
  for (int i = 0; i < texts.size(); ++i) each(at[static_cast<std::size_t>(i)], texts[i]);
}

// A date that is absent is empty.
void CheckDate(FieldCheck& check, const FieldPath& at, const v1::MeetingDate& date,
               Need need = Need::kOptional);
void CheckMode(FieldCheck& check, const FieldPath& at, v1::Mode::Value mode);
void CheckReason(FieldCheck& check, const FieldPath& at, std::string_view reason);
void CheckParties(FieldCheck& check, const FieldPath& at, const Repeated<v1::Party>& parties);
void CheckAttendees(FieldCheck& check, const FieldPath& at,
                    const Repeated<v1::Attendee>& attendees);
void CheckTopics(FieldCheck& check, const FieldPath& at, const Repeated<std::string>& topics);
// `use` is "topic" or "meeting": what the relation must be made for.
void CheckRelation(FieldCheck& check, const FieldPath& at, std::string_view relation,
                   std::string_view use);
void CheckIdentity(FieldCheck& check, const FieldPath& at, const v1::MeetingIdentity& meeting);

}  // namespace entente::domain
