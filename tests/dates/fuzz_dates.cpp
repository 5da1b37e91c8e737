// Entry for libFuzzer: any bytes as date, reported time and duration. Built where the compiler is
// clang (ENTENTE_FUZZ); the promises are those that the tests check.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

#include "tests/dates/promises.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using entente::domain::BrokenByDate;
  using entente::domain::BrokenByDuration;
  using entente::domain::BrokenByReportedTime;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string broken =
      BrokenByDate(text) + BrokenByReportedTime(text) + BrokenByDuration(text);
  if (!broken.empty()) {
    std::fprintf(stderr, "breaks %s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
