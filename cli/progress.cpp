#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace entente::cli {

Progress::Progress(bool shown) : shown_(shown) {}

Progress::~Progress() { Wipe(); }

void Progress::Show(std::uint64_t events, std::uint64_t bytes, std::uint64_t total) {
  const auto now = Clock::now();
  // A short command shows none, and a long one not at every event.
  if (!shown_ || now - std::max(begun_, last_) < std::chrono::milliseconds(100)) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - begun_).count();
  std::string line = fmt::format("{} events, {:.0f} a second", events,
                                 static_cast<double>(events) / std::max(seconds, 0.001));
  if (total > 0) {
    constexpr std::size_t kBar = 30;
    const double part = std::min(1.0, static_cast<double>(bytes) / static_cast<double>(total));
    const auto filled = static_cast<std::size_t>(part * kBar);
    std::string bar;
    for (std::size_t i = 0; i < kBar; ++i) bar += i < filled ? "█" : "░";
    line = fmt::format("{} {:3.0f} %  {}", bar, part * 100, line);
  }
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::Wipe() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace entente::cli
