#include "values/error.h"

#include <gtest/gtest.h>

namespace entente {
namespace {

TEST(Error, EveryReasonSaysWhatToDoNext) {
  for (const CatalogueEntry& entry : kErrorCatalogue) {
    EXPECT_FALSE(entry.text.empty()) << entry.name;
    EXPECT_FALSE(entry.next.empty()) << entry.name;
    EXPECT_EQ(FindReason(entry.name), &entry);
    EXPECT_EQ(&Describe(entry.reason), &entry);
  }
}

TEST(Error, IsFoundByNumberToo) {
  EXPECT_EQ(FindReason("29")->name, "PARTY_UNKNOWN");
  EXPECT_EQ(FindReason("no such"), nullptr);
}

TEST(Error, SaysWhereWhatAndWhich) {
  Error error = Fail(Reason::kPartyUnknown, "name", "Jpan", "no party is called that").value();
  error.suggestions = {"JP"};
  EXPECT_EQ(std::move(error).At("parties[0]").At("events[3]").ToString(),
            "PARTY_UNKNOWN at events[3].parties[0].name: no party is called that (found \"Jpan\"); "
            "did you mean JP?");
}

// A message may be a sentence of its own; with more behind it, it is not the end.
TEST(Error, HasOneFullStopAtMost) {
  EXPECT_EQ(Fail(Reason::kConfigInvalid, "dta", "", "there is no such key.").value().ToString(),
            "CONFIG_INVALID at dta: there is no such key.");
  Error error = Fail(Reason::kConfigInvalid, "dta", "x", "there is no such key.").value();
  error.suggestions = {"data"};
  EXPECT_EQ(error.ToString(),
            "CONFIG_INVALID at dta: there is no such key (found \"x\"); did you mean data?");
}

TEST(Error, AnIndexTakesNoDot) {
  Error error = Fail(Reason::kFieldRequired, "[0].name", "", "").value();
  EXPECT_EQ(std::move(error).At("parties").field, "parties[0].name");
}

}  // namespace
}  // namespace entente
