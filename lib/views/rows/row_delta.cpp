#include "views/row_delta.h"

#include "log/digest.h"

namespace entente::views {

v1::ViewDelta MessageOf(const RowDelta& delta) {
  v1::ViewDelta message;
  message.set_generation(delta.generation);
  message.set_from_position(delta.from.value());
  message.set_to_position(delta.to.position.value());
  message.set_chain_hash(std::string(log::BytesOf(delta.to.hash)));
  message.mutable_rows()->Reserve(static_cast<int>(delta.rows.size()));
  for (const RowChange& change : delta.rows) {
    v1::Row* row = message.add_rows();
    row->set_key(change.key.data(), change.key.size());
    if (change.value) {
      row->set_value(change.value->data(), change.value->size());
    } else {
      row->set_deleted(true);
    }
  }
  return message;
}

Result<RowDelta> DeltaIn(const v1::ViewDelta& message) {
  RowDelta delta;
  if (message.chain_hash().size() != delta.to.hash.size()) {
    return Fail(Reason::kLogDiverged, "", message.generation(), "the rows carry no chain hash");
  }
  delta.generation = message.generation();
  delta.from = Position(message.from_position());
  delta.to = {Position(message.to_position()), log::DigestFrom(message.chain_hash())};
  delta.rows.reserve(static_cast<std::size_t>(message.rows_size()));
  for (const v1::Row& row : message.rows()) {
    delta.rows.push_back(
        {row.key(), row.deleted() ? std::nullopt : std::optional<std::string_view>(row.value())});
  }
  return delta;
}

}  // namespace entente::views
