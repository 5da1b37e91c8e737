// Short names of ids and streams, for the index only.
//
// Both are seeded hashes (XXH3, 128 bits), the seed being the store's own and secret, so that
// nobody can choose names that meet. An id's key only says where to look: what lies there is
// compared, and another id under the same key moves on to the next one. A stream's 96 bits stand
// for its name: two of a billion streams meet with a probability below 1e-10.
#pragma once

#include <xxhash.h>

#include <compare>
#include <cstdint>
#include <string_view>

namespace entente::log {

struct IdKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  // Where an id goes whose own key is another's.
  IdKey Next() const { return {high, low + 1}; }
  friend constexpr auto operator<=>(const IdKey&, const IdKey&) = default;
};

struct StreamKey {
  std::uint64_t high = 0;
  std::uint32_t low = 0;
  friend constexpr auto operator<=>(const StreamKey&, const StreamKey&) = default;
};

class KeyMaker {
 public:
  explicit KeyMaker(std::uint64_t seed) : seed_(seed) {}
  IdKey ForId(std::string_view id) const {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(id.data(), id.size(), seed_);
    return {hash.high64, hash.low64};
  }
  StreamKey ForStream(std::string_view stream) const {
    const XXH128_hash_t hash = XXH3_128bits_withSeed(stream.data(), stream.size(), ~seed_);
    return {hash.high64, static_cast<std::uint32_t>(hash.low64)};
  }

 private:
  std::uint64_t seed_;
};

}  // namespace entente::log
