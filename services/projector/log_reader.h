// Reads the log from ingest, one page ahead of the projection.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bus/dealer.h"
#include "bus/loop.h"
#include "log/log.h"
#include "values/error.h"

namespace entente::projector {

// Commits as ingest sent them; the views point into the message.
struct LogPage {
  bus::Message message;
  std::vector<log::CommitView> commits;  // at least one
};

// Long-polls ingest:
//
//     ask ─▶ page 1 ─▶ ask ─▶ (page 1 is projected) ─▶ page 2 is there already
//
// Never holds more than kPagesMax pages. Every request names the chain it goes on from, so that a
// log which is not the one our views were made of is refused, at the first contact and after each
// reconnection. On a loop.
class LogReader {
 public:
  static constexpr std::size_t kPagesMax = 2;

  // Reads on from `from`; calls `on_reply` whenever ingest has answered: Take may have
  // something to give then, and the head may be another.
  static Result<std::unique_ptr<LogReader>> Connect(bus::Loop& loop, zmq::context_t& context,
                                                    const std::string& endpoint,
                                                    const log::ChainPoint& from,
                                                    std::function<void()> on_reply);
  ~LogReader();

  std::optional<LogPage> Take();

  // Asks how far the log is, for who takes no pages for now.
  void LookAtHead();

  // Head of the durable log as last heard; Position() until heard().
  Position durable() const { return durable_; }
  bool heard() const { return heard_; }
  // Why nothing comes; nullopt while ingest answers. LOG_DIVERGED and its like stand until ingest
  // answers otherwise: it is asked again and again, since a person may be mending it.
  const std::optional<Error>& trouble() const { return trouble_; }

 private:
  LogReader(bus::Loop& loop, const log::ChainPoint& from, std::function<void()> on_reply);

  void Ask();
  void AskLater(std::chrono::milliseconds delay);
  void OnReply(tl::expected<bus::Message, Errors> reply);
  void Heard(std::uint64_t durable);
  // Parses the commits and checks that they continue the chain.
  Result<LogPage> ReadPage(bus::Message message) const;

  bus::Loop& loop_;
  std::unique_ptr<bus::Dealer> dealer_;
  log::ChainPoint at_;  // end of the last page that came
  std::function<void()> on_reply_;
  std::deque<LogPage> pages_;
  Position durable_;
  bool heard_ = false;
  bool asking_ = false;
  std::optional<bus::Loop::TimerId> later_;
  std::optional<Error> trouble_;
};

}  // namespace entente::projector
