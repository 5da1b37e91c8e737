#include "views/verify/compare_rows.h"

#include <utility>

namespace entente::views {
namespace {

constexpr std::uint64_t kTellEvery = 1 << 12;

std::optional<RowDifference> Differ(std::optional<StoredRow>& stored,
                                    std::optional<StoredRow>& folded) {
  const bool only_stored = stored && (!folded || stored->key < folded->key);
  const bool only_folded = folded && (!stored || folded->key < stored->key);
  if (only_stored) {
    return RowDifference{std::move(stored->key), std::move(stored->value), std::nullopt};
  }
  if (only_folded) {
    return RowDifference{std::move(folded->key), std::nullopt, std::move(folded->value)};
  }
  if (!stored || stored->value == folded->value) return std::nullopt;
  return RowDifference{std::move(stored->key), std::move(stored->value), std::move(folded->value)};
}

}  // namespace

Result<RowComparison> CompareRows(RowStream& stored, RowStream& folded,
                                  const std::function<bool(std::uint64_t)>& progress) {
  RowComparison comparison;
  RowHasher hasher;
  while (true) {
    auto is = stored.Next();
    if (!is) return Fail(std::move(is).error());
    auto should_be = folded.Next();
    if (!should_be) return Fail(std::move(should_be).error());
    comparison.difference = Differ(*is, *should_be);
    if (comparison.difference || !*is) break;
    hasher.Add((*is)->key, (*is)->value);
    if (progress && hasher.rows() % kTellEvery == 0 && !progress(hasher.rows())) {
      return Fail(Reason::kStopping, "", "", "the comparison was stopped");
    }
  }
  comparison.stored = hasher.Finish();
  return comparison;
}

}  // namespace entente::views
