// A meeting's state while an answer is put together: one that was just read, or one that a cache
// goes on holding.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include "entente/v1/meeting.pb.h"

namespace entente::views {

class MeetingState {
 public:
  MeetingState() = default;
  explicit MeetingState(std::optional<v1::Meeting> read) : read_(std::move(read)) {}
  explicit MeetingState(std::shared_ptr<const v1::Meeting> held) : held_(std::move(held)) {}

  explicit operator bool() const { return read_.has_value() || held_ != nullptr; }
  const v1::Meeting& operator*() const { return held_ ? *held_ : *read_; }
  const v1::Meeting* operator->() const { return &**this; }
  // To be changed. What a cache holds is copied.
  v1::Meeting Take() && { return held_ ? *held_ : *std::exchange(read_, std::nullopt); }

 private:
  std::optional<v1::Meeting> read_;
  std::shared_ptr<const v1::Meeting> held_;
};

}  // namespace entente::views
