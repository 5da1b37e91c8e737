// A measurement that fails has nothing to say; it ends the program with a sentence.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace entente::bench {

[[noreturn]] inline void GiveUp(std::string_view what) {
  fmt::print(stderr, "bench: {}\n", what);
  std::_Exit(1);
}

// The value of a Result or Reply that has to have one.
template <class T>
auto Must(T result, std::string_view what) {
  if (!result) GiveUp(what);
  return std::move(*result);
}

}  // namespace entente::bench
