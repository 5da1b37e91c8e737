#include "services/query/subscription/subscription.h"

#include <algorithm>
#include <cstddef>
#include <functional>
#include <utility>

#include "services/query/subscription/cursor.h"

namespace entente::query {

Subscription::Subscription(const Terms& terms, Position head, Tick now)
    : credit_(terms.credit),
      lease_(terms.lease),
      ahead_(std::min(terms.ahead, MostAhead(terms.lease))),
      head_(head),
      told_(terms.after),
      considered_(terms.after),
      last_sign_(now),
      last_sent_(now),
      blocked_until_(now) {}

bool Subscription::BehindHead() const { return considered_ < EndOf(head_); }

v1::SubscriptionMessage& Subscription::Put(Actions* actions, const Cursor& covered_to) {
  v1::SubscriptionMessage& message = actions->messages.emplace_back();
  out_.push_back({.covered_to = covered_to});
  message.set_number(number_ + out_.size());
  ToWire(covered_to, message.mutable_covered_to());
  return message;
}

void Subscription::PutCheckpoint(Actions* actions) {
  Put(actions, considered_).mutable_checkpoint()->set_rows_examined(rows_examined_);
}

bool Subscription::CheckpointDue(Tick now) const {
  return TellsOfProgress() && now >= last_sent_ + kCheckpointAfter;
}

bool Subscription::JustCaughtUp() const {
  return !live_ && !BehindHead() && considered_.position <= head_;
}

bool Subscription::HasNext() const {
  return !reading_ && (BehindHead() ? credit_.left() > 0 || !match_waits_ : JustCaughtUp());
}

Subscription::Actions Subscription::Continue(Tick now, Actions actions) {
  if (!Starved()) {
    starved_since_.reset();
  } else if (!starved_since_) {
    starved_since_ = now;
  }
  if (revised_ && out_.empty() && now >= blocked_until_) {
    *Put(&actions, considered_).mutable_revised() = *revised_;
    out_.back().revised = true;
    return actions;
  }
  if (!out_.empty() || !HasNext() || now < blocked_until_) return actions;
  if (JustCaughtUp()) {
    Put(&actions, considered_).mutable_caught_up()->set_rows_examined(rows_examined_);
    out_.back().live = true;
  } else {
    reading_ = true;
    actions.read = PageWanted{considered_, std::min(credit_.left(), page_)};
  }
  return actions;
}

Subscription::Actions Subscription::Start(Tick now) { return Continue(now); }

Subscription::Actions Subscription::OnHead(Position head, Tick now) {
  head_ = head;
  return Continue(now);
}

Subscription::Actions Subscription::OnCredit(std::uint32_t more, Tick now) {
  last_sign_ = now;
  credit_.Grant(more);
  blocked_until_ = now;  // it reads, so the socket has room again
  pause_.Reset();
  return Continue(now);
}

Subscription::Actions Subscription::OnPage(FeedSlice page, Tick now) {
  reading_ = false;
  head_ = std::max(head_, page.head);
  rows_examined_ += page.rows_examined;
  Actions actions;
  for (v1::DescribedChange& change : page.changes) {
    v1::Delivered* delivered = Put(&actions, CursorOf(change.change())).mutable_delivered();
    out_.back().delivered = true;
    delivered->set_delivery(1);
    *delivered->mutable_change() = std::move(change);
  }
  considered_ = std::max(considered_, page.at_head ? EndOf(page.head) : page.covered_to);
  match_waits_ = page.match_waits;
  if (out_.empty() && CheckpointDue(now) && !JustCaughtUp()) PutCheckpoint(&actions);
  return Continue(now, std::move(actions));
}

Subscription::Actions Subscription::OnPageFailed(Tick now) {
  reading_ = false;
  blocked_until_ = now + kRetryAfter;
  return Continue(now);
}

Subscription::Actions Subscription::OnRevised(v1::Revised revised, Tick now) {
  revised_ = std::move(revised);
  match_waits_ = false;
  return Continue(now);
}

Subscription::Actions Subscription::OnTick(Tick now) {
  Actions actions;
  if (now >= lease_end()) {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(lease_).count();
    actions.end = End("no sign of life for " + std::to_string(seconds) + " s");
    return actions;
  }
  if (now < blocked_until_) return actions;
  if (starved_since_ && now >= *starved_since_ + kFellBehindAfter) {
    Put(&actions, considered_).mutable_fell_behind();
    out_.back().live = false;
  } else if (now >= heartbeat_at()) {
    Put(&actions, considered_).mutable_heartbeat();
  } else if (CheckpointDue(now)) {
    PutCheckpoint(&actions);
  }
  return Continue(now, std::move(actions));
}

Subscription::Actions Subscription::OnSent(std::size_t accepted, Tick now) {
  const bool refused = accepted < out_.size();
  const auto first_refused =
      out_.begin() + static_cast<std::ptrdiff_t>(std::min(accepted, out_.size()));
  const bool changes_refused =
      std::any_of(first_refused, out_.end(), std::mem_fn(&Sent::delivered));
  out_.resize(std::min(accepted, out_.size()));
  for (const Sent& sent : out_) {
    ++number_;
    told_ = sent.covered_to;
    last_sent_ = now;
    if (sent.delivered) credit_.Spend();
    if (sent.live) live_ = *sent.live;
    if (sent.revised) revised_.reset();
  }
  const bool some = !out_.empty();
  out_.clear();
  if (some) pause_.Reset();
  if (changes_refused) {
    considered_ = told_;
    match_waits_ = false;
  }
  if (refused) {
    page_ = 1;
    blocked_until_ = now + pause_.Take();
  } else if (some) {
    page_ = std::min(2 * page_, kPageChangesMax);
  }
  return Continue(now);
}

v1::SubscriptionMessage Subscription::End(const std::string& why) const {
  v1::SubscriptionMessage message;
  message.set_number(number_ + 1);
  ToWire(told_, message.mutable_covered_to());
  message.mutable_ended()->set_why(why);
  return message;
}

Tick Subscription::next_tick() const {
  Tick due = heartbeat_at();
  if (TellsOfProgress()) due = std::min(due, last_sent_ + kCheckpointAfter);
  if (starved_since_) due = std::min(due, *starved_since_ + kFellBehindAfter);
  due = std::max(due, blocked_until_);
  if (HasNext() || revised_) due = std::min(due, blocked_until_);
  return std::min(due, lease_end());
}

}  // namespace entente::query
