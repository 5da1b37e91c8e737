#include "values/strong.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "values/day.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente {
namespace {

// What must not compile: one kind of number, day or time in the place of another.
template <class A, class B>
concept Comparable =
    requires(const A& a, const B& b) { a < b; } || requires(const A& a, const B& b) { a == b; };

// A B is given for an A without a word, or compared with one.
template <class A, class B>
concept Mixes = std::is_convertible_v<B, A> || std::is_assignable_v<A&, B> || Comparable<A, B>;

// An A may be made of a B by saying so: a bare day is put on its axis.
template <class A, class B>
inline constexpr bool kMayBeMade = std::is_same_v<A, ReportedDay> && std::is_same_v<B, Day>;

template <class A, class B>
struct Cell {
  static_assert(std::is_same_v<A, B> || !Mixes<A, B>, "one stands in for the other");
  static_assert(std::is_same_v<A, B> || std::is_constructible_v<A, B> == kMayBeMade<A, B>,
                "one is made of the other");
  static constexpr bool kHolds = true;
};

// One kind against all: it is itself and no other.
template <class A, class... Kinds>
inline constexpr bool kRow =
    (Cell<A, Kinds>::kHolds && ...) && (int{std::is_same_v<A, Kinds>} + ...) == 1;
template <class... Kinds>
inline constexpr bool kMatrix = (kRow<Kinds, Kinds...> && ...);
static_assert(kMatrix<Position, Revision, Ordinal, Day, ReportedDay, RecordedTime>);

// A bare number is none of them, and none of them is a bare number.
template <class Number, class... Kinds>
inline constexpr bool kNoneIs =
    ((!Mixes<Kinds, Number> && !Mixes<Number, Kinds> && !std::is_constructible_v<Number, Kinds>) &&
     ...);
static_assert(kNoneIs<std::uint64_t, Position, Revision, Ordinal, Day, ReportedDay, RecordedTime>);
static_assert(kNoneIs<std::int64_t, Position, Revision, Ordinal, Day, ReportedDay, RecordedTime>);
static_assert(kNoneIs<int, Position, Revision, Ordinal, Day, ReportedDay, RecordedTime>);

// A place in the feed is a position and an ordinal, in this order.
static_assert(std::is_constructible_v<Cursor, Position, Ordinal>);
static_assert(!std::is_constructible_v<Cursor, Ordinal, Position>);
static_assert(!std::is_constructible_v<Cursor, Revision, Ordinal>);
static_assert(!Mixes<Position, Cursor> && !Mixes<Cursor, Position>);

// They do compare with their own.
static_assert(Comparable<Position, Position> && Comparable<Revision, Revision> &&
              Comparable<Ordinal, Ordinal> && Comparable<Day, Day> &&
              Comparable<ReportedDay, ReportedDay> && Comparable<RecordedTime, RecordedTime>);

TEST(Strong, CountsOnwards) {
  EXPECT_EQ(Position().Next(), Position(1));
  EXPECT_EQ(Position(3).Plus(4), Position(7));
  EXPECT_LT(Position(3), Position::Max());
}

TEST(Cursor, OrdersByPositionThenOrdinal) {
  EXPECT_LT((Cursor{Position(1), Ordinal(9)}), (Cursor{Position(2), Ordinal(0)}));
  EXPECT_LT((Cursor{Position(2), Ordinal(0)}), (Cursor{Position(2), Ordinal(1)}));
}

}  // namespace
}  // namespace entente
