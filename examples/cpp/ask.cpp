// Asks for a country's timeline, page by page.
#include <entente/client/client.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace entente;
  client::Client client({.query = argc > 1 ? argv[1] : "tcp://127.0.0.1:7402"});
  v1::TimelineRequest request;
  request.mutable_context()->set_today("2021-05-05");
  request.mutable_filter()->add_countries("JP");
  do {
    const auto page = client.Ask(request);
    if (!page) {
      std::cerr << page.error().front().ToString() << "\n";
      return 1;
    }
    for (const auto& entry : page->entries()) std::cout << entry.meeting().id() << "\n";
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
}
