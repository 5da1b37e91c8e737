#include "log/wal_evidence.h"

#include <algorithm>
#include <fstream>
#include <string>
#include <string_view>

#include "log/commit.h"
#include "log/commit_layout.h"
#include "values/byte_order.h"

namespace entente::log {
namespace {

// RocksDB wiki, "Write Ahead Log File Format": blocks of 32 KiB, each of which begins with the
// 7-byte header of a record; a record that does not fit goes on behind the header of the next.
constexpr std::size_t kBlockSize = 32 << 10;
constexpr std::size_t kRecordHeader = 7;

}  // namespace

std::string ContentOfWal(const std::filesystem::path& file) {
  std::ifstream wal(file, std::ios::binary);
  std::string bytes;
  std::string block(kBlockSize, '\0');
  while (wal.read(block.data(), kBlockSize), wal.gcount() > 0) {
    const auto size = static_cast<std::size_t>(wal.gcount());
    if (size > kRecordHeader) bytes.append(block, kRecordHeader, size - kRecordHeader);
  }
  return bytes;
}

Position DurableThroughInWal(const std::filesystem::path& file) {
  const std::string content = ContentOfWal(file);
  const std::string_view bytes = content;
  Position durable_through;
  constexpr std::string_view kMark = "ENTC";
  for (std::size_t at = bytes.find(kMark); at != std::string_view::npos;
       at = bytes.find(kMark, at + 1)) {
    const std::string_view rest = bytes.substr(at);
    if (rest.size() < layout::kHeaderSize) break;
    const std::size_t size = GetLittle<std::uint32_t>(rest.data() + layout::kSizeAt);
    // The checksum makes sure that it is a commit and not an event that speaks of one.
    if (size > rest.size()) continue;
    const auto commit = CommitView::Parse(rest.substr(0, size));
    if (commit) durable_through = std::max(durable_through, commit->durable_through());
  }
  return durable_through;
}

}  // namespace entente::log
