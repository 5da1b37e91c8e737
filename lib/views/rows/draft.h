// Rows that are being changed, over a snapshot that is not: what projecting reads and writes.
//
// A draft reads like a snapshot that already holds its changes, so whoever reads views needs not
// know which of the two it has. Drafts nest: that of one event lies over that of its batch, and is
// dropped whole where the event proves to be poison.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "views/view_store.h"

namespace entente::views {

// Rows by key.
using RowMap = std::map<std::string, std::string, std::less<>>;

// `base` must outlive the draft and stay as it is. Scans must be gone before the next change.
class Draft final : public Snapshot {
 public:
  explicit Draft(const Snapshot& base) : base_(base) {}
  // A copy would cost all changes of a batch for each of its events. To lay a draft over another
  // one, name that as the Snapshot it is.
  Draft(const Draft&) = delete;
  Draft& operator=(const Draft&) = delete;

  void Put(std::string key, std::string value) {
    changes_.insert_or_assign(std::move(key), std::move(value));
  }
  void Erase(std::string key) { changes_.insert_or_assign(std::move(key), std::nullopt); }
  // Puts what `after` has and erases what only `before` had; equal rows are left alone.
  void Replace(const RowMap& before, const RowMap& after);
  // Takes over the changes of a draft that lies over this one.
  void Absorb(Draft&& nested);
  // The changes, in key order.
  void MoveRowsInto(v1::ViewDelta* delta);

  const log::ChainPoint& checkpoint() const override { return base_.checkpoint(); }
  const std::string& generation() const override { return base_.generation(); }
  std::uint32_t projection_version() const override { return base_.projection_version(); }
  std::optional<std::string> Get(std::string_view key) const override;
  std::vector<std::optional<std::string>> GetMany(std::span<const std::string> keys) const override;
  std::unique_ptr<Scan> Range(std::string_view from, std::string_view to) const override;
  std::unique_ptr<Scan> RangeBackwards(std::string_view from, std::string_view to) const override;
  std::uint64_t rows_examined() const override { return base_.rows_examined(); }

 private:
  const Snapshot& base_;
  std::map<std::string, std::optional<std::string>, std::less<>> changes_;
};

}  // namespace entente::views
