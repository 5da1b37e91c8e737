#include "views/rows/seen_keys.h"

#include <algorithm>
#include <functional>

namespace entente::views {
namespace {

constexpr int kBitsPerKey = 7;

// Spreads a hash over all its bits (the finalizer of MurmurHash3).
std::uint64_t Mix(std::uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  hash *= 0xc4ceb9fe1a85ec53ULL;
  return hash ^ hash >> 33;
}

// Calls `visit` with the word and the bit of each place in a block; stops where it returns false.
template <class Visit>
bool VisitBits(std::uint64_t bits, const Visit& visit) {
  for (int i = 0; i < kBitsPerKey; ++i, bits >>= 9) {
    if (!visit((bits >> 6) & 7, std::uint64_t{1} << (bits & 63))) return false;
  }
  return true;
}

}  // namespace

bool SeenKeys::Add(std::string_view key) {
  const std::uint64_t place = Mix(std::hash<std::string_view>{}(key));
  const std::uint64_t bits = Mix(place + 0x9e3779b97f4a7c15ULL);
  for (const Layer& layer : layers_) {
    const Block& block = layer.blocks[place & (layer.blocks.size() - 1)];
    if (VisitBits(bits, [&](auto word, auto bit) { return (block[word] & bit) != 0; })) return true;
  }
  if (layers_.empty() || layers_.back().keys == layers_.back().blocks.size() * kKeysPerBlock) {
    const std::size_t blocks = layers_.empty() ? kFirstBlocks : 4 * layers_.back().blocks.size();
    layers_.push_back({std::vector<Block>(blocks), 0});
  }
  Layer& layer = layers_.back();
  ++layer.keys;
  Block& block = layer.blocks[place & (layer.blocks.size() - 1)];
  VisitBits(bits, [&](auto word, auto bit) {
    block[word] |= bit;
    return true;
  });
  return false;
}

}  // namespace entente::views
