#include "views/verify/row_stream.h"

#include "views/rows/key.h"

namespace entente::views {
namespace {

class SnapshotRows final : public RowStream {
 public:
  explicit SnapshotRows(const Snapshot& snapshot)
      : scan_(snapshot.Range(EndOf(Key(View::kStore).bytes()), "")) {}

  Result<std::optional<StoredRow>> Next() override {
    if (!scan_->Valid()) {
      if (Status read = scan_->status(); !read) return Fail(std::move(read).error());
      return std::nullopt;
    }
    StoredRow row{std::string(scan_->key()), std::string(scan_->value())};
    scan_->Next();
    return row;
  }

 private:
  std::unique_ptr<Snapshot::Scan> scan_;
};

}  // namespace

std::unique_ptr<RowStream> RowsOf(const Snapshot& snapshot) {
  return std::make_unique<SnapshotRows>(snapshot);
}

}  // namespace entente::views
