// Lines of a file or of standard input, as they come.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "values/error.h"

namespace entente::cli {

// Reads a file descriptor in blocks. One thread.
class LineReader {
 public:
  // "-" is standard input. FILE_UNREADABLE.
  static Result<LineReader> Open(const std::string& path);
  LineReader(LineReader&& other) noexcept;
  LineReader& operator=(LineReader&&) = delete;
  ~LineReader();

  struct Line {
    std::uint64_t number = 0;  // from 1
    std::string text;          // without its end
    bool too_long = false;     // cut at kLineBytesMax; the rest was skipped
  };
  static constexpr std::size_t kLineBytesMax = 16U << 20;

  // Blocks until there is a line. nullopt: the end. FILE_UNREADABLE when reading fails.
  Result<std::optional<Line>> Next();
  // Next would block: nothing more has been written to the other end of the pipe so far.
  bool Starved() const;

  std::uint64_t bytes_read() const { return bytes_read_; }
  // Size of a regular file; 0 where there is none to know.
  std::uint64_t bytes_total() const { return bytes_total_; }

 private:
  LineReader(int fd, bool owned, std::string path);
  Status Fill();

  int fd_;
  bool owned_;
  bool ended_ = false;
  std::string path_;
  std::string buffer_;
  std::size_t begin_ = 0;
  std::uint64_t number_ = 0;
  std::uint64_t bytes_read_ = 0;
  std::uint64_t bytes_total_ = 0;
};

}  // namespace entente::cli
