#include "views/rows/sort_rows.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace entente::views {
namespace {

// So few are sooner compared whole.
constexpr std::size_t kFew = 16;

struct Item {
  std::uint64_t letters = 0;  // eight bytes of the key, as a number
  std::uint32_t row = 0;
};

std::uint64_t LettersOf(std::string_view key, std::size_t depth) {
  std::uint64_t letters = 0;
  const std::size_t size = key.size() > depth ? std::min<std::size_t>(8, key.size() - depth) : 0;
  if (size > 0) std::memcpy(&letters, key.data() + depth, size);
  if constexpr (std::endian::native == std::endian::little) letters = __builtin_bswap64(letters);
  return letters;
}

// Of keys that are alike up to `depth`.
void Sort(const std::vector<RowChange>& rows, std::span<Item> items, std::size_t depth) {
  const auto by_key = [&](const Item& a, const Item& b) {
    return rows[a.row].key < rows[b.row].key;
  };
  if (items.size() < kFew) {
    std::sort(items.begin(), items.end(), by_key);
    return;
  }
  for (Item& item : items) item.letters = LettersOf(rows[item.row].key, depth);
  std::ranges::sort(items, {}, &Item::letters);
  for (auto begin = items.begin(); begin != items.end();) {
    const auto end = std::find_if(begin, items.end(),
                                  [&](const Item& item) { return item.letters != begin->letters; });
    const std::span alike(begin, end);
    // A key that ends here differs from the others in its length, if at all.
    const bool ends = alike.size() > 1 && std::ranges::any_of(alike, [&](const Item& item) {
                        return rows[item.row].key.size() <= depth + 8;
                      });
    if (ends) {
      std::sort(begin, end, by_key);
    } else if (alike.size() > 1) {
      Sort(rows, alike, depth + 8);
    }
    begin = end;
  }
}

}  // namespace

void SortByKey(std::vector<RowChange>* rows) {
  // Views apart: the first byte says which, and some come in order.
  std::array<std::vector<Item>, 256> views;
  for (std::size_t i = 0; i < rows->size(); ++i) {
    const std::string_view key = (*rows)[i].key;
    const auto view = key.empty() ? 0 : static_cast<unsigned char>(key.front());
    views.at(view).push_back({0, static_cast<std::uint32_t>(i)});
  }
  std::vector<RowChange> sorted;
  sorted.reserve(rows->size());
  for (std::vector<Item>& view : views) {
    const auto in_order = [&](const Item& a, const Item& b) {
      return (*rows)[a.row].key < (*rows)[b.row].key;
    };
    if (!std::ranges::is_sorted(view, in_order)) Sort(*rows, view, 1);
    for (const Item& item : view) sorted.push_back((*rows)[item.row]);
  }
  *rows = std::move(sorted);
}

}  // namespace entente::views
