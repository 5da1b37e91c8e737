// The rows that a golden log gives, pinned for each projection version.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "tests/log/log_client.h"
#include "tests/views/history.h"
#include "views/generations/rebuild.h"

namespace entente::views {
namespace {

// The log of each format version, folded by the projection of today, gives the rows that are pinned
// for it. A projection version to come gets a file of its own: ENTENTE_WRITE_GOLDEN=1 writes it.
class GoldenRows : public testing::TestWithParam<const char*> {};

TEST_P(GoldenRows, AreThosePinned) {
  namespace fs = std::filesystem;
  const std::string name = GetParam();
  const fs::path golden = fs::path(ENTENTE_SOURCE_DIR) / "tests/golden";
  const ScratchDirectory directory;
  fs::copy(golden / name, directory.path() / "log", fs::copy_options::recursive);
  const auto log = log::OpenOrFail(directory.path() / "log");
  const auto rebuilt = RebuildViews(*log, directory.path() / "views", nullptr);
  ASSERT_TRUE(rebuilt) << rebuilt.error().ToString();
  EXPECT_TRUE(rebuilt->parked.empty());
  const std::string says = fmt::format("{} rows, digest {}\n", rebuilt->digest.rows,
                                       log::Hex(log::BytesOf(rebuilt->digest.sha256)));
  const fs::path pinned = golden / fmt::format("{}-views-{}.txt", name, kProjectionVersion);
  if (std::getenv("ENTENTE_WRITE_GOLDEN") != nullptr) std::ofstream(pinned) << says;
  std::ifstream file(pinned);
  const std::string stands{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(says, stands) << "in " << pinned << ": where the rows are to be others, raise "
                          << "kProjectionVersion and write its file with ENTENTE_WRITE_GOLDEN=1";
}

INSTANTIATE_TEST_SUITE_P(Logs, GoldenRows,
                         testing::Values("log-format-1", "log-format-1-every-payload"),
                         [](const auto& info) { return info.index == 0 ? "Few" : "EveryPayload"; });

}  // namespace
}  // namespace entente::views
