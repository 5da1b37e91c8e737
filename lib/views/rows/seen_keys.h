// Which keys came before, as far as need be known to spare looking them up: nearly every event of a
// log brings an id, a source and often a meeting that no event before it had.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace entente::views {

// Keys are added and never forgotten. Takes some twenty bits for each, and errs on one of some
// hundreds of new ones: to look one of them up in vain may take a thousand times as long. One
// thread at a time.
//
// A Bloom filter in blocks of a processor's cache line (Putze, Sanders, Singler, "Cache-, Hash- and
// Space-Efficient Bloom Filters", 2007), in layers each four times as large as the one before it
// (Almeida et al., "Scalable Bloom Filters", 2007).
class SeenKeys {
 public:
  // Adds the key. False: it is new, for certain. True: it came before, or, rarely, did not.
  bool Add(std::string_view key);

 private:
  static constexpr std::size_t kFirstBlocks = 1U << 11;
  static constexpr std::size_t kKeysPerBlock = 24;  // of 512 bits
  using Block = std::array<std::uint64_t, 8>;
  struct Layer {
    std::vector<Block> blocks;  // a power of two
    std::size_t keys = 0;
  };
  std::vector<Layer> layers_;
};

}  // namespace entente::views
