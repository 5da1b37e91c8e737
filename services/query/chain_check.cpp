#include "services/query/chain_check.h"

#include <utility>

#include "entente/v1/log.pb.h"

namespace entente::query {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kDeadline(2'000);
constexpr milliseconds kAgainAfter(10'000);
constexpr milliseconds kAgainUnlessAnswered(1'000);

}  // namespace

Result<std::unique_ptr<ChainCheck>> ChainCheck::Begin(bus::Loop& loop, zmq::context_t& context,
                                                      const std::string& ingest,
                                                      std::function<log::ChainPoint()> known) {
  auto check = std::unique_ptr<ChainCheck>(new ChainCheck(loop, std::move(known)));
  auto dealer = bus::Dealer::Connect(loop, context, ingest);
  if (!dealer) return Fail(std::move(dealer).error().At("ingest"));
  check->dealer_ = *std::move(dealer);
  check->Ask();
  return check;
}

ChainCheck::~ChainCheck() {
  if (later_) loop_.Cancel(*later_);
}

void ChainCheck::Ask() {
  const log::ChainPoint at = known_();
  if (at.position == Position()) return AskAfter(kAgainUnlessAnswered);
  v1::ReadLogRequest request;
  // The event at the checkpoint is there, so that the answer comes at once, and small.
  request.set_from_position(at.position.value());
  request.set_max_bytes(1);
  request.mutable_known()->set_position(at.position.value());
  request.mutable_known()->set_hash(at.hash.data(), at.hash.size());
  dealer_->Request(bus::MessageType::read_log_request, request, kDeadline,
                   [this](const tl::expected<bus::Message, Errors>& reply) {
                     if (reply) {
                       refusal_.reset();
                       v1::ReadLogReply log;
                       if (bus::ParseBody(*reply, &log))
                         durable_ = Position(log.durable_position());
                       return AskAfter(kAgainAfter);
                     }
                     const Error& error = reply.error().front();
                     if (error.reason == Reason::kLogDiverged) refusal_ = error;
                     if (error.reason == Reason::kUnreachable) dealer_->Reconnect();
                     AskAfter(kAgainUnlessAnswered);
                   });
}

void ChainCheck::AskAfter(milliseconds delay) {
  later_ = loop_.After(delay, [this] {
    later_.reset();
    Ask();
  });
}

}  // namespace entente::query
