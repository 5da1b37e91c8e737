// How much a test tries: little each time, all with `scripts/test --all`.
#pragma once

#include <cstdlib>

namespace entente::log {

template <class T>
T Thoroughly(T all, T usually) {
  return std::getenv("ENTENTE_TEST_ALL") != nullptr ? all : usually;
}

}  // namespace entente::log
