#include "services/ingest/read_log.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <string>
#include <utility>

namespace entente::ingest {
namespace {

using google::protobuf::util::TimeUtil;

Position FromOf(const v1::ReadLogRequest& request) {
  return std::max(Position(request.from_position()), Position(1));
}

// Whole milliseconds, as recorded times are: what lies between two belongs to the later.
RecordedTime CeilOf(const google::protobuf::Timestamp& time) {
  constexpr int kNanosOfMs = 1'000'000;
  return RecordedTime(time.seconds() * 1'000 + (time.nanos() + kNanosOfMs - 1) / kNanosOfMs);
}

// The first position that the request wants.
Result<Position> FirstWanted(const v1::ReadLogRequest& request, const log::Log& log) {
  const Position from = FromOf(request);
  if (!request.has_recorded_from()) return from;
  const auto before = log.AtTime(RecordedTime(CeilOf(request.recorded_from()).value() - 1));
  if (!before) return Fail(before.error());
  return std::max(from, before->Next());
}

Status CheckTime(const google::protobuf::Timestamp& time) {
  const bool sound = time.seconds() >= TimeUtil::kTimestampMinSeconds &&
                     time.seconds() <= TimeUtil::kTimestampMaxSeconds && time.nanos() >= 0 &&
                     time.nanos() < 1'000'000'000;
  if (sound) return {};
  return Fail(Reason::kFieldInvalid, "recorded_from", std::to_string(time.seconds()),
              "It is no time between the years 1 and 9999.");
}

std::uint64_t BytesOf(const v1::ReadLogRequest& request) {
  const std::uint64_t asked = request.max_bytes() == 0 ? kReadBytesDefault : request.max_bytes();
  return std::min(asked, kReplyBytesMax);
}

bus::Message MakeReply(std::uint64_t correlation, v1::ReadLogReply& reply, Position durable,
                       Position next) {
  reply.set_durable_position(durable.value());
  reply.set_next_position(next.value());
  return bus::MakeMessage(bus::MessageType::read_log_reply, correlation, reply);
}

Status CheckChain(const v1::ChainPoint& known, const log::Log& log) {
  const Position position(known.position());
  const log::ChainPoint durable = log.durable();
  if (position > durable.position) {
    return Fail(Reason::kLogDiverged, "known.position", std::to_string(position.value()),
                fmt::format("The reader holds this log up to position {}, but it ends at {}.",
                            position.value(), durable.position.value()));
  }
  auto hash = log.HashAt(position);
  if (!hash && hash.error().reason != Reason::kNotFound) return Fail(std::move(hash.error()));
  const bool same = hash && std::equal(hash->begin(), hash->end(), known.hash().begin(),
                                       known.hash().end(), [](std::uint8_t ours, char theirs) {
                                         return ours == static_cast<std::uint8_t>(theirs);
                                       });
  if (same) return {};
  Error error;
  error.reason = Reason::kLogDiverged;
  error.field = "known.hash";
  error.message =
      hash ? fmt::format("The reader's chain at position {} is not this log's.", position.value())
           : fmt::format(
                 "No commit of this log ends at position {}, where one of the "
                 "reader's does.",
                 position.value());
  error.position = position;
  return Fail(std::move(error));
}

}  // namespace

Status CheckRead(const v1::ReadLogRequest& request, const log::Log& log) {
  if (request.max_bytes() > kReadBytesMax) {
    return Fail(Reason::kFieldInvalid, "max_bytes", std::to_string(request.max_bytes()),
                fmt::format("At most {}.", kReadBytesMax));
  }
  if (request.has_recorded_from()) {
    if (Status sound = CheckTime(request.recorded_from()); !sound) return sound;
  }
  if (!request.has_known()) return {};
  const std::size_t hash_bytes = request.known().hash().size();
  if (request.known().position() == 0 && hash_bytes == 0) return {};  // holds nothing yet
  if (hash_bytes != log::Digest().size()) {
    return Fail(Reason::kFieldInvalid, "known.hash", std::to_string(hash_bytes),
                fmt::format("A hash has {} bytes.", log::Digest().size()));
  }
  return CheckChain(request.known(), log);
}

Result<std::optional<bus::Message>> ReadLog(const v1::ReadLogRequest& request,
                                            std::uint64_t correlation, const log::Log& log) {
  const auto wanted = FirstWanted(request, log);
  if (!wanted) return Fail(wanted.error());
  const Position from = *wanted;
  v1::ReadLogReply reply;
  if (!request.stream().empty()) {
    const Position durable = log.durable().position;
    Position next = from;
    auto events = log.ReadStream(request.stream(), from, BytesOf(request), &next);
    if (!events) return Fail(std::move(events.error()));
    if (events->empty()) return std::nullopt;
    for (v1::RecordedEvent& event : *events) *reply.add_events() = std::move(event);
    return MakeReply(correlation, reply, durable, next);
  }
  if (from > log.durable().position) return std::nullopt;
  auto range = log.Read(from, BytesOf(request));
  if (!range) return Fail(std::move(range.error()));
  if (range->commits.empty()) return std::nullopt;
  bus::Message message = MakeReply(correlation, reply, range->durable, range->next);
  for (const std::string& commit : range->commits) message.body.push_back(bus::MakeFrame(commit));
  return message;
}

bus::Message EmptyReadReply(const v1::ReadLogRequest& request, std::uint64_t correlation,
                            Position durable) {
  v1::ReadLogReply reply;
  return MakeReply(correlation, reply, durable, FromOf(request));
}

}  // namespace entente::ingest
