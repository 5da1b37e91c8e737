#include "services/projector/replicas.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <system_error>
#include <utility>

namespace entente::projector {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWaitMax(60'000);
constexpr milliseconds kDropExpiredEvery(5'000);
constexpr std::size_t kReplyBytesDefault = 1U << 20;
// The reply's other frames fit beside it.
constexpr std::size_t kReplyBytesMax = 8U << 20;
constexpr std::size_t kDeltaBytesMax = bus::kMessageBytesMax - (1U << 20);

CheckpointLeases::Tick Now() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

std::string NameOfThisRun() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return fmt::format("{:x}-{:x}", ::getpid(), now.count());
}

milliseconds WaitOf(const bus::Header& header) {
  if (header.time_left_ms == 0) return kWaitMax;
  return std::min(milliseconds(header.time_left_ms), kWaitMax);
}

std::size_t BytesOf(const v1::ReadDeltasRequest& request) {
  if (request.max_bytes() == 0) return kReplyBytesDefault;
  return std::min<std::size_t>(request.max_bytes(), kReplyBytesMax);
}

log::ChainPoint PointOf(std::uint64_t position, const std::string& hash) {
  log::ChainPoint point{.position = Position(position), .hash = {}};
  std::memcpy(point.hash.data(), hash.data(), std::min(hash.size(), point.hash.size()));
  return point;
}

// By ZeroMQ's own thread, once the frame is sent. (tests/sanitizers/threads.txt knows its name.)
void ReleaseDelta(void* /*bytes*/, void* held) { delete static_cast<DeltaBytes*>(held); }

// A frame that shares the bytes of the ring.
zmq::message_t FrameOf(const DeltaBytes& delta) {
  auto hold = std::make_unique<DeltaBytes>(delta);
  // ZeroMQ's signature is not const; nobody writes to a message that is sent.
  return {const_cast<char*>(delta->data()), delta->size(), ReleaseDelta, hold.release()};
}

}  // namespace

Replicas::Replicas(bus::Loop& loop, std::filesystem::path deltas)
    : loop_(loop),
      deltas_(std::move(deltas)),
      leases_(NameOfThisRun()),
      drop_expired_(loop.Every(kDropExpiredEvery, [this] { leases_.DropExpired(Now()); })) {}

Replicas::~Replicas() {
  loop_.Cancel(drop_expired_);
  for (const Waiting& waiting : waiting_) loop_.Cancel(waiting.deadline);
}

void Replicas::Serve(std::shared_ptr<const views::ViewStore> store) {
  store_ = std::move(store);
  coming_ = nullptr;
  ring_.emplace(store_->checkpoint(), kRingBytes);
  files_.emplace(deltas_ / store_->generation(), store_->checkpoint(), DeltaFiles::Limits{});
  RemoveOtherDeltas();
  AnswerWaiting();
}

void Replicas::RemoveOtherDeltas() const {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(deltas_, ignored)) {
    if (entry.path().filename() != store_->generation()) {
      std::filesystem::remove_all(entry.path(), ignored);
    }
  }
}

void Replicas::OnReadDeltas(const bus::Caller& caller, const bus::Message& message) {
  Waiting asked{.caller = caller, .correlation = message.header.correlation, .request = {}};
  if (Status parsed = bus::ParseBody(message, &asked.request); !parsed) {
    return router_->ReplyError(caller, asked.correlation, {parsed.error()});
  }
  if (Answer(asked, /*at_deadline=*/false)) return;
  if (waiting_.size() >= kWaitingMax) {
    const std::string many = fmt::format("{} replicas wait already", waiting_.size());
    return router_->ReplyError(caller, asked.correlation,
                               {Fail(Reason::kOverloaded, "", "", many).value()});
  }
  const auto waiting = waiting_.insert(waiting_.end(), std::move(asked));
  waiting->deadline = loop_.After(WaitOf(message.header), [this, waiting] {
    Answer(*waiting, /*at_deadline=*/true);
    waiting_.erase(waiting);
  });
}

