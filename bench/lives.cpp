#include "bench/lives.h"

#include <fmt/format.h>
#include <google/protobuf/arena.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace entente::bench {
namespace {

constexpr std::size_t kOpenAtOnce = 1'000;
constexpr std::uint32_t kLongestLife = 10'000;
// Of Zipf's law; with it a life has 4.1 events in the mean.
constexpr double kExponent = 2.12;

constexpr std::array kCountries = {"JP", "IN", "US", "AU", "FR", "DE", "GB", "RU", "ID", "PH",
                                   "KR", "VN", "CN", "TH", "MY", "SG", "IT", "ES", "NL", "PL",
                                   "CA", "BR", "MX", "AR", "CL", "ZA", "EG", "KE", "NG", "TR",
                                   "SA", "AE", "IL", "QA", "UA", "SE", "NO", "FI", "DK", "NZ"};
constexpr std::array kTopics = {"cyber", "ukraine", "trade", "xinjiang"};

std::string Date(int day_of_year) {
  return fmt::format("2021-{:02}-{:02}", day_of_year / 28 % 12 + 1, day_of_year % 28 + 1);
}

}  // namespace

Lives::Lives(std::uint64_t seed) : random_(seed) {
  double sum = 0;
  for (std::uint32_t k = 1; k <= kLongestLife; ++k) {
    sum += std::pow(static_cast<double>(k), -kExponent);
    lengths_.push_back(sum);
  }
}

std::uint32_t Lives::Length() {
  const double u = static_cast<double>(random_() >> 11) / static_cast<double>(1ULL << 53);
  const auto at = std::ranges::lower_bound(lengths_, u * lengths_.back());
  return static_cast<std::uint32_t>(at - lengths_.begin()) + 1;
}

Lives::Life Lives::Begin() {
  Life life;
  life.number = meetings_++;
  life.left = Length();
  life.day = static_cast<int>(Below(336));
  std::size_t parties = 2;
  if (const auto draw = Below(100); draw == 0) {
    parties = 20 + Below(6);
  } else if (draw <= 2) {
    parties = 3;
  }
  const auto first = Below(kCountries.size());
  const auto step = 1 + 2 * Below(4);  // shares no factor with their number
  for (std::size_t i = 0; i < parties; ++i) {
    life.parties.emplace_back(kCountries[(first + i * (step == 5 ? 9 : step)) % kCountries.size()]);
  }
  return life;
}

void Lives::Say(Life& life, v1::NewEvent* event) {
  const auto draw = Below(100);
  if (life.told == 0) {
    auto& announced = *event->mutable_meeting_announced();
    announced.mutable_date()->set_edtf(Date(life.day).substr(0, 7));
    announced.set_place("Tokyo");
  } else if (life.told <= 2) {
    auto& tagged = *event->mutable_topics_tagged();
    tagged.set_topic(kTopics[(life.number + life.told) % kTopics.size()]);
    tagged.set_relation("agenda");
  } else if (draw < 40) {
    event->mutable_meeting_scheduled()->mutable_date()->set_edtf(Date(life.day));
  } else if (draw < 60) {
    auto& statement = *event->mutable_statement_made();
    statement.set_who("JP");
    statement.set_summary("Both sides spoke of their plans for the year.");
    statement.add_topics(kTopics[(life.number + 1) % kTopics.size()]);
  } else if (draw < 75) {
    auto& attendee = *event->mutable_attendees_named()->add_attendees();
    attendee.set_party(life.parties[Below(2)]);
    attendee.set_post("foreign-minister");
    attendee.set_person("A. Minister");
  } else if (draw < 80) {
    auto& postponed = *event->mutable_meeting_postponed();
    postponed.mutable_old_date()->set_edtf(Date(life.day));
    postponed.set_reason("epidemic");
    postponed.set_wording("put off because of the spread of the virus");
  } else if (draw < 85) {
    auto& moved = *event->mutable_meeting_rescheduled();
    moved.mutable_previous_date()->set_edtf(Date(life.day));
    life.day = (life.day + 1 + static_cast<int>(Below(40))) % 336;
    moved.mutable_new_date()->set_edtf(Date(life.day));
  } else if (draw < 86 && !life.last_id.empty()) {
    auto& retracted = *event->mutable_report_retracted();
    retracted.set_target(life.last_id);
    retracted.set_basis(v1::Basis::source);
  } else {
    event->mutable_meeting_held()->mutable_date()->set_edtf(Date(life.day));
  }
}

v1::NewEvent Lives::Next() {
  while (open_.size() < kOpenAtOnce) open_.push_back(Begin());
  const std::size_t chosen = Below(open_.size());
  Life& life = open_[chosen];
  v1::NewEvent event;
  event.set_stream(fmt::format("meeting/feed-{:016x}", life.number * 0x9e3779b97f4a7c15));
  event.set_id(fmt::format("feed:{:08x}:{}", Below(1ULL << 32), ++count_));
  const auto lateness = Below(20) == 0 ? 30 : 0;
  const int day = static_cast<int>(count_ / 40 % 306) + 30 - lateness;
  event.set_reported(Date(day));
  v1::Source& source = *event.mutable_source();
  source.set_publisher(fmt::format("The Daily Correspondent {}", Below(200)));
  source.set_title("Ministers of both sides to meet again before the summer");
  source.set_url(fmt::format("https://daily.example/world/{}", count_));
  source.set_locator("paragraph 4");
  source.set_language("en");
  const auto draw = Below(10);
  source.set_class_(draw < 3   ? v1::Source::official
                    : draw < 9 ? v1::Source::media
                               : v1::Source::unnamed_sources);
  v1::MeetingIdentity& identity = *event.mutable_meeting();
  identity.set_kind("two-plus-two");
  for (const std::string& party : life.parties) identity.add_parties()->set_name(party);
  Say(life, &event);
  event.mutable_origin()->set_importer("feed");
  event.mutable_origin()->set_version("1");
  life.last_id = event.id();
  ++life.told;
  if (--life.left == 0) life = Begin();
  return event;
}

std::shared_ptr<const v1::AppendRequest> Lives::Batch(int events) {
  const auto arena = std::make_shared<google::protobuf::Arena>();
  auto* const batch = google::protobuf::Arena::CreateMessage<v1::AppendRequest>(arena.get());
  batch->mutable_events()->Reserve(events);
  for (int i = 0; i < events; ++i) *batch->add_events() = Next();
  return {arena, batch};
}

}  // namespace entente::bench
