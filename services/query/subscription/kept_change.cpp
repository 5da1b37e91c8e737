#include "services/query/subscription/kept_change.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>

#include <utility>

namespace entente::query {

KeptChange::KeptChange(const v1::StoredChange& stored)
    : deliveries(stored.deliveries()),
      failures(stored.failures()),
      replayed(stored.replayed()),
      later(stored.later()),
      change_(stored.change().SerializeAsString()) {
  if (stored.why().empty() && stored.kin().empty()) return;
  rest_ = std::make_unique<Rest>();
  rest_->why = stored.why();
  rest_->kin.assign(stored.kin().begin(), stored.kin().end());
}

void KeptChange::set_why(std::string why) {
  if (why.empty() && !rest_) return;
  if (!rest_) rest_ = std::make_unique<Rest>();
  rest_->why = std::move(why);
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
  v1::StoredChange state;
  state.set_deliveries(deliveries);
  state.set_failures(failures);
  state.set_replayed(replayed);
  state.set_later(later);
  if (rest_) {
    state.set_why(rest_->why);
    state.mutable_kin()->Assign(rest_->kin.begin(), rest_->kin.end());
  }
  state.AppendToString(&row);
  return row;
}

std::vector<std::string> KeptChange::Streams(const v1::DescribedChange& change) const {
  std::vector<std::string> streams;
  if (rest_) streams = rest_->kin;
  streams.push_back(change.change().subject());
  return streams;
}

}  // namespace entente::query
