// Shares the changes of a durable subscription with whoever else runs this.
#include <entente/client/client.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace entente;
  client::Client client({.query = argc > 1 ? argv[1] : "tcp://127.0.0.1:7402"});
  v1::CreateGroupRequest group;
  group.mutable_group()->set_name("desk");
  group.mutable_group()->mutable_filter()->add_countries("JP");
  if (const auto made = client.Ask(group); !made) {  // made once; again is no harm
    std::cerr << made.error().front().ToString() << "\n";
    return 1;
  }
  v1::SubscribeRequest request;
  request.set_group("desk");
  const auto take = [](const v1::Delivered& delivered) {
    std::cout << delivered.change().text() << std::endl;
    return client::Client::Settlement{};  // done; or .how = retry_later, park, skip
  };
  const auto done = client.Consume(request, {.on_change = take, .stop = [] { return false; }});
  if (!done) std::cerr << done.error().front().ToString() << "\n";
}
