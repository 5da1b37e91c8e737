#include "views/parked/parked.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

#include "entente/v1/error.pb.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

Parked DecodeParked(std::string_view key, std::string_view value) {
  v1::Error row;
  row.ParseFromArray(value.data(), static_cast<int>(value.size()));
  Parked parked;
  parked.position = Position(KeyReader(key).Skip(Key(View::kParked).bytes().size()).U64());
  const CatalogueEntry* entry = FindReason(std::to_string(row.reason()));
  parked.error.reason = entry != nullptr ? entry->reason : Reason::kInternal;
  parked.error.field = row.field();
  parked.error.value = row.value();
  parked.error.message = row.message();
  return parked;
}

}  // namespace

void AddParked(const Parked& parked, Draft* draft) {
  v1::Error row;
  row.set_reason(static_cast<v1::Reason::Value>(parked.error.reason));
  row.set_field(parked.error.field);
  row.set_value(parked.error.value);
  row.set_message(parked.error.message);
  draft->Put(Key(View::kParked).U64(parked.position.value()).bytes(), row.SerializeAsString());
}

std::vector<Parked> AllParked(const Snapshot& snapshot) {
  return ParkedAfter(snapshot, Position(), std::numeric_limits<std::size_t>::max());
}

std::vector<Parked> ParkedAfter(const Snapshot& snapshot, Position after, std::size_t limit) {
  const std::string from = Key(View::kParked).U64(after.Next().value()).bytes();
  const auto rows = snapshot.Range(from, EndOf(Key(View::kParked).bytes()));
  std::vector<Parked> parked;
  for (; rows->Valid() && parked.size() < limit; rows->Next()) {
    parked.push_back(DecodeParked(rows->key(), rows->value()));
  }
  return parked;
}

std::uint64_t CountParked(const Snapshot& snapshot) {
  const std::string prefix = Key(View::kParked).bytes();
  std::uint64_t count = 0;
  for (const auto rows = snapshot.Range(prefix, EndOf(prefix)); rows->Valid(); rows->Next()) {
    ++count;
  }
  return count;
}

const Parked& FirstOf(const std::vector<Parked>& parked) {
  return *std::ranges::min_element(parked, {}, &Parked::position);
}

Error PoisonError(const Parked& parked, std::string_view stays) {
  return Fail(Reason::kPoisonEvent, "", std::to_string(parked.position.value()),
              fmt::format("{} before it: {}", stays, parked.error.ToString()))
      .value();
}

}  // namespace entente::views
