#include "client/resumption.h"

#include <algorithm>
#include <utility>

namespace entente::client {
namespace {

constexpr std::uint32_t kCreditDefault = 100;  // as subscription.proto says
constexpr std::uint32_t kLeaseDefaultS = 30;

Cursor ToCursor(const v1::Cursor& cursor) {
  return {Position(cursor.position()), Ordinal(static_cast<std::uint16_t>(cursor.ordinal()))};
}

Cursor CursorOf(const v1::Change& change) {
  return {Position(change.position()), Ordinal(static_cast<std::uint16_t>(change.ordinal()))};
}

}  // namespace

Resumption::Resumption(v1::SubscribeRequest request)
    : request_(std::move(request)),
      credit_(request_.credit() == 0 ? kCreditDefault : request_.credit()) {}

v1::SubscribeRequest Resumption::OpenSession() {
  number_ = 0;
  used_ = 0;
  v1::SubscribeRequest request = request_;
  if (request.group().empty() && covered_) {
    request.mutable_after()->set_position(covered_->position.value());
    request.mutable_after()->set_ordinal(covered_->ordinal.value());
  }
  return request;
}

Resumption::Next Resumption::Take(const v1::SubscriptionMessage& message) {
  met_ = true;
  if (message.number() != ++number_) return Next::kReopen;
  if (message.has_covered_to()) {
    const Cursor covered = ToCursor(message.covered_to());
    covered_ = covered_ ? std::max(*covered_, covered) : covered;
  }
  switch (message.message_case()) {
    case v1::SubscriptionMessage::kDelivered: {
      ++used_;
      if (!request_.group().empty()) return Next::kPassOn;
      const Cursor cursor = CursorOf(message.delivered().change().change());
      if (delivered_ && cursor <= *delivered_) return Next::kSkip;
      delivered_ = cursor;
      return Next::kPassOn;
    }
    case v1::SubscriptionMessage::kHeartbeat:
      return Next::kSkip;
    case v1::SubscriptionMessage::kEnded:
      return Next::kPassOnEnd;
    default:
      return Next::kPassOn;
  }
}

std::uint32_t Resumption::TakeGrant() {
  const std::uint32_t half = std::max(credit_ / 2, 1U);
  return used_ < half ? 0 : std::exchange(used_, 0);
}

std::uint32_t Resumption::lease_s() const {
  return request_.lease_s() == 0 ? kLeaseDefaultS : request_.lease_s();
}

bool MayResume(const Errors& errors) {
  return !errors.empty() && std::all_of(errors.begin(), errors.end(), [](const Error& error) {
    return error.reason == Reason::kSubscriptionUnknown ||
           Describe(error.reason).retry == Retry::kLater;
  });
}

}  // namespace entente::client