void Replicas::OnReadCheckpoint(const bus::Caller& caller, const bus::Message& message) {
  const std::uint64_t correlation = message.header.correlation;
  v1::ReadCheckpointRequest request;
  if (Status parsed = bus::ParseBody(message, &request); !parsed) {
    return router_->ReplyError(caller, correlation, {parsed.error()});
  }
  auto reply = leases_.Read(request, store_, Now());
  if (!reply) return router_->ReplyError(caller, correlation, {reply.error()});
  router_->Reply(caller, bus::MessageType::read_checkpoint_reply, correlation, *reply);
}

void Replicas::BeforeWrite(const views::RowDelta& delta) {
  if (!files_->wanted()) return files_->Skip(delta.to);
  const v1::ViewDelta message = views::MessageOf(delta);
  // One that no message can carry: replicas fetch its rows as part of a checkpoint.
  if (message.ByteSizeLong() > kDeltaBytesMax) return files_->Skip(delta.to);
  // What was to be written and was refused is projected again, and perhaps cut otherwise.
  const log::ChainPoint from = store_->checkpoint();
  if (from.position != files_->head().position) files_->Skip(from);
  coming_ = std::make_shared<const std::string>(message.SerializeAsString());
  files_->Add(delta.to, *coming_);
}

void Replicas::OnDelta(const views::RowDelta& delta) {
  if (coming_) {
    ring_->Add(delta.to, std::exchange(coming_, nullptr));
  } else {
    ring_->Skip(delta.to);
  }
  AnswerWaiting();
}

void Replicas::AnswerWaiting() {
  std::erase_if(waiting_, [this](const Waiting& waiting) {
    if (!Answer(waiting, /*at_deadline=*/false)) return false;
    loop_.Cancel(waiting.deadline);
    return true;
  });
}

void Replicas::Stop() {
  for (const Waiting& waiting : waiting_) {
    loop_.Cancel(waiting.deadline);
    router_->ReplyError(waiting.caller, waiting.correlation,
                        {Fail(Reason::kStopping, "", "", "").value()});
  }
  waiting_.clear();
}

bool Replicas::Answer(const Waiting& waiting, bool at_deadline) {
  v1::ReadDeltasReply head;
  head.set_generation(store_->generation());
  head.set_checkpoint(ring_->head().position.value());
  if (!waiting.request.without_rows()) {
    return AnswerWithRows(waiting, std::move(head), at_deadline);
  }
  const bool the_same = waiting.request.generation() == store_->generation();
  if (the_same && head.checkpoint() <= waiting.request.from_position() && !at_deadline) {
    return false;
  }
  Send(waiting, head, {});
  return true;
}

bool Replicas::AnswerWithRows(const Waiting& waiting, v1::ReadDeltasReply head, bool at_deadline) {
  const v1::ReadDeltasRequest& request = waiting.request;
  files_->Want();  // also by one that reads a checkpoint first: it goes on from there
  if (request.generation() != store_->generation()) {
    head.set_behind(true);
    Send(waiting, head, {});
    return true;
  }
  const log::ChainPoint at = PointOf(request.from_position(), request.chain_hash());
  auto reading = ring_->ReadAfter(at, BytesOf(request));
  if (reading.found == DeltaRing::Found::kBehind) {
    reading = files_->ReadAfter(at, BytesOf(request));
  }
  switch (reading.found) {
    case DeltaRing::Found::kNothingYet:
      if (!at_deadline) return false;
      break;
    case DeltaRing::Found::kBehind:
      head.set_behind(true);
      break;
    case DeltaRing::Found::kDiverged:
      router_->ReplyError(
          waiting.caller, waiting.correlation,
          {Fail(Reason::kLogDiverged, "from_position", std::to_string(request.from_position()),
                "the replica's rows are of another log than this projector's")
               .value()});
      return true;
    case DeltaRing::Found::kDeltas:
      break;
  }
  Send(waiting, head, reading.deltas);
  return true;
}

void Replicas::Send(const Waiting& waiting, const v1::ReadDeltasReply& head,
                    const std::vector<DeltaBytes>& deltas) {
  bus::Message message =
      bus::MakeMessage(bus::MessageType::read_deltas_reply, waiting.correlation, head);
  for (const DeltaBytes& delta : deltas) message.body.push_back(FrameOf(delta));
  router_->Reply(waiting.caller, std::move(message));
}

}  // namespace entente::projector
