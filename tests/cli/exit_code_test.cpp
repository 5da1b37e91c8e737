#include "cli/exit_code.h"

#include <gtest/gtest.h>

namespace entente::cli {
namespace {

TEST(ExitCode, TellsWhatToDoNext) {
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kPartyUnknown, "", "", "").value()), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kIdConflict, "", "", "").value()), ExitCode::kRefused);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kUnreachable, "", "", "").value()), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kPositionAhead, "", "", "").value()), ExitCode::kUnreachable);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kNotFound, "", "", "").value()), ExitCode::kNotFound);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kLogLost, "", "", "").value()), ExitCode::kDamaged);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kStoreBusy, "", "", "").value()), ExitCode::kBlocked);
  EXPECT_EQ(ExitCodeOf(Fail(Reason::kInternal, "", "", "").value()), ExitCode::kInternal);
}

TEST(ExitCode, NoErrorEndsAsDone) {
  for (const CatalogueEntry& entry : kErrorCatalogue) {
    EXPECT_NE(ExitCodeOf(entry.code), ExitCode::kDone) << entry.name;
  }
}

TEST(ExitCode, EachHasItsMeaningInOrder) {
  int expected = 0;
  for (const ExitCodeMeaning& meaning : ExitCodeMeanings()) {
    EXPECT_EQ(static_cast<int>(meaning.code), expected++);
    EXPECT_FALSE(meaning.text.empty());
  }
}

}  // namespace
}  // namespace entente::cli
