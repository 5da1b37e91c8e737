// A change in flight as a group keeps it in memory: what is delivered as the bytes that go out and
// to the disk, which take a fraction of the room of the message, and beside it what happens to it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "entente/v1/stored_group.pb.h"

namespace entente::query {

class KeptChange {
 public:
  explicit KeptChange(const v1::StoredChange& stored);

  // As StoredChange has them.
  std::uint32_t deliveries = 0;
  std::uint32_t failures = 0;
  bool replayed = false;
  bool later = false;
  void set_why(std::string why);

  v1::DescribedChange Change() const;
  // StoredChange, serialised.
  std::string Row() const;
  // Of its meeting, and those that is merged or split with. `change` is what Change gives.
  std::vector<std::string> Streams(const v1::DescribedChange& change) const;

 private:
  // What few have.
  struct Rest {
    std::string why;
    std::vector<std::string> kin;
  };

  std::string change_;  // DescribedChange, serialised
  std::unique_ptr<Rest> rest_;
};

}  // namespace entente::query
