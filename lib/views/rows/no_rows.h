// A snapshot of nothing: what a fold that reads no rows is given, on any thread.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "views/view_store.h"

namespace entente::views {

class NoRows final : public Snapshot {
 public:
  const log::ChainPoint& checkpoint() const override { return beginning_; }
  const log::ChainPoint& taken() const override { return beginning_; }
  const std::string& generation() const override { return generation_; }
  std::uint32_t projection_version() const override { return kProjectionVersion; }
  std::optional<std::string> Get(std::string_view) const override { return std::nullopt; }
  std::vector<std::optional<std::string>> GetMany(
      std::span<const std::string> keys) const override {
    return std::vector<std::optional<std::string>>(keys.size());
  }
  std::unique_ptr<Scan> Range(std::string_view, std::string_view) const override {
    return std::make_unique<Nothing>();
  }
  std::unique_ptr<Scan> RangeBackwards(std::string_view, std::string_view) const override {
    return std::make_unique<Nothing>();
  }
  std::uint64_t rows_examined() const override { return 0; }

 private:
  class Nothing final : public Scan {
   public:
    bool Valid() const override { return false; }
    std::string_view key() const override { return {}; }
    std::string_view value() const override { return {}; }
    void Next() override {}
    Status status() const override { return {}; }
  };
  log::ChainPoint beginning_;
  std::string generation_;
};

}  // namespace entente::views
