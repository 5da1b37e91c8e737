#include "tests/services/spine/rules.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "views/parked/parked.h"
#include "views/rows/key.h"

namespace entente::spine {
namespace {

using views::Projected;

// Other rows in the place of a delta's.
using Rows = std::map<std::string, std::string>;

void Put(Rows rows, views::RowDelta* delta) {
  auto kept = std::make_shared<std::pair<Rows, std::shared_ptr<const void>>>(
      std::move(rows), std::move(delta->bytes));
  std::map<std::string_view, std::optional<std::string_view>> all;
  for (const views::RowChange& change : delta->rows) all.emplace(change.key, change.value);
  for (const auto& [key, value] : kept->first) all.insert_or_assign(key, value);
  delta->rows.clear();
  for (const auto& [key, value] : all) delta->rows.push_back({key, value});
  delta->bytes = std::move(kept);
}

void AddTerm(std::span<const log::CommitView>, Position, Projected* projected) {
  views::RowDelta* const delta = &projected->delta;
  Rows changed;
  for (const views::RowChange& row : delta->rows) {
    if (row.key[0] != static_cast<char>(views::View::kChange)) continue;
    v1::Change change;
    change.ParseFromArray(row.value->data(), static_cast<int>(row.value->size()));
    change.add_terms_after("topic/zz-of-the-next-version");
    changed.emplace(row.key, change.SerializeAsString());
  }
  Put(std::move(changed), delta);
}

void ParkPoison(std::span<const log::CommitView> commits, Position after, Projected* projected) {
  Rows parked;
  for (const log::CommitView& commit : commits) {
    for (std::uint32_t i = 0; i < commit.count(); ++i) {
      const log::EventView event = commit.event(i);
      if (event.position <= after || event.id.find("poison") == std::string_view::npos) continue;
      const Error error = Fail(Reason::kUnsupported, "", "", "this is poison").value();
      projected->parked.push_back({event.position, error});
      v1::Error stored;
      stored.set_reason(v1::Reason::UNSUPPORTED);
      stored.set_message(error.message);
      parked.emplace(views::Key(views::View::kParked).U64(event.position.value()).bytes(),
                     stored.SerializeAsString());
    }
  }
  Put(std::move(parked), &projected->delta);
}

// The present rules, with something done to the rows of each batch.
class Altered final : public views::Projecting {
 public:
  using Alter = void (*)(std::span<const log::CommitView>, Position after, Projected*);
  explicit Altered(Alter alter) : alter_(alter) {}

  Result<Projected> Project(const views::Snapshot& before,
                            std::span<const log::CommitView> commits) override {
    return Done(present_->Project(before, commits), before, commits);
  }
  Result<Projected> Gather(const views::Snapshot& before,
                           std::span<const log::CommitView> commits) override {
    return Done(present_->Gather(before, commits), before, commits);
  }
  Result<views::RowDelta> FoldNext(const views::Snapshot& gathered) override {
    return present_->FoldNext(gathered);
  }

 private:
  Result<Projected> Done(Result<Projected> projected, const views::Snapshot& before,
                         std::span<const log::CommitView> commits) {
    if (projected) alter_(commits, before.taken().position, &*projected);
    return projected;
  }

  Alter alter_;
  std::unique_ptr<views::Projecting> present_ = views::ProjectionRules::BuiltIn().begin();
};

}  // namespace

views::ProjectionRules NextVersion() {
  return {views::kProjectionVersion + 1, [] { return std::make_unique<Altered>(AddTerm); }};
}

views::ProjectionRules WithPoison() {
  return {views::kProjectionVersion, [] { return std::make_unique<Altered>(ParkPoison); }};
}

}  // namespace entente::spine
