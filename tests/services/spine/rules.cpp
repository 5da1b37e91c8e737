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

void AddTerm(views::RowDelta* delta) {
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

}  // namespace

views::ProjectionRules NextVersion() {
  const auto& present = views::ProjectionRules::BuiltIn();
  return {present.version + 1, [begin = present.begin]() -> views::Projecting {
            return [project = begin()](const views::Snapshot& before,
                                       std::span<const log::CommitView> commits) {
              auto projected = project(before, commits);
              if (projected) AddTerm(&projected->delta);
              return projected;
            };
          }};
}

views::ProjectionRules WithPoison() {
  const auto& present = views::ProjectionRules::BuiltIn();
  return {present.version, [begin = present.begin]() -> views::Projecting {
            return [project = begin()](const views::Snapshot& before,
                                       std::span<const log::CommitView> commits) {
              auto projected = project(before, commits);
              if (projected) ParkPoison(commits, before.checkpoint().position, &*projected);
              return projected;
            };
          }};
}

}  // namespace entente::spine
