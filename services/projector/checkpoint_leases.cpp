#include "services/projector/checkpoint_leases.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "views/rows/key.h"

namespace entente::projector {
namespace {

std::size_t ChunkBytes(const v1::ReadCheckpointRequest& request) {
  if (request.max_bytes() == 0) return CheckpointLeases::kChunkBytesDefault;
  return std::min<std::size_t>(request.max_bytes(), CheckpointLeases::kChunkBytesMax);
}

// Where the chunk begins: behind the last key the reader has. The store's rows about itself are
// not for others.
std::string FirstKey(const v1::ReadCheckpointRequest& request) {
  if (request.after_key().empty()) return views::EndOf(views::Key(views::View::kStore).bytes());
  return request.after_key() + '\0';
}

}  // namespace

Result<v1::ReadCheckpointReply> CheckpointLeases::Read(
    const v1::ReadCheckpointRequest& request, const std::shared_ptr<const views::ViewStore>& store,
    Tick now) {
  std::string name = request.checkpoint();
  if (name.empty()) {
    DropExpired(now);
    if (readers_.size() >= kReadersMax) {
      return Fail(Reason::kOverloaded, "", "",
                  fmt::format("{} replicas read a checkpoint already", readers_.size()));
    }
    name = fmt::format("{}-{}", run_, ++opened_);
    readers_[name] = {.store = store, .snapshot = store->TakeSnapshot()};
  }
  const auto reader = readers_.find(name);
  if (reader == readers_.end()) {
    return Fail(Reason::kNotFound, "checkpoint", name,
                "this checkpoint is no longer kept; begin a new one");
  }
  reader->second.last_seen = now;

  const views::Snapshot& snapshot = *reader->second.snapshot;
  v1::ReadCheckpointReply reply;
  reply.set_checkpoint(name);
  reply.set_generation(snapshot.generation());
  reply.set_projection_version(reader->second.store->projection_version());
  reply.mutable_at()->set_position(snapshot.checkpoint().position.value());
  reply.mutable_at()->set_hash(snapshot.checkpoint().hash.data(),
                               snapshot.checkpoint().hash.size());
  const std::size_t bytes_max = ChunkBytes(request);
  std::size_t bytes = 0;
  auto rows = snapshot.Range(FirstKey(request), "");
  for (; rows->Valid(); rows->Next()) {
    bytes += rows->key().size() + rows->value().size();
    if (reply.rows_size() > 0 && bytes > bytes_max) break;
    v1::Row* row = reply.add_rows();
    row->set_key(std::string(rows->key()));
    row->set_value(std::string(rows->value()));
  }
  // Rows that cannot be read are not the end of them.
  if (Status read = rows->status(); !read) return Fail(std::move(read).error());
  reply.set_last(!rows->Valid());
  if (reply.last()) {
    rows.reset();  // before its snapshot
    readers_.erase(reader);
  }
  return reply;
}

void CheckpointLeases::DropExpired(Tick now) {
  std::erase_if(readers_, [&](const auto& named) { return now - named.second.last_seen > kLease; });
}

}  // namespace entente::projector
