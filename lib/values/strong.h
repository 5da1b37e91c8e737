// A number with a meaning: two of them mix only if they mean the same.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <limits>

namespace entente {

// A value of type Rep that counts or names one kind of thing, told apart by Tag. Construction is
// explicit and there is no conversion between tags, so that passing a revision for a position
// does not compile.
template <class Tag, class Rep>
class Strong {
 public:
  using rep = Rep;

  constexpr Strong() = default;
  constexpr explicit Strong(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }
  constexpr Strong Next() const { return Strong(static_cast<Rep>(value_ + 1)); }
  constexpr Strong Plus(Rep n) const { return Strong(static_cast<Rep>(value_ + n)); }

  static constexpr Strong Max() { return Strong(std::numeric_limits<Rep>::max()); }

  friend constexpr auto operator<=>(Strong, Strong) = default;

 private:
  Rep value_ = 0;
};

}  // namespace entente

template <class Tag, class Rep>
struct std::hash<entente::Strong<Tag, Rep>> {
  std::size_t operator()(entente::Strong<Tag, Rep> v) const noexcept {
    return std::hash<Rep>{}(v.value());
  }
};
