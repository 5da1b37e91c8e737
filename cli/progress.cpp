#include "cli/progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

namespace entente::cli {
namespace {

std::string Bar(double part) {
  constexpr std::size_t kWidth = 30;
  part = std::min(1.0, part);
  const auto filled = static_cast<std::size_t>(part * kWidth);
  std::string bar;
  for (std::size_t i = 0; i < kWidth; ++i) bar += i < filled ? "█" : "░";
  return fmt::format("{} {:3.0f} %", bar, part * 100);
}

}  // namespace

Progress::Progress(bool shown) : shown_(shown) {}

Progress::~Progress() { Wipe(); }

bool Progress::IsDue() {
  const auto now = Clock::now();
  if (!shown_ || now - std::max(begun_, last_) < std::chrono::milliseconds(100)) return false;
  last_ = now;
  return true;
}

void Progress::Draw(std::string_view line) {
  fmt::print(stderr, "\r\x1b[K{}", line);
  std::fflush(stderr);
  drawn_ = true;
}

void Progress::Show(std::uint64_t events, std::uint64_t bytes, std::uint64_t total) {
  if (!IsDue()) return;
  const double seconds = std::chrono::duration<double>(last_ - begun_).count();
  const std::string words = fmt::format("{} events, {:.0f} a second", events,
                                        static_cast<double>(events) / std::max(seconds, 0.001));
  if (total == 0) return Draw(words);
  const double part = static_cast<double>(bytes) / static_cast<double>(total);
  Draw(fmt::format("{}  {}", Bar(part), words));
}

void Progress::Show(double part, std::string_view words) {
  if (IsDue()) Draw(fmt::format("{}  {}", Bar(part), words));
}

void Progress::Wipe() {
  if (!drawn_) return;
  fmt::print(stderr, "\r\x1b[K");
  std::fflush(stderr);
  drawn_ = false;
}

}  // namespace entente::cli
