// Rows that are being changed, over a snapshot that is not: what projecting reads and writes.
//
// A draft reads like a snapshot that already holds its changes, so whoever reads views needs not
// know which of the two it has.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "views/row_delta.h"
#include "views/view_store.h"

namespace entente::views {

// Rows by key.
using RowMap = std::map<std::string, std::string, std::less<>>;

// Made for many changes and looks by key. The first scan behind a change sorts them all: nothing
// that is done for every event may scan a draft.
//
// `base` must outlive the draft and stay as it is. Scans must be gone before the next change.
class Draft final : public Snapshot {
 public:
  explicit Draft(const Snapshot& base);
  // To lay a draft over another one, name that as the Snapshot it is.
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void Put(std::string_view key, std::string_view value) { Change(key, value); }
  void Erase(std::string_view key) { Change(key, std::nullopt); }
  // Puts what `after` has and erases what only `before` had; equal rows are left alone.
  void Replace(const RowMap& before, const RowMap& after);
  // Moves the changes, in key order, into the delta's rows. The draft is not to be used any more.
  void MoveRowsInto(RowDelta* delta);

  const log::ChainPoint& checkpoint() const override { return base_.checkpoint(); }
  const log::ChainPoint& taken() const override { return base_.taken(); }
  const std::string& generation() const override { return base_.generation(); }
  std::uint32_t projection_version() const override { return base_.projection_version(); }
  std::optional<std::string> Get(std::string_view key) const override;
  std::vector<std::optional<std::string>> GetMany(std::span<const std::string> keys) const override;
  std::unique_ptr<Scan> Range(std::string_view from, std::string_view to) const override;
  std::unique_ptr<Scan> RangeBackwards(std::string_view from, std::string_view to) const override;
  std::uint64_t rows_examined() const override { return base_.rows_examined(); }

 private:
  // Keys and values, one behind the other; freed all at once.
  using Memory = std::pmr::monotonic_buffer_resource;
  // Of a table with open addressing, at most half full: a look at a key costs one of the
  // processor's cache misses where a chained table costs three.
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t change = 0;  // its number, from 1; 0: none
  };

  void Change(std::string_view key, std::optional<std::string_view> value);
  const RowChange* Find(std::string_view key) const;
  // The slot that holds the key, or would.
  std::size_t SlotOf(std::string_view key, std::uint32_t hash) const;
  void Grow();
  std::string_view Keep(std::string_view bytes);
  const std::vector<RowChange>& Sorted() const;

  const Snapshot& base_;
  std::shared_ptr<Memory> memory_;
  std::vector<RowChange> changes_;  // as they came
  std::vector<Slot> slots_;
  mutable std::vector<RowChange> sorted_;  // all changes, as long as there was none since
};

}  // namespace entente::views
