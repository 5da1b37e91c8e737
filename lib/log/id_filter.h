// Says of most ids that a run of the index does not have them, without reading it.
//
// A blocked Bloom filter (Putze, Sanders, Singler: "Cache-, Hash- and Space-Efficient Bloom
// Filters", 2007): all bits of a key lie in one cache line, so that a question costs one miss. At
// 16 bits a key it is wrong about once in four hundred, and only ever by saying "perhaps".
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "log/index_keys.h"

namespace entente::log {

class IdFilter {
 public:
  struct alignas(64) Block {
    std::array<std::uint64_t, 8> words{};
  };
  static_assert(sizeof(Block) == 64);

  // For so many keys; with more it is still right, but less often sure.
  explicit IdFilter(std::size_t keys)
      : blocks_(std::max<std::size_t>(keys * kBitsPerKey / kBlockBits, 1)) {}
  // One that was written; not without any block.
  explicit IdFilter(std::vector<Block> blocks) : blocks_(std::move(blocks)) {}

  void Insert(const IdKey& key) {
    Block& block = blocks_[BlockOf(key)];
    for (int probe = 0; probe < kProbes; ++probe) {
      const unsigned bit = BitOf(key, probe);
      block.words[bit / 64] |= std::uint64_t{1} << bit % 64;
    }
  }
  // False: the key was never inserted.
  bool MayHold(const IdKey& key) const {
    const Block& block = blocks_[BlockOf(key)];
    for (int probe = 0; probe < kProbes; ++probe) {
      const unsigned bit = BitOf(key, probe);
      if ((block.words[bit / 64] >> bit % 64 & 1) == 0) return false;
    }
    return true;
  }
  // Begins to load what MayHold will look at: with many keys at hand, their cache misses overlap.
  void Prefetch(const IdKey& key) const { __builtin_prefetch(&blocks_[BlockOf(key)]); }

  const std::vector<Block>& blocks() const { return blocks_; }

 private:
  static constexpr std::size_t kBitsPerKey = 16;
  static constexpr std::size_t kBlockBits = 512;
  static constexpr int kProbes = 6;

  std::size_t BlockOf(const IdKey& key) const {
    // The high half, scaled to the number of blocks (Lemire: "Fast random integer generation in an
    // interval").
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>(Wide{key.high} * blocks_.size() >> 64);
  }
  static unsigned BitOf(const IdKey& key, int probe) {
    return static_cast<unsigned>(key.low >> (9 * probe)) & (kBlockBits - 1);
  }

  std::vector<Block> blocks_;
};

}  // namespace entente::log
