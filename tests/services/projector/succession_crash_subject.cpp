// A projector to be killed: kills itself at a named point of a rebuild.
//
//     succession_crash_subject DATA INGEST LISTEN POINT
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <vector>
#include <zmq.hpp>

#include "services/projector/service.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  zmq::context_t context;
  const auto service =
      entente::projector::Service::Start({.data = arguments.at(0),
                                          .ingest = arguments.at(1),
                                          .listen = arguments.at(2),
                                          .at_point =
                                              [point = arguments.at(3)](std::string_view name) {
                                                if (name == point) kill(getpid(), SIGKILL);
                                              }},
                                         context);
  if (!service) {
    fmt::print(stderr, "{}\n", service.error().ToString());
    return 1;
  }
  pause();
}
