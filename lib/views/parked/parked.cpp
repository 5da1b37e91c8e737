#include "views/parked/parked.h"

#include "entente/v1/error.pb.h"
#include "views/rows/key.h"

namespace entente::views {

void AddParked(const Parked& parked, Draft* draft) {
  v1::Error row;
  row.set_reason(static_cast<v1::Reason::Value>(parked.error.reason));
  row.set_field(parked.error.field);
  row.set_value(parked.error.value);
  row.set_message(parked.error.message);
  draft->Put(Key(View::kParked).U64(parked.position.value()).bytes(), row.SerializeAsString());
}

std::vector<Parked> AllParked(const Snapshot& snapshot) {
  const std::string prefix = Key(View::kParked).bytes();
  std::vector<Parked> all;
  for (const auto rows = snapshot.Range(prefix, EndOf(prefix)); rows->Valid(); rows->Next()) {
    v1::Error row;
    row.ParseFromArray(rows->value().data(), static_cast<int>(rows->value().size()));
    Parked parked;
    parked.position = Position(KeyReader(rows->key()).Skip(prefix.size()).U64());
    const CatalogueEntry* entry = FindReason(std::to_string(row.reason()));
    parked.error.reason = entry != nullptr ? entry->reason : Reason::kInternal;
    parked.error.field = row.field();
    parked.error.value = row.value();
    parked.error.message = row.message();
    all.push_back(std::move(parked));
  }
  return all;
}

}  // namespace entente::views
