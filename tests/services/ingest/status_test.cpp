#include "services/ingest/status.h"

#include <gtest/gtest.h>

namespace entente::ingest {
namespace {

TEST(Status, HealthSaysWhetherItWorks) {
  log::LogStatus log;
  EXPECT_EQ(MakeStatus(log, "/data", "").health(), v1::StatusReply::green);
  log.notes = {"The clock was set back."};
  EXPECT_EQ(MakeStatus(log, "/data", "").health(), v1::StatusReply::amber);
  EXPECT_EQ(MakeStatus(log, "/data", "").notes(0), "The clock was set back.");
  EXPECT_TRUE(MakeStatus(log, "/data", "").ready());
  log.read_only = true;
  EXPECT_FALSE(MakeStatus(log, "/data", "").ready());
  EXPECT_EQ(MakeStatus(log, "/data", "").health(), v1::StatusReply::red);
}

TEST(Status, TellsTheLogsHead) {
  log::LogStatus log;
  EXPECT_FALSE(MakeStatus(log, "/data", "").has_last_progress());
  log.durable.position = Position(17);
  log.durable.hash.fill(7);
  log.last_recorded = RecordedTime(1'500);
  log.index_backlog = 3;
  const v1::StatusReply status = MakeStatus(log, "/data", "SAMPLE");
  EXPECT_EQ(status.service(), "ingest");
  EXPECT_NE(status.version(), "");
  EXPECT_EQ(status.durable_position(), 17U);
  EXPECT_EQ(status.checkpoint(), 17U);
  EXPECT_EQ(status.chain_hash(), std::string(32, '\7'));
  EXPECT_EQ(status.last_progress().seconds(), 1);
  EXPECT_EQ(status.index_backlog(), 3U);
  EXPECT_EQ(status.data_directory(), "/data");
  EXPECT_EQ(status.marker(), "SAMPLE");
}

}  // namespace
}  // namespace entente::ingest
