#include "cli/line_reader.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace entente::cli {
namespace {

tl::unexpected<Error> Unreadable(const std::string& path, int fault) {
  return Fail(Reason::kFileUnreadable, path, "", std::strerror(fault));
}

}  // namespace

Result<LineReader> LineReader::Open(const std::string& path) {
  if (path == "-") return LineReader(STDIN_FILENO, false, "standard input");
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return Unreadable(path, errno);
  return LineReader(fd, true, path);
}

LineReader::LineReader(int fd, bool owned, std::string path)
    : fd_(fd), owned_(owned), path_(std::move(path)) {
  struct stat about{};
  if (::fstat(fd_, &about) == 0 && S_ISREG(about.st_mode)) {
    bytes_total_ = static_cast<std::uint64_t>(about.st_size);
  }
}

LineReader::LineReader(LineReader&& other) noexcept
    : fd_(other.fd_),
      owned_(std::exchange(other.owned_, false)),
      ended_(other.ended_),
      path_(std::move(other.path_)),
      buffer_(std::move(other.buffer_)),
      begin_(other.begin_),
      number_(other.number_),
      bytes_read_(other.bytes_read_),
      bytes_total_(other.bytes_total_) {}

LineReader::~LineReader() {
  if (owned_) ::close(fd_);
}

Status LineReader::Fill() {
  if (begin_ > 0) {
    buffer_.erase(0, begin_);
    begin_ = 0;
  }
  std::array<char, 1U << 16> block{};
  ssize_t got = 0;
  do {
    got = ::read(fd_, block.data(), block.size());
  } while (got < 0 && errno == EINTR);
  if (got < 0) return Unreadable(path_, errno);
  if (got == 0) ended_ = true;
  bytes_read_ += static_cast<std::uint64_t>(got);
  buffer_.append(block.data(), static_cast<std::size_t>(got));
  return {};
}

Result<std::optional<LineReader::Line>> LineReader::Next() {
  Line line;
  std::size_t searched = 0;
  while (true) {
    const auto end = buffer_.find('\n', begin_ + searched);
    if (end != std::string::npos) {
      line.number = ++number_;
      if (!line.too_long) line.text = buffer_.substr(begin_, end - begin_);
      begin_ = end + 1;
      return line;
    }
    searched = buffer_.size() - begin_;
    if (searched > kLineBytesMax) {
      line.too_long = true;
      begin_ = buffer_.size();
      searched = 0;
    }
    if (ended_) {
      if (searched == 0 && !line.too_long) return std::nullopt;
      line.number = ++number_;
      line.text = buffer_.substr(begin_);
      begin_ = buffer_.size();
      return line;
    }
    if (auto filled = Fill(); !filled) return Fail(std::move(filled.error()));
  }
}

bool LineReader::Starved() const {
  if (ended_ || buffer_.find('\n', begin_) != std::string::npos) return false;
  pollfd ready{.fd = fd_, .events = POLLIN, .revents = 0};
  return ::poll(&ready, 1, 0) == 0;
}

}  // namespace entente::cli
