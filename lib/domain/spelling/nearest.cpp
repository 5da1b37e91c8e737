#include "domain/spelling/nearest.h"

#include <algorithm>
#include <array>
#include <optional>
#include <tuple>

namespace entente::domain {
namespace {

constexpr std::size_t kLongestKey = 64;
constexpr std::size_t kLongestCode = 3;

// Lower is nearer; compares by kind of likeness scaled into edits, then length, then spelling.
struct Score {
  std::size_t cost = 0;
  std::size_t length_gap = 0;
};

bool HoldsWord(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const bool starts = at == 0 || text[at - 1] == ' ';
    const std::size_t end = at + word.size();
    if (starts && (end == text.size() || text[end] == ' ')) return true;
  }
  return false;
}

std::optional<Score> ScoreOf(std::string_view key, std::string_view known) {
  // Codes are near to codes only: "ind" says nothing about "indonsia".
  if (known.size() <= kLongestCode && key.size() > kLongestCode) return std::nullopt;
  const auto [shorter, longer] =
      key.size() < known.size() ? std::tuple(key, known) : std::tuple(known, key);
  const std::size_t gap = longer.size() - shorter.size();
  // Costs are in thirds of an edit, so that a shared beginning ranks before one edit and a shared
  // word between one edit and two.
  std::optional<std::size_t> cost;
  const auto offer = [&](std::size_t c) { cost = cost ? std::min(*cost, c) : c; };
  if (shorter.size() >= 3 && longer.starts_with(shorter)) offer(2);
  if (shorter.size() >= 4 && HoldsWord(longer, shorter)) offer(4);
  const std::size_t limit = std::max<std::size_t>(1, shorter.size() / 3);
  if (key.size() > 2 && gap <= limit) {
    const std::size_t distance = EditDistance(key, known, limit);
    if (distance <= limit) offer(distance * 3);
  }
  if (!cost) return std::nullopt;
  return Score{*cost, gap};
}

}  // namespace

std::size_t EditDistance(std::string_view a, std::string_view b, std::size_t limit) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > limit || b.size() > kLongestKey) return limit + 1;
  std::array<std::array<std::size_t, kLongestKey + 1>, 3> rows;
  for (std::size_t j = 0; j <= b.size(); ++j) rows[0][j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    auto& row = rows[i % 3];
    const auto& above = rows[(i + 2) % 3];
    const auto& two_above = rows[(i + 1) % 3];
    row[0] = i;
    std::size_t best = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1,
                         above[j - 1] + static_cast<std::size_t>(a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], two_above[j - 2] + 1);
      }
      best = std::min(best, row[j]);
    }
    if (best > limit) return limit + 1;
  }
  return std::min(rows[a.size() % 3][b.size()], limit + 1);
}

std::vector<std::uint32_t> NearestOwners(std::string_view key, std::span<const Spelling> spellings,
                                         std::size_t at_most) {
  if (key.empty() || key.size() > kLongestKey) return {};
  struct Near {
    Score score;
    std::string_view spelling;
    std::uint32_t owner;
  };
  std::vector<Near> near;
  for (const Spelling& known : spellings) {
    if (const auto score = ScoreOf(key, known.key))
      near.push_back({*score, known.key, known.owner});
  }
  std::sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
    return std::tie(a.score.cost, a.score.length_gap, a.spelling, a.owner) <
           std::tie(b.score.cost, b.score.length_gap, b.spelling, b.owner);
  });
  std::vector<std::uint32_t> owners;
  for (const Near& candidate : near) {
    if (owners.size() == at_most) break;
    if (std::find(owners.begin(), owners.end(), candidate.owner) == owners.end()) {
      owners.push_back(candidate.owner);
    }
  }
  return owners;
}

}  // namespace entente::domain
