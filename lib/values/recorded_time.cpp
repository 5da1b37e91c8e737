#include "values/recorded_time.h"

#include <fmt/format.h>
#include <google/protobuf/timestamp.pb.h>
#include <google/protobuf/util/time_util.h>

#include <chrono>

namespace entente {
namespace {

constexpr std::int64_t kMsPerDay = 86'400'000;

}  // namespace

std::string ToRfc3339(RecordedTime time) {
  using std::chrono::milliseconds;
  const std::chrono::sys_time<milliseconds> at{milliseconds{time.value()}};
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss clock{at - day};
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", Day(day).Iso(), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<RecordedTime> RecordedTimeFromRfc3339(std::string_view text) {
  google::protobuf::Timestamp stamp;
  if (!google::protobuf::util::TimeUtil::FromString(std::string(text), &stamp)) return std::nullopt;
  return RecordedTime(google::protobuf::util::TimeUtil::TimestampToMilliseconds(stamp));
}

RecordedTime StartOfDay(Day utc_day) {
  return RecordedTime(std::int64_t{utc_day.since_epoch()} * kMsPerDay);
}

RecordedTime EndOfDay(Day utc_day) { return StartOfDay(utc_day).Plus(kMsPerDay - 1); }

}  // namespace entente
