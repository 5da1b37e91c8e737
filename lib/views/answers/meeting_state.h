// A meeting's state while an answer is put together: one that was just read, or one that a cache
// goes on holding.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "entente/v1/meeting.pb.h"

namespace entente::views {

// One thread at a time.
class MeetingState {
 public:
  MeetingState() = default;
  // Of a row, which is taken apart once somebody looks.
  explicit MeetingState(std::string row) : row_(std::move(row)) {}
  explicit MeetingState(std::shared_ptr<const v1::Meeting> held) : held_(std::move(held)) {}

  explicit operator bool() const { return row_.has_value() || held_ != nullptr; }
  const v1::Meeting& operator*() const { return held_ ? *held_ : Parsed(); }
  const v1::Meeting* operator->() const { return &**this; }
  // To be changed. What a cache holds is copied.
  v1::Meeting Take() && {
    if (held_) return *held_;
    return std::move(Parsed());
  }
  // The state as a row holds it; equal for equal states of one generation.
  std::string Row() const { return row_ ? *row_ : held_->SerializeAsString(); }

 private:
  v1::Meeting& Parsed() const {
    if (!parsed_) parsed_.emplace().ParseFromString(*row_);
    return *parsed_;
  }

  std::optional<std::string> row_;
  mutable std::optional<v1::Meeting> parsed_;
  std::shared_ptr<const v1::Meeting> held_;
};

}  // namespace entente::views
