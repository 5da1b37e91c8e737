#include "tests/services/spine/rules.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "views/parked/parked.h"
#include "views/rows/key.h"

namespace entente::spine {
namespace {

using views::Projected;

void AddTerm(v1::ViewDelta* delta) {
  for (v1::Row& row : *delta->mutable_rows()) {
    if (row.key()[0] != static_cast<char>(views::View::kChange)) continue;
    v1::Change change;
    change.ParseFromString(row.value());
    change.add_terms_after("topic/zz-of-the-next-version");
    row.set_value(change.SerializeAsString());
  }
}

void ParkPoison(std::span<const log::CommitView> commits, Position after, Projected* projected) {
  auto& rows = *projected->delta.mutable_rows();
  for (const log::CommitView& commit : commits) {
    for (std::uint32_t i = 0; i < commit.count(); ++i) {
      const log::EventView event = commit.event(i);
      if (event.position <= after || event.id.find("poison") == std::string_view::npos) continue;
      const Error error = Fail(Reason::kUnsupported, "", "", "this is poison").value();
      projected->parked.push_back({event.position, error});
      v1::Row& row = *rows.Add();
      row.set_key(views::Key(views::View::kParked).U64(event.position.value()).bytes());
      v1::Error stored;
      stored.set_reason(v1::Reason::UNSUPPORTED);
      stored.set_message(error.message);
      row.set_value(stored.SerializeAsString());
    }
  }
  std::sort(rows.begin(), rows.end(),
            [](const v1::Row& a, const v1::Row& b) { return a.key() < b.key(); });
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
