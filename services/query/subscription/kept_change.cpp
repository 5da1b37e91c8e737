#include "services/query/subscription/kept_change.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <cstdint>
#include <utility>

namespace entente::query {

KeptChange::KeptChange(v1::StoredChange stored)
    : change_(stored.change().SerializeAsString()), subject_(stored.change().change().subject()) {
  stored.clear_change();
  // A message that is only cleared would go on holding what it held.
  state_ = stored;
}

v1::DescribedChange KeptChange::Change() const {
  v1::DescribedChange change;
  change.ParseFromString(change_);
  return change;
}

std::string KeptChange::Row() const {
  // https://protobuf.dev/programming-guides/encoding/#structure
  constexpr std::uint32_t kLengthDelimited = 2;
  constexpr std::uint32_t kTag = v1::StoredChange::kChangeFieldNumber << 3 | kLengthDelimited;
  std::string row;
  {
    google::protobuf::io::StringOutputStream bytes(&row);
    google::protobuf::io::CodedOutputStream out(&bytes);
    out.WriteVarint32(kTag);
    out.WriteVarint32(static_cast<std::uint32_t>(change_.size()));
    out.WriteString(change_);
  }
  state_.AppendToString(&row);
  return row;
}

}  // namespace entente::query
