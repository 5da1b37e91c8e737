// A change in flight as a group keeps it in memory: what is delivered as the bytes that go out and
// to the disk, which take a fraction of the room of the message, and beside it what happens to it.
#pragma once

#include <string>

#include "entente/v1/stored_group.pb.h"

namespace entente::query {

class KeptChange {
 public:
  explicit KeptChange(v1::StoredChange stored);

  // All but `change`.
  const v1::StoredChange& state() const { return state_; }
  v1::StoredChange* mutable_state() { return &state_; }
  const std::string& subject() const { return subject_; }
  v1::DescribedChange Change() const;
  // StoredChange, serialised.
  std::string Row() const;

 private:
  std::string change_;  // DescribedChange, serialised
  std::string subject_;
  v1::StoredChange state_;
};

}  // namespace entente::query
