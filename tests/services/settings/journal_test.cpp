#include "services/settings/journal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace entente::settings {
namespace {

TEST(Journal, FieldsAreQuotedWhereNeeded) {
  EXPECT_EQ(FormatFields({{"position", std::uint64_t{17}}, {"stream", "meeting/a-b"}}),
            "position=17 stream=meeting/a-b");
  EXPECT_EQ(FormatFields({{"a", ""}, {"b", "two words"}, {"c", "x=\"y\"\\\n\x01"}}),
            R"(a="" b="two words" c="x=\"y\"\\\n\x01")");
}

TEST(Journal, IsSilentUntilOpened) {
  const Journal journal("ingest");
  testing::internal::CaptureStderr();
  journal.Info("unheard");
  OpenJournal("info");
  journal.Debug("too fine");
  journal.Info("taking requests", {{"endpoint", "tcp://127.0.0.1:1"}});
  journal.Failed("stopped", Fail(Reason::kStoreBusy, "data", "", "Held by 7.").value());
  const std::string text = testing::internal::GetCapturedStderr();
  EXPECT_THAT(text, testing::MatchesRegex(
                        "time=[0-9-]+T[0-9:]+\\.[0-9]+Z level=info service=ingest "
                        "event=\"taking requests\" endpoint=tcp://127.0.0.1:1\n"
                        "time=[^ ]+ level=error service=ingest event=stopped reason=STORE_BUSY "
                        "error=\"STORE_BUSY at data: Held by 7.\"\n"));
}

}  // namespace
}  // namespace entente::settings
