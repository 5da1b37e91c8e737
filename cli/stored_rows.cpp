#include "cli/stored_rows.h"

#include <deque>
#include <utility>

#include "log/directory_lock.h"
#include "views/generations/generations.h"

namespace entente::cli {
namespace {

constexpr std::uint32_t kChunkBytes = 4U << 20;

class ProjectorRows final : public StoredRows {
 public:
  explicit ProjectorRows(client::Client& client) : client_(client) {
    request_.set_max_bytes(kChunkBytes);
  }

  // The next chunk, which of the first one says what all are of.
  Status Read() {
    auto reply = client_.ReadCheckpoint(request_);
    if (!reply) return Fail(std::move(reply.error().front()));
    if (request_.checkpoint().empty()) {
      const auto& hash = reply->at().hash();
      about_ = {.generation = reply->generation(),
                .projection_version = reply->projection_version(),
                .at = {Position(reply->at().position()),
                       hash.size() == 32 ? log::DigestFrom(hash) : log::Digest{}}};
    }
    request_.set_checkpoint(reply->checkpoint());
    last_ = reply->last();
    for (v1::Row& row : *reply->mutable_rows()) {
      rows_.push_back({std::move(*row.mutable_key()), std::move(*row.mutable_value())});
    }
    if (!rows_.empty()) request_.set_after_key(rows_.back().key);
    return {};
  }

  Result<std::optional<views::StoredRow>> Next() override {
    while (rows_.empty() && !last_) {
      if (Status read = Read(); !read) return Fail(std::move(read).error());
    }
    if (rows_.empty()) return std::nullopt;
    views::StoredRow row = std::move(rows_.front());
    rows_.pop_front();
    return row;
  }
  const About& about() const override { return about_; }

 private:
  client::Client& client_;
  v1::ReadCheckpointRequest request_;
  About about_;
  std::deque<views::StoredRow> rows_;
  bool last_ = false;
};

class DirectoryRows final : public StoredRows {
 public:
  explicit DirectoryRows(std::unique_ptr<views::ViewStore> store)
      : store_(std::move(store)),
        snapshot_(store_->TakeSnapshot()),
        rows_(views::RowsOf(*snapshot_)),
        about_{.generation = store_->generation(),
               .projection_version = store_->projection_version(),
               .at = snapshot_->checkpoint()} {}

  Result<std::optional<views::StoredRow>> Next() override { return rows_->Next(); }
  const About& about() const override { return about_; }

 private:
  // In this order: rows go before their snapshot, and that before its store.
  std::unique_ptr<views::ViewStore> store_;
  std::unique_ptr<views::Snapshot> snapshot_;
  std::unique_ptr<views::RowStream> rows_;
  About about_;
};

Result<std::unique_ptr<StoredRows>> OpenDirectory(const std::filesystem::path& data) {
  std::error_code ignored;
  if (!std::filesystem::exists(data / "views", ignored)) {
    return Fail(Reason::kFileUnreadable, "--data", data.string(),
                "there are no views in this directory");
  }
  auto generations = views::Generations::OpenToRead(data / "views");
  if (!generations) return Fail(std::move(generations).error());
  if (generations->current().empty()) {
    return Fail(Reason::kFileUnreadable, "--data", data.string(),
                "no generation of the views in this directory is current");
  }
  auto store = views::ViewStore::OpenToRead(generations->PathOf(generations->current()));
  if (!store) return Fail(std::move(store).error());
  return std::make_unique<DirectoryRows>(*std::move(store));
}

}  // namespace

Result<std::unique_ptr<StoredRows>> OpenStoredRows(Session& session) {
  const auto endpoints = session.FindEndpoints();
  if (!endpoints || endpoints->projector.empty()) return OpenDirectory(session.data());
  auto client = session.Connect();
  if (!client) return Fail(std::move(client).error());
  auto rows = std::make_unique<ProjectorRows>(**client);
  if (Status read = rows->Read(); !read) return Fail(std::move(read).error());
  return rows;
}

}  // namespace entente::cli
