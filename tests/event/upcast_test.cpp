// Payloads of earlier versions are read through all steps up to the present one, and no others.
#include "domain/event/upcast.h"

#include <gtest/gtest.h>

namespace entente::domain {
namespace {

constexpr std::uint32_t kPostponed = v1::NewEvent::kMeetingPostponedFieldNumber;
constexpr std::uint32_t kHeld = v1::NewEvent::kMeetingHeldFieldNumber;

// As if two versions of `meeting_postponed` had been written once: in the first the reason was
// spelt in capitals, in the second a postponement without a word of until when meant "2099".
Upcasters Three() {
  return Upcasters({{{kPostponed, 1},
                     [](v1::NewEvent* event) -> Status {
                       std::string& reason = *event->mutable_meeting_postponed()->mutable_reason();
                       if (reason == "?")
                         return Fail(Reason::kWordUnknown, "reason", reason, "no reason at all");
                       for (char& letter : reason) letter = static_cast<char>(letter | 0x20);
                       return {};
                     }},
                    {{kPostponed, 2}, [](v1::NewEvent* event) -> Status {
                       auto* until = event->mutable_meeting_postponed()->mutable_until();
                       if (until->empty()) *until = "2099";
                       return {};
                     }}});
}

v1::NewEvent Postponed(const std::string& reason) {
  v1::NewEvent event;
  event.mutable_meeting_postponed()->set_reason(reason);
  return event;
}

TEST(Upcast, EachVersionGoesThroughTheStepsThatItLacks) {
  const Upcasters upcasters = Three();
  EXPECT_EQ(upcasters.CurrentVersion(kPostponed), 3U);
  EXPECT_EQ(upcasters.CurrentVersion(kHeld), 1U);
  struct {
    std::uint32_t version;
    bool raised;
    const char* reason;
    const char* until;
  } const cases[] = {
      {1, true, "epidemic", "2099"}, {2, true, "EPIDEMIC", "2099"}, {3, false, "EPIDEMIC", ""}};
  for (const auto& one : cases) {
    v1::NewEvent event = Postponed("EPIDEMIC");
    const auto raised = upcasters.BringUp(kPostponed, one.version, &event);
    ASSERT_TRUE(raised) << raised.error().ToString();
    EXPECT_EQ(*raised, one.raised) << one.version;
    EXPECT_EQ(event.meeting_postponed().reason(), one.reason) << one.version;
    EXPECT_EQ(event.meeting_postponed().until(), one.until) << one.version;
  }
}

TEST(Upcast, AVersionThatOnlyALaterProgramReadsIsRefused) {
  for (const std::uint32_t version : {0U, 4U}) {
    v1::NewEvent event = Postponed("epidemic");
    const auto raised = Three().BringUp(kPostponed, version, &event);
    ASSERT_FALSE(raised) << version;
    EXPECT_EQ(raised.error().reason, Reason::kUnsupported);
  }
  v1::NewEvent event = Postponed("epidemic");
  EXPECT_FALSE(Upcasters::BuiltIn().BringUp(kPostponed, 2, &event));
  EXPECT_FALSE(*Upcasters::BuiltIn().BringUp(kPostponed, 1, &event)) << "nothing to do";
}

TEST(Upcast, WhatAStepFindsWrongIsSaid) {
  v1::NewEvent event = Postponed("?");
  const auto raised = Three().BringUp(kPostponed, 1, &event);
  ASSERT_FALSE(raised);
  EXPECT_EQ(raised.error().reason, Reason::kWordUnknown);
}

}  // namespace
}  // namespace entente::domain
