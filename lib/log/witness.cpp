#include "log/witness.h"

#include <fcntl.h>
#include <unistd.h>
#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "values/byte_order.h"

namespace entente::log {
namespace {

// "ENTW", version u32, position u64, chain hash, XXH3-64 of all before it; little-endian.
constexpr std::uint32_t kMagic = 0x57544e45;
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kVersionAt = 4;
constexpr std::size_t kPositionAt = 8;
constexpr std::size_t kHashAt = 16;
constexpr std::size_t kChecksumAt = 48;
constexpr std::size_t kSize = 56;

}  // namespace

std::optional<ChainPoint> Witness::Read(const std::filesystem::path& path) {
  std::array<char, kSize> bytes{};
  std::ifstream file(path, std::ios::binary);
  if (!file.read(bytes.data(), bytes.size())) return std::nullopt;
  const char* const at = bytes.data();
  if (GetLittle<std::uint32_t>(at) != kMagic ||
      GetLittle<std::uint32_t>(at + kVersionAt) != kVersion ||
      GetLittle<std::uint64_t>(at + kChecksumAt) != XXH3_64bits(at, kChecksumAt)) {
    return std::nullopt;
  }
  return ChainPoint{Position(GetLittle<std::uint64_t>(at + kPositionAt)),
                    DigestFrom({at + kHashAt, sizeof(Digest)})};
}

Result<Witness> Witness::Open(const std::filesystem::path& path) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
  if (file < 0) {
    return Fail(Reason::kStoreIo, path.string(), "",
                std::error_code(errno, std::generic_category()).message());
  }
  return Witness(file);
}

void Witness::Write(const ChainPoint& durable) const {
  std::array<char, kSize> bytes{};
  char* const at = bytes.data();
  PutLittle(at, kMagic);
  PutLittle(at + kVersionAt, kVersion);
  PutLittle(at + kPositionAt, durable.position.value());
  std::memcpy(at + kHashAt, durable.hash.data(), durable.hash.size());
  PutLittle(at + kChecksumAt, XXH3_64bits(at, kChecksumAt));
  [[maybe_unused]] const ssize_t written = pwrite(file_, at, bytes.size(), 0);
}

Witness::Witness(Witness&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

Witness& Witness::operator=(Witness&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Witness::~Witness() {
  if (file_ >= 0) close(file_);
}

}  // namespace entente::log
