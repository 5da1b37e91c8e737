// Appends one report. What is acknowledged is on disk.
#include <entente/client/client.h>

#include <iostream>

int main(int argc, char** argv) {
  using namespace entente;
  client::Client client({.ingest = argc > 1 ? argv[1] : "tcp://127.0.0.1:7400"});
  v1::AppendRequest request;
  v1::NewEvent& event = *request.add_events();
  event.set_stream("meeting/jp-in-two-plus-two-2021-04");
  event.set_reported("2021-05-05");
  event.mutable_source()->set_publisher("The Example Gazette");
  event.mutable_source()->set_class_(v1::Source::media);
  event.mutable_meeting()->set_kind("two-plus-two");
  for (const char* name : {"Japan", "India"})
    event.mutable_meeting()->add_parties()->set_name(name);
  event.mutable_meeting_postponed()->set_reason("epidemic");
  const auto reply = client.Append(request);
  if (reply) std::cout << "position " << reply->events(0).position() << "\n";
  if (!reply) std::cerr << reply.error().front().ToString() << "\n";
  return reply ? 0 : 1;
}
