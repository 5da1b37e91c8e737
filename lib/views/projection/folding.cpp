#include "views/projection/folding.h"

#include <algorithm>
#include <exception>
#include <iterator>
#include <stdexcept>
#include <thread>
#include <utility>

#include "views/components/components.h"
#include "views/projection/side_by_side.h"
#include "views/rows/no_rows.h"

namespace entente::views {
namespace {

// Of reports in one part; their rows are about three times as many bytes.
constexpr std::size_t kPartBytes = 32U << 20;
// What one thread takes at a time.
constexpr std::size_t kStackBytes = 256U << 10;

constexpr const char* kMeetings = "meeting/";

struct UnfoldableMeeting : std::runtime_error {
  UnfoldableMeeting(std::string meeting, const std::exception& fault)
      : std::runtime_error(fault.what()), stream(std::move(meeting)) {}
  std::string stream;
};

RowDelta Merged(RowDelta a, RowDelta b) {
  RowDelta both;
  both.rows.reserve(a.rows.size() + b.rows.size());
  std::ranges::merge(a.rows, b.rows, std::back_inserter(both.rows), {}, &RowChange::key,
                     &RowChange::key);
  using Bytes = std::shared_ptr<const void>;
  both.bytes =
      std::make_shared<const std::pair<Bytes, Bytes>>(std::move(a.bytes), std::move(b.bytes));
  return both;
}

}  // namespace

Folding::Folding(const Registries& registries, std::shared_ptr<const void> forgotten)
    : registries_(registries), forgotten_(std::move(forgotten)), workers_(Processors()) {}

Result<RowDelta> Folding::Next(const Snapshot& gathered) {
  auto part = Read(gathered);
  if (!part) return Fail(part.error());

  try {
    const std::jthread freeing(
        [gone = std::exchange(forgotten_, nullptr)]() mutable { gone.reset(); });
    FoldStacks(part->stacks);
  } catch (const UnfoldableMeeting& fault) {
    return Fail(Reason::kInternal, "meeting", fault.stream, fault.what());
  }

  Draft draft(gathered);
  if (Status folded = FoldConnected(part->connected, gathered, &draft); !folded) {
    return Fail(std::move(folded).error());
  }
  if (part->last) {
    TermCounts& all = workers_.front().counts;
    for (std::size_t i = 1; i < workers_.size(); ++i) all.Add(workers_[i].counts);
    all.Flush(&draft);
  }
  RowDelta delta;
  draft.MoveRowsInto(&delta);
  for (Worker& worker : workers_) {
    delta = Merged(std::move(delta), std::exchange(worker.rows, {}));
  }
  delta.generation = gathered.generation();
  delta.from = gathered.taken().position;
  delta.to = gathered.taken();
  delta.stage = part->last ? Stage::kWhole : Stage::kFolding;
  return delta;
}

void Folding::FoldStacks(const std::vector<Stack>& stacks) {
  const NoRows none;
  std::vector<std::optional<Draft>> drafts(workers_.size());
  SideBySide(stacks.size(), workers_.size(), [&](std::size_t thread, std::size_t i) {
    std::optional<Draft>& draft = drafts[thread];
    if (!draft) draft.emplace(none);
    for (const Stack::Stream& stream : stacks[i].streams) {
      try {
        FoldStream(stream, &workers_[thread].counts, &*draft);
      } catch (const std::exception& fault) {
        throw UnfoldableMeeting(stream.name, fault);
      }
    }
  });
  SideBySide(drafts.size(), drafts.size(), [&](std::size_t, std::size_t i) {
    if (drafts[i]) drafts[i]->MoveRowsInto(&workers_[i].rows);
  });
}

void Folding::FoldStream(const Stack::Stream& stream, TermCounts* counts, Draft* draft) const {
  Component component = Component::New(stream.name, Stage::kWhole);
  for (const std::string& row : stream.reports) component.AddRow(stream.name, row, registries_);
  component.Flush(NoRows(), registries_, counts, draft);
}

Result<Folding::Part> Folding::Read(const Snapshot& gathered) {
  Part part;
  ReportRows rows(gathered, kMeetings, next_);
  for (std::size_t bytes = 0; rows.Valid() && bytes < kPartBytes;) {
    Stack::Stream stream{.name = std::string(rows.subject()), .reports = {}};
    const bool alone = ComponentOf(gathered, stream.name).size() == 1;
    if (alone && (part.stacks.empty() || part.stacks.back().bytes > kStackBytes)) {
      part.stacks.emplace_back();
    }
    for (; rows.Valid() && rows.subject() == stream.name; rows.Next()) {
      bytes += rows.row().size();
      if (!alone) continue;
      stream.reports.emplace_back(rows.row());
      part.stacks.back().bytes += rows.row().size();
    }
    if (alone) {
      part.stacks.back().streams.push_back(std::move(stream));
    } else {
      part.connected.push_back(std::move(stream.name));
    }
  }
  // What cannot be read must not be taken for the end.
  if (Status read = rows.status(); !read) return Fail(std::move(read).error());
  part.last = !rows.Valid();
  if (!part.last) next_ = rows.subject();
  return part;
}

Status Folding::FoldConnected(const std::vector<std::string>& streams, const Snapshot& gathered,
                              Draft* draft) {
  const NoRows none;
  for (const std::string& stream : streams) {
    std::vector<std::string> component = ComponentOf(gathered, stream);
    if (!folded_.insert(component.front()).second) continue;
    try {
      Component::Unfolded(gathered, std::move(component), Stage::kWhole, registries_)
          .Flush(none, registries_, &workers_.front().counts, draft);
    } catch (const std::exception& fault) {
      return Fail(Reason::kInternal, "meeting", stream, fault.what());
    }
  }
  return {};
}

}  // namespace entente::views
