// A snapshot with rows laid over it that are not in its store yet.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "views/row_delta.h"
#include "views/view_store.h"

namespace entente::views {

// Rows of `base` with these changes, which are in key order; both must outlive the scan.
std::unique_ptr<Snapshot::Scan> ScanOver(const Snapshot& base, std::span<const RowChange> changes,
                                         std::string_view from, std::string_view to);
std::unique_ptr<Snapshot::Scan> ScanBackwardsOver(const Snapshot& base,
                                                  std::span<const RowChange> changes,
                                                  std::string_view from, std::string_view to);

// What the store will show once the delta is applied, while another thread applies it.
class Overlay final : public Snapshot {
 public:
  Overlay(std::shared_ptr<const Snapshot> base, std::shared_ptr<const RowDelta> delta)
      : base_(std::move(base)), delta_(std::move(delta)) {}

  const log::ChainPoint& checkpoint() const override { return base_->checkpoint(); }
  const log::ChainPoint& taken() const override { return delta_->to; }
  const std::string& generation() const override { return base_->generation(); }
  std::uint32_t projection_version() const override { return base_->projection_version(); }
  std::optional<std::string> Get(std::string_view key) const override;
  std::vector<std::optional<std::string>> GetMany(std::span<const std::string> keys) const override;
  std::unique_ptr<Scan> Range(std::string_view from, std::string_view to) const override {
    return ScanOver(*base_, delta_->rows, from, to);
  }
  std::unique_ptr<Scan> RangeBackwards(std::string_view from, std::string_view to) const override {
    return ScanBackwardsOver(*base_, delta_->rows, from, to);
  }
  std::uint64_t rows_examined() const override { return base_->rows_examined(); }

 private:
  std::shared_ptr<const Snapshot> base_;
  std::shared_ptr<const RowDelta> delta_;
};

}  // namespace entente::views
