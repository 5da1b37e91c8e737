// Fixed-width integers as bytes: little-endian inside values, big-endian in keys, so that keys sort
// as their numbers do.
#pragma once

#include <bit>
#include <concepts>
#include <cstring>
#include <string>
#include <string_view>

namespace entente {

static_assert(std::endian::native == std::endian::little,
              "values are copied as they lie in memory; a big-endian machine needs swaps here");

template <std::integral T>
void PutLittle(char* at, T value) {
  std::memcpy(at, &value, sizeof value);
}

template <std::integral T>
T GetLittle(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <std::unsigned_integral T>
void PutBig(char* at, T value) {
  for (std::size_t i = 0; i < sizeof value; ++i) {
    at[i] = static_cast<char>(value >> (8 * (sizeof value - 1 - i)));
  }
}

template <std::unsigned_integral T>
T GetBig(const char* at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof value; ++i) {
    value = static_cast<T>(value << 8) | static_cast<unsigned char>(at[i]);
  }
  return value;
}

}  // namespace entente
