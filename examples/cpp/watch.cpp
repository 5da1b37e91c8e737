// Is told what changes, from where it stood when it last ran; each change once.
#include <entente/client/bookmark.h>
#include <entente/client/client.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace entente;
  client::Client client({.query = argc > 1 ? argv[1] : "tcp://127.0.0.1:7402"});
  const client::Bookmark saved("watch.cursor");
  v1::SubscribeRequest request;
  request.mutable_filter()->add_countries("JP");
  if (const auto place = saved.Read(); place && *place) {
    request.mutable_after()->set_position((*place)->position.value());
    request.mutable_after()->set_ordinal((*place)->ordinal.value());
  }
  const auto take = [&](const v1::SubscriptionMessage& message) {
    if (message.has_delivered()) std::cout << message.delivered().change().text() << std::endl;
    const auto ordinal = static_cast<std::uint16_t>(message.covered_to().ordinal());
    return saved.Save({Position(message.covered_to().position()), Ordinal(ordinal)}).has_value();
  };
  const auto done = client.Subscribe(request, take, [] { return false; });
  if (!done) std::cerr << done.error().front().ToString() << "\n";
}
