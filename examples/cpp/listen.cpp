// Hears the tail of some countries, and what it dropped.
#include <entente/client/client.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace entente;
  client::Client client({.query = argc > 1 ? argv[1] : "tcp://127.0.0.1:7402",
                         .tail = argc > 2 ? argv[2] : "tcp://127.0.0.1:7403"});
  const client::Client::Listener listener{
      .on_change =
          [](const v1::DescribedChange& change) {
            std::cout << change.text() << std::endl;
            return true;
          },
      .on_gap =
          [](const std::string& prefix, const Cursor& after, const Cursor&) {
            std::cerr << prefix << ": asks for what came after " << after.position.value() << "\n";
          },
      .stop = [] { return false; }};
  const auto done = client.Listen({"JP", "IN"}, std::nullopt, listener);
  if (!done) std::cerr << done.error().front().ToString() << "\n";
}
