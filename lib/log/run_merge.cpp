#include "log/run_merge.h"

#include <utility>

namespace entente::log {

template <class Entry>
RunMerge::Part<Entry>::Part(const std::vector<std::shared_ptr<const Run>>& runs) {
  for (const auto& run : runs) sources.push_back({.walk = RunWalk<Entry>(*run)});
}

template <class Entry>
Result<bool> RunMerge::Part<Entry>::Step(std::uint64_t* entries, RunWriter* writer) {
  using Of = run_layout::Of<Entry>;
  const auto advance = [](Source* source) -> Status {
    source->valid = source->walk.Next();
    return source->walk.status();
  };
  if (!std::exchange(begun, true)) {
    for (Source& source : sources) {
      if (Status status = advance(&source); !status) return Fail(std::move(status).error());
    }
  }
  for (; *entries > 0; --*entries) {
    const Source* least = nullptr;  // of equal ones the newest
    for (const Source& source : sources) {
      if (!source.valid) continue;
      if (least == nullptr || Of::Order(source.walk.entry()) <= Of::Order(least->walk.entry())) {
        least = &source;
      }
    }
    if (least == nullptr) return false;
    const Entry entry = least->walk.entry();
    if (Status added = writer->Add(entry); !added) return Fail(std::move(added).error());
    for (Source& source : sources) {
      if (!source.valid || Of::Order(source.walk.entry()) != Of::Order(entry)) continue;
      if (Status status = advance(&source); !status) return Fail(std::move(status).error());
    }
  }
  return true;
}

RunMerge::RunMerge(std::vector<std::shared_ptr<const Run>> runs, RunWriter writer)
    : runs_(std::move(runs)),
      writer_(std::move(writer)),
      ids_(runs_),
      places_(runs_),
      ends_(runs_) {}

Result<RunMerge> RunMerge::Begin(rocksdb::Env& env, std::vector<std::shared_ptr<const Run>> runs,
                                 std::filesystem::path path) {
  std::uint64_t ids = 0;
  for (const auto& run : runs) ids += run->count<IdPlace>();
  auto writer = RunWriter::Create(env, std::move(path), ids);
  if (!writer) return Fail(std::move(writer).error());
  return RunMerge(std::move(runs), *std::move(writer));
}

Result<bool> RunMerge::Step(std::uint64_t entries) {
  auto more = ids_.Step(&entries, &writer_);
  if (more && !*more) more = places_.Step(&entries, &writer_);
  if (more && !*more) more = ends_.Step(&entries, &writer_);
  if (!more) return Fail(std::move(more).error());
  if (*more) return false;
  if (Status finished = writer_.Finish(); !finished) return Fail(std::move(finished).error());
  return true;
}

}  // namespace entente::log
