#include "values/strong.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "values/day.h"
#include "values/position.h"
#include "values/recorded_time.h"

namespace entente {
namespace {

// What must not compile: handing one kind of number over for another.
static_assert(!std::is_convertible_v<Revision, Position>);
static_assert(!std::is_constructible_v<Position, Revision>);
static_assert(!std::is_convertible_v<std::uint64_t, Position>);
static_assert(!std::is_constructible_v<ReportedDay, ValidDay>);
static_assert(!std::is_constructible_v<RecordedTime, ReportedDay>);
static_assert(!std::is_convertible_v<Day, ValidDay>);

template <class A, class B>
concept Comparable = requires(A a, B b) { a < b; };
static_assert(Comparable<Position, Position>);
static_assert(!Comparable<Position, Revision>);
static_assert(!Comparable<ValidDay, ReportedDay>);

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
