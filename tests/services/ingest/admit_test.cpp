#include "services/ingest/admit.h"

#include <gtest/gtest.h>

#include <functional>

#include "events.h"

namespace entente::ingest {
namespace {

Errors Check(const v1::AppendRequest& request) {
  return CheckAppend(request, domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn());
}

// "REASON field; …"
std::string Shown(const Errors& errors) {
  std::string text;
  for (const Error& error : errors) {
    if (!text.empty()) text += "; ";
    text += std::string(Describe(error.reason).name) + " " + error.field;
  }
  return text;
}

TEST(Admit, WhatIsWellFormed) {
  v1::AppendRequest request = Batch({Postponed("a"), Postponed("b")});
  EXPECT_EQ(Shown(Check(request)), "");
  request.set_dry_run(true);
  v1::Expectation* expected = request.add_expected();
  expected->set_stream("meeting/jp-in-two-plus-two-2021-04");
  expected->set_no_stream(true);
  EXPECT_EQ(Shown(Check(request)), "");
}

TEST(Admit, FaultsHavePathsFromTheRequestOn) {
  struct Case {
    std::string situation;
    std::function<void(v1::AppendRequest&)> change;
    std::string faults;
  };
  const auto expect = [](v1::AppendRequest& request) {
    v1::Expectation* expected = request.add_expected();
    expected->set_stream("meeting/abc");
    return expected;
  };
  const Case cases[] = {
      {"no events", [](auto& r) { r.clear_events(); }, "FIELD_REQUIRED events"},
      {"a field of a newer request",
       [](auto& r) { r.GetReflection()->MutableUnknownFields(&r)->AddVarint(99, 1); },
       "FIELD_UNKNOWN "},
      {"an expectation without a stream", [](auto& r) { r.add_expected()->set_any(true); },
       "FIELD_REQUIRED expected[0].stream"},
      {"an expectation of nothing", [&](auto& r) { expect(r); },
       "FIELD_REQUIRED expected[0].expected_revision"},
      {"any, but not", [&](auto& r) { expect(r)->set_any(false); },
       "FIELD_INVALID expected[0].any"},
      {"no stream, but not", [&](auto& r) { expect(r)->set_no_stream(false); },
       "FIELD_INVALID expected[0].no_stream"},
      {"two expectations of one stream",
       [&](auto& r) { expect(r)->set_exact(1), expect(r)->set_exact(2); },
       "FIELD_INVALID expected[1].stream"},
      {"a field of a newer expectation",
       [&](auto& r) {
         v1::Expectation* expected = expect(r);
         expected->set_any(true);
         expected->GetReflection()->MutableUnknownFields(expected)->AddVarint(99, 1);
       },
       "FIELD_UNKNOWN expected[0]"},
      {"an event that is too large",
       [](auto& r) { r.mutable_events(1)->mutable_source()->set_title(std::string(1 << 20, 'x')); },
       "MESSAGE_TOO_LARGE events[1]"},
      {"faults of several events, in their order",
       [](auto& r) {
         r.mutable_events(0)->set_stream("meetings/x");
         r.mutable_events(1)->mutable_meeting_postponed()->mutable_old_date()->set_edtf(
             "2021-02-30");
         r.mutable_events(2)->mutable_meeting()->mutable_parties(0)->set_name("Atlantis");
       },
       "STREAM_INVALID events[0].stream; "
       "DATE_INVALID events[1].meeting_postponed.old_date.edtf; "
       "PARTY_UNKNOWN events[2].meeting.parties[0].name"},
      {"expectations and events that are wrong",
       [&](auto& r) {
         expect(r);
         r.mutable_events(0)->set_id("a b");
       },
       "FIELD_REQUIRED expected[0].expected_revision; EVENT_ID_INVALID events[0].id"},
  };
  for (const Case& c : cases) {
    v1::AppendRequest request = Batch({Postponed("a"), Postponed("b"), Postponed("c")});
    c.change(request);
    EXPECT_EQ(Shown(Check(request)), c.faults) << c.situation;
  }
}

TEST(Admit, ABatchHasItsLimit) {
  v1::AppendRequest request;
  for (int i = 0; i < kBatchEventsMax; ++i) *request.add_events() = Postponed(std::to_string(i));
  EXPECT_EQ(Shown(Check(request)), "");
  *request.add_events() = Postponed("one-more");
  EXPECT_EQ(Shown(Check(request)), "MESSAGE_TOO_LARGE events");
}

}  // namespace
}  // namespace entente::ingest
