#include <algorithm>
#include <deque>
#include <optional>
#include <utility>

#include "client/client_state.h"

namespace entente::client {
namespace {

using bus::MessageType;

class WindowedPipeline final : public Client::Pipeline {
 public:
  using OnReply = std::function<void(Reply<v1::AppendReply>)>;

  WindowedPipeline(Client::State& state, unsigned window)
      : state_(state), window_(std::max(window, 1U)) {}

  void Send(const v1::AppendRequest& request, OnReply on_reply) override {
    DeliverReady();
    WaitUntilFewerThan(window_);
    auto sent = std::make_shared<Sent>();
    sent->on_reply = std::move(on_reply);
    in_flight_.push_back(sent);
    if (!connection_) {
      auto connected = state_.Connect(state_.endpoints.ingest, "ingest");
      if (!connected) {
        sent->reply = tl::unexpected<Errors>(Errors{std::move(connected.error())});
        return DeliverReady();
      }
      connection_ = std::move(*connected);
    }
    connection_->Request(MessageType::append_request, request, state_.timeout,
                         [this, sent](tl::expected<bus::Message, Errors> answer) {
                           sent->reply = Read(std::move(answer));
                           if (in_flight_.front()->reply) state_.loop.Stop();
                         });
  }

  void Finish() override { WaitUntilFewerThan(1); }

 private:
  struct Sent {
    OnReply on_reply;
    std::optional<Reply<v1::AppendReply>> reply;
  };

  static Reply<v1::AppendReply> Read(tl::expected<bus::Message, Errors> answer) {
    if (!answer) return tl::unexpected<Errors>(std::move(answer.error()));
    v1::AppendReply reply;
    if (Status parsed = bus::ParseBody(*answer, &reply); !parsed) {
      return tl::unexpected<Errors>(Errors{std::move(parsed.error())});
    }
    return reply;
  }

  void WaitUntilFewerThan(std::size_t count) {
    while (in_flight_.size() >= count) {
      state_.loop.Run();
      DeliverReady();
    }
  }

  // In the order sent, and outside of the loop, so that callbacks may call the client.
  void DeliverReady() {
    while (!in_flight_.empty() && in_flight_.front()->reply) {
      const std::shared_ptr<Sent> first = std::move(in_flight_.front());
      in_flight_.pop_front();
      first->on_reply(std::move(*first->reply));
    }
  }

  Client::State& state_;
  const std::size_t window_;
  std::deque<std::shared_ptr<Sent>> in_flight_;
  std::unique_ptr<bus::Dealer> connection_;
};

}  // namespace

std::unique_ptr<Client::Pipeline> Client::OpenPipeline(unsigned window) {
  return std::make_unique<WindowedPipeline>(*state_, window);
}

}  // namespace entente::client
