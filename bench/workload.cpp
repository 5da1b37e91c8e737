#include "bench/workload.h"

#include <fmt/format.h>
#include <google/protobuf/arena.h>

#include <array>
#include <cmath>
#include <string>

namespace entente::bench {
namespace {

constexpr std::array kCountries = {"JP", "IN", "US", "AU", "FR", "DE",
                                   "GB", "RU", "ID", "PH", "KR", "VN"};

}  // namespace

Workload::Workload(std::uint64_t seed) : random_(seed) {}

v1::NewEvent Workload::Next() {
  // A quarter of the events opens a meeting. The others go to one that is open, chosen with a
  // weight that falls as 1/rank: the early ones grow long.
  if (open_.empty() || random_() % 4 == 0) {
    open_.push_back(meeting_++);
    if (open_.size() > 10'000) open_.erase(open_.begin());
  }
  const double u = static_cast<double>(random_() >> 11) / static_cast<double>(1ULL << 53);
  const auto rank =
      static_cast<std::size_t>(std::pow(static_cast<double>(open_.size()), u)) % open_.size();
  const std::uint64_t meeting = open_[open_.size() - 1 - rank];

  const auto country = [&](std::uint64_t n) { return kCountries[n % kCountries.size()]; };
  v1::NewEvent event;
  event.set_stream(fmt::format("meeting/feed-{:016x}", meeting * 0x9e3779b97f4a7c15));
  event.set_id(fmt::format("feed:{:08x}:{}", random_(), ++count_));
  event.set_reported(fmt::format("2021-{:02}-{:02}", count_ / 28 % 12 + 1, count_ % 28 + 1));
  v1::Source& source = *event.mutable_source();
  source.set_publisher("The Daily Correspondent");
  source.set_title("Ministers of both sides to meet again before the summer");
  source.set_url(fmt::format("https://daily.example/world/{}", count_));
  source.set_locator("paragraph 4");
  source.set_language("en");
  source.set_class_(v1::Source::media);
  v1::MeetingIdentity& identity = *event.mutable_meeting();
  identity.set_kind("two-plus-two");
  identity.add_parties()->set_name(country(meeting));
  identity.add_parties()->set_name(country(meeting / kCountries.size() + 1));
  if (meeting % 5 == 0) identity.add_parties()->set_name(country(meeting + 3));
  event.mutable_meeting_postponed()->mutable_old_date()->set_edtf("2021-04-24");
  event.mutable_meeting_postponed()->set_reason("epidemic");
  event.mutable_meeting_postponed()->set_wording("put off because of the spread of the virus");
  event.mutable_origin()->set_importer("feed");
  event.mutable_origin()->set_version("1");
  return event;
}

std::shared_ptr<const v1::AppendRequest> Workload::Batch(int events) {
  const auto arena = std::make_shared<google::protobuf::Arena>();
  auto* const batch = google::protobuf::Arena::CreateMessage<v1::AppendRequest>(arena.get());
  batch->mutable_events()->Reserve(events);
  for (int i = 0; i < events; ++i) *batch->add_events() = Next();
  return {arena, batch};
}

}  // namespace entente::bench
