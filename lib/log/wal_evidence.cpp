#include "log/wal_evidence.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "log/byte_order.h"
#include "log/commit.h"
#include "log/commit_layout.h"

namespace entente::log {
namespace {

// RocksDB wiki, "Write Ahead Log File Format": blocks of 32 KiB; in each, records with a header of
// checksum u32, length u16, type u8, and for recyclable types a log number u32.
constexpr std::size_t kBlockSize = 32 << 10;
constexpr std::size_t kRecordHeader = 7;
constexpr std::size_t kRecyclableHeader = 11;
constexpr unsigned char kFirstRecyclable = 5;
constexpr unsigned char kLastRecyclable = 8;

// The payloads of all records, one behind the other, without regard to checksums. A damaged length
// costs no more than the rest of its block.
std::string Payloads(std::string_view wal) {
  std::string payloads;
  payloads.reserve(wal.size());
  for (std::size_t begin = 0; begin < wal.size(); begin += kBlockSize) {
    std::string_view block = wal.substr(begin, kBlockSize);
    while (block.size() >= kRecordHeader) {
      const std::size_t length = GetLittle<std::uint16_t>(block.data() + 4);
      const auto type = static_cast<unsigned char>(block[6]);
      const std::size_t header =
          kFirstRecyclable <= type && type <= kLastRecyclable ? kRecyclableHeader : kRecordHeader;
      if (header + length > block.size()) break;
      payloads += block.substr(header, length);
      block.remove_prefix(header + length);
    }
  }
  return payloads;
}

}  // namespace

Position DurableThroughInWal(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string wal{std::istreambuf_iterator<char>(stream), {}};
  const std::string payloads = Payloads(wal);
  const std::string_view bytes = payloads;
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
