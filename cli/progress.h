// A line on the terminal that says how far a long command is.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace entente::cli {

// Writes to standard error, at most ten times a second, and wipes itself at the end. Silent when
// not on a terminal. One thread.
class Progress {
 public:
  explicit Progress(bool shown);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // `total` 0: not known.
  void Show(std::uint64_t events, std::uint64_t bytes, std::uint64_t total);
  // The part that is done, 0 to 1, and what to say beside it.
  void Show(double part, std::string_view words);
  // Takes the line away, so that something else can be printed; the next Show brings it back.
  void Wipe();

 private:
  using Clock = std::chrono::steady_clock;
  // Whether it is time for a line: a short command shows none, and a long one not at every event.
  bool IsDue();
  void Draw(std::string_view line);
  bool shown_;
  bool drawn_ = false;
  Clock::time_point begun_ = Clock::now();
  Clock::time_point last_;
};

}  // namespace entente::cli
