// Says of most ids that the index does not have them, without asking it.
//
// A blocked Bloom filter (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom
// Filters", 2007): all bits of a key lie in one cache line, so that a question costs one miss. At
// 16 bits a key it is wrong about once in four hundred, and only ever by saying "perhaps".
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "log/index_keys.h"

namespace entente::log {

// One thread inserts while others ask; what was inserted before a key was published by other means
// (a mutex, say) is seen by those who learned of it that way.
class IdFilter {
 public:
  explicit IdFilter(std::size_t capacity)
      : capacity_(capacity),
        blocks_(std::max<std::size_t>(capacity * kBitsPerKey / kBlockBits, 1)) {}

  void Insert(const IdKey& key) {
    Block& block = blocks_[BlockOf(key)];
    for (int probe = 0; probe < kProbes; ++probe) {
      const unsigned bit = BitOf(key, probe);
      block.words[bit / 64].fetch_or(std::uint64_t{1} << bit % 64, std::memory_order_relaxed);
    }
    ++size_;
  }
  // False: the key was never inserted.
  bool MayHold(const IdKey& key) const {
    const Block& block = blocks_[BlockOf(key)];
    for (int probe = 0; probe < kProbes; ++probe) {
      const unsigned bit = BitOf(key, probe);
      const std::uint64_t word = block.words[bit / 64].load(std::memory_order_relaxed);
      if ((word >> bit % 64 & 1) == 0) return false;
    }
    return true;
  }
  void Prefetch(const IdKey& key) const { __builtin_prefetch(&blocks_[BlockOf(key)]); }

  // More keys than it was made for: still right, but less often sure.
  bool outgrown() const { return size_ > capacity_; }

 private:
  static constexpr std::size_t kBitsPerKey = 16;
  static constexpr std::size_t kBlockBits = 512;
  static constexpr int kProbes = 6;

  struct alignas(64) Block {
    std::array<std::atomic<std::uint64_t>, kBlockBits / 64> words{};
  };
  static_assert(sizeof(Block) == 64);

  std::size_t BlockOf(const IdKey& key) const {
    // The high half, scaled to the number of blocks (Lemire: "Fast random integer generation in an
    // interval").
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>(Wide{key.high} * blocks_.size() >> 64);
  }
  static unsigned BitOf(const IdKey& key, int probe) {
    return static_cast<unsigned>(key.low >> (9 * probe)) & (kBlockBits - 1);
  }

  std::size_t capacity_;
  std::size_t size_ = 0;
  std::vector<Block> blocks_;
};

}  // namespace entente::log
