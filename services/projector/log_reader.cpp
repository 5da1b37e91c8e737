#include "services/projector/log_reader.h"

#include <fmt/format.h>

#include <utility>

#include "entente/v1/log.pb.h"

namespace entente::projector {
namespace {

using std::chrono::milliseconds;

// Ingest holds a request this long when there is nothing new. What was asked of an ingest that was
// killed is lost; so this also bounds how long its successor waits for us.
constexpr milliseconds kWait(2'000);
constexpr milliseconds kRetryAfter(100);
constexpr milliseconds kRetryAfterRefusal(2'000);
// Small enough that the first rows come soon, large enough that asking costs nothing.
constexpr std::uint32_t kPageBytes = 4U << 20;

// Ingest is not there, or busy; everything else needs a person.
bool WillPass(Reason reason) {
  return reason == Reason::kUnreachable || reason == Reason::kStopping ||
         reason == Reason::kOverloaded;
}

}  // namespace

LogReader::LogReader(bus::Loop& loop, const log::ChainPoint& from, std::function<void()> on_reply)
    : loop_(loop), at_(from), on_reply_(std::move(on_reply)) {}

LogReader::~LogReader() {
  if (later_) loop_.Cancel(*later_);
}

Result<std::unique_ptr<LogReader>> LogReader::Connect(bus::Loop& loop, zmq::context_t& context,
                                                      const std::string& endpoint,
                                                      const log::ChainPoint& from,
                                                      std::function<void()> on_reply) {
  auto dealer = bus::Dealer::Connect(loop, context, endpoint);
  if (!dealer) return Fail(std::move(dealer).error().At("ingest"));
  auto reader = std::unique_ptr<LogReader>(new LogReader(loop, from, std::move(on_reply)));
  reader->dealer_ = *std::move(dealer);
  reader->Ask();
  return reader;
}

std::optional<LogPage> LogReader::Take() {
  if (pages_.empty()) return std::nullopt;
  LogPage page = std::move(pages_.front());
  pages_.pop_front();
  Ask();  // so that the next one travels while this one is projected
  return page;
}

void LogReader::Ask() {
  if (asking_ || later_ || pages_.size() >= kPagesMax) return;
  v1::ReadLogRequest request;
  request.set_from_position(at_.position.Next().value());
  request.set_max_bytes(kPageBytes);
  if (at_.position != Position()) {
    request.mutable_known()->set_position(at_.position.value());
    request.mutable_known()->set_hash(at_.hash.data(), at_.hash.size());
  }
  asking_ = true;
  dealer_->Request(bus::MessageType::read_log_request, request, kWait,
                   [this](tl::expected<bus::Message, Errors> reply) { OnReply(std::move(reply)); });
}

void LogReader::AskLater(milliseconds delay) {
  later_ = loop_.After(delay, [this] {
    later_.reset();
    Ask();
  });
}

void LogReader::OnReply(tl::expected<bus::Message, Errors> reply) {
  asking_ = false;
  if (!reply) {
    trouble_ = reply.error().front();
    // What is still in the socket would be carried out, for nobody, once ingest is back.
    if (trouble_->reason == Reason::kUnreachable) dealer_->Reconnect();
    return AskLater(WillPass(trouble_->reason) ? kRetryAfter : kRetryAfterRefusal);
  }
  v1::ReadLogReply head;
  if (Status parsed = bus::ParseBody(*reply, &head); !parsed) {
    trouble_ = parsed.error();
    return AskLater(kRetryAfterRefusal);
  }
  Heard(head.durable_position());
  if (reply->body.size() > 1) {
    auto page = ReadPage(*std::move(reply));
    if (!page) {
      trouble_ = page.error();
      return AskLater(kRetryAfterRefusal);
    }
    at_ = {page->commits.back().last(), page->commits.back().hash()};
    pages_.push_back(*std::move(page));
  }
  trouble_.reset();
  Ask();
  on_reply_();
}

void LogReader::LookAtHead() {
  dealer_->Request(bus::MessageType::status_request, v1::StatusRequest(), kWait,
                   [this](tl::expected<bus::Message, Errors> reply) {
                     v1::StatusReply status;
                     if (reply && bus::ParseBody(*reply, &status)) Heard(status.durable_position());
                   });
}

void LogReader::Heard(std::uint64_t durable) {
  durable_ = Position(durable);
  heard_ = true;
}

Result<LogPage> LogReader::ReadPage(bus::Message message) const {
  LogPage page{.message = std::move(message), .commits = {}};
  log::ChainPoint end = at_;
  for (std::size_t frame = 1; frame < page.message.body.size(); ++frame) {
    auto commit = log::CommitView::Parse(page.message.frame(frame));
    if (!commit) return Fail(std::move(commit).error());
    if (commit->first() != end.position.Next() || commit->previous_hash() != end.hash) {
      return Fail(Reason::kLogDiverged, "", std::to_string(commit->first().value()),
                  fmt::format("ingest sent a commit that does not continue the chain the views "
                              "were made of, which ends at position {}",
                              end.position.value()));
    }
    end = {commit->last(), commit->hash()};
    page.commits.push_back(*commit);
  }
  return page;
}

}  // namespace entente::projector
