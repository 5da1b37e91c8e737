#include "log/index.h"

#include <fmt/format.h>
#include <rocksdb/env.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <string>
#include <unordered_set>
#include <utility>

#include "log/rocks_store.h"
#include "log/run.h"
#include "log/run_list.h"
#include "log/run_merge.h"

namespace entente::log {
namespace {

// An empty file in the index's directory: it was found to be damaged.
constexpr const char* kMarkName = "damaged";

// So many runs of a level become one of the next. More would mean fewer merges, and more places to
// look for an id that the filter lets pass.
constexpr std::size_t kFanIn = 4;

// What one Tidy merges of each level, times what was added last: as much comes to each level, in
// three parts. Twice that, so that a merge ends well before the next one of its level is due.
constexpr std::uint64_t kStepsPerEntry = std::uint64_t{2} * 3;

std::string NameOf(std::uint64_t number) { return fmt::format("{}.run", number); }

// Sorted as small values beside each other: following pointers would cost a miss a comparison.
Status PutIds(const Segment& segment, RunWriter* run) {
  std::vector<std::pair<IdKey, Position>> order;
  order.reserve(segment.entries.size());
  for (const IndexEntry& entry : segment.entries) order.emplace_back(entry.id, entry.position);
  std::sort(order.begin(), order.end());
  for (const auto& [id, position] : order) {
    if (Status put = run->Add(IdPlace{id, position}); !put) return put;
  }
  return {};
}

Status PutStreams(const Segment& segment, RunWriter* run) {
  struct Place {
    StreamPlace at;
    Revision revision;
    auto operator<=>(const Place&) const = default;
  };
  std::vector<Place> order;
  order.reserve(segment.entries.size());
  for (const IndexEntry& entry : segment.entries) {
    order.push_back({{entry.stream, entry.position}, entry.revision});
  }
  std::sort(order.begin(), order.end());
  for (const Place& place : order) {
    if (Status put = run->Add(place.at); !put) return put;
  }
  for (std::size_t i = 0; i < order.size(); ++i) {
    const bool last = i + 1 == order.size() || order[i + 1].at.stream != order[i].at.stream;
    if (!last) continue;
    if (Status put = run->Add(StreamEnd{order[i].at.stream, order[i].revision}); !put) return put;
  }
  return {};
}

// What a process left that was killed while it wrote.
void RemoveUnnamed(const std::filesystem::path& directory, const RunList& list) {
  std::unordered_set<std::string> named;
  for (const RunList::Named& run : list.runs) named.insert(NameOf(run.number));
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored)) {
    if (entry.path().extension() == ".run" && !named.contains(entry.path().filename().string())) {
      std::filesystem::remove(entry.path(), ignored);
    }
  }
}

// There is no list of runs: an empty directory, or an index of which a part is gone, or one of an
// earlier format, which was a RocksDB.
Result<RunList> BeginList(rocksdb::Env& env, const std::filesystem::path& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (failed) return Fail(Reason::kStoreIo, directory.string(), "", failed.message());
  for (const auto& entry : std::filesystem::directory_iterator(directory, failed)) {
    if (entry.path().filename() == "CURRENT") {
      return Fail(Reason::kStoreFormat, directory.string(), "",
                  fmt::format("the index is not of format {}", run_layout::kFormat));
    }
    if (entry.path().extension() == ".run") {
      return Fail(Reason::kStoreDamaged, directory.string(), "", "the list of runs is gone");
    }
  }
  std::random_device random;
  RunList list;
  list.seed = std::uint64_t{random()} << 32 | random();
  if (Status written = list.Write(env, directory); !written) {
    return Fail(std::move(written).error());
  }
  return list;
}

}  // namespace

struct Index::Runs {
  RunList list;
  std::vector<std::shared_ptr<const Run>> open;  // in the order of the list
};

struct Index::Merge {
  std::uint32_t level = 0;
  std::vector<std::uint64_t> of;  // numbers
  std::uint64_t into = 0;
  RunMerge work;
};

Index::Index(std::filesystem::path directory, rocksdb::Env& env, std::shared_ptr<const Runs> runs,
             bool created)
    : directory_(std::move(directory)),
      env_(env),
      keys_(runs->list.seed),
      created_(created),
      runs_(std::move(runs)) {
  for (const RunList::Named& run : runs_->list.runs) {
    next_number_ = std::max(next_number_, run.number + 1);
  }
}
Index::~Index() = default;

std::filesystem::path Index::PathOf(std::uint64_t number) const {
  return directory_ / NameOf(number);
}

std::shared_ptr<const Index::Runs> Index::runs() const {
  const std::lock_guard lock(mutex_);
  return runs_;
}

bool Index::marked() const {
  std::error_code unknown;
  return std::filesystem::exists(directory_ / kMarkName, unknown);
}

tl::unexpected<Error> Index::Failed(Error error) const {
  if (error.reason == Reason::kStoreDamaged) {
    const std::ofstream mark(directory_ / kMarkName);
    error.message += "; the index is built anew when the log is opened next";
  }
  return Fail(std::move(error));
}

Result<std::unique_ptr<Index>> Index::Open(const std::filesystem::path& directory,
                                           rocksdb::Env* env) {
  rocksdb::Env& disk = env != nullptr ? *env : *rocksdb::Env::Default();
  auto list = RunList::Read(disk, directory);
  if (!list) return Fail(std::move(list).error());
  const bool created = !*list;
  if (created) {
    auto begun = BeginList(disk, directory);
    if (!begun) return Fail(std::move(begun).error());
    *list = *std::move(begun);
  }
  auto runs = std::make_shared<Runs>();
  runs->list = **std::move(list);
  RemoveUnnamed(directory, runs->list);
  for (const RunList::Named& named : runs->list.runs) {
    auto run = Run::Open(disk, directory / NameOf(named.number));
    if (!run) return Fail(std::move(run).error());
    runs->open.push_back(*std::move(run));
  }
  return std::unique_ptr<Index>(new Index(directory, disk, std::move(runs), created));
}

ChainPoint Index::indexed_to() const { return runs()->list.indexed_to; }

Status Index::FindIds(std::span<const IdKey> keys, std::span<Position> positions) const {
  const auto runs = this->runs();
  constexpr std::size_t kAtOnce = 64;
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (i % kAtOnce == 0) {
      for (const IdKey& key : keys.subspan(i, std::min(kAtOnce, keys.size() - i))) {
        for (const auto& run : runs->open) run->Prefetch(key);
      }
    }
    positions[i] = {};
    for (auto run = runs->open.rbegin(); run != runs->open.rend(); ++run) {
      if (!(*run)->MayHold(keys[i])) continue;
      const auto found = (*run)->Find(keys[i]);
      if (!found) return Failed(found.error());
      positions[i] = *found;
      if (positions[i] != Position()) break;
    }
  }
  return {};
}

Status Index::ForEachStream(const std::function<void(const StreamKey&, Revision)>& visit) const {
  const auto runs = this->runs();
  for (const auto& run : runs->open) {
    RunWalk<StreamEnd> walk(*run);
    while (walk.Next()) visit(walk.entry().stream, walk.entry().last);
    if (!walk.status()) return Failed(walk.status().error());
  }
  return {};
}

Result<std::vector<Position>> Index::StreamPositions(const StreamKey& stream, Position from,
                                                     std::size_t limit) const {
  std::vector<Position> positions;
  const auto runs = this->runs();
  for (const auto& run : runs->open) {
    if (Status added = run->AddPositions(stream, from, limit, &positions); !added) {
      return Failed(std::move(added).error());
    }
  }
  return positions;
}

Status Index::Publish(std::shared_ptr<const Runs> runs) {
  if (Status written = runs->list.Write(env_, directory_); !written) return written;
  const std::lock_guard lock(mutex_);
  runs_ = std::move(runs);
  return {};
}

Status Index::Add(const Segment& segment) {
  const std::uint64_t number = next_number_++;
  auto writer = RunWriter::Create(env_, PathOf(number), segment.entries.size());
  if (!writer) return Failed(std::move(writer).error());
  Status done = PutIds(segment, &*writer);
  if (done) done = PutStreams(segment, &*writer);
  if (done) done = writer->Finish();
  if (!done) return Failed(std::move(done).error());
  auto run = Run::Open(env_, PathOf(number));
  if (!run) return Failed(std::move(run).error());

  auto with = std::make_shared<Runs>(*runs());
  with->list.indexed_to = segment.end;
  with->list.runs.push_back({number, 0});
  with->open.push_back(*std::move(run));
  if (done = Publish(std::move(with)); !done) return Failed(std::move(done).error());
  added_last_ = segment.entries.size();
  return {};
}

Status Index::BeginMerges() {
  const auto runs = this->runs();
  const auto& named = runs->list.runs;
  for (std::size_t first = 0; first < named.size();) {
    const std::uint32_t level = named[first].level;
    std::size_t behind = first;
    while (behind < named.size() && named[behind].level == level) ++behind;
    const bool under_way =
        std::ranges::any_of(merges_, [&](const auto& merge) { return merge->level == level; });
    if (!under_way && behind - first >= kFanIn) {
      std::vector<std::uint64_t> of;
      for (std::size_t i = first; i < first + kFanIn; ++i) of.push_back(named[i].number);
      const auto begin = runs->open.begin() + static_cast<std::ptrdiff_t>(first);
      const std::uint64_t into = next_number_++;
      auto work = RunMerge::Begin(env_, {begin, begin + kFanIn}, PathOf(into));
      if (!work) return Fail(std::move(work).error());
      merges_.push_back(
          std::make_unique<Merge>(Merge{level, std::move(of), into, *std::move(work)}));
    }
    first = behind;
  }
  return {};
}

Status Index::EndMerge(const Merge& merge) {
  auto run = Run::Open(env_, PathOf(merge.into));
  if (!run) return Fail(std::move(run).error());
  auto with = std::make_shared<Runs>(*runs());
  auto& named = with->list.runs;
  const auto at = std::ranges::find(named, merge.of.front(), &RunList::Named::number);
  const auto place = at - named.begin();
  const auto count = static_cast<std::ptrdiff_t>(merge.of.size());
  named.erase(at + 1, at + count);
  *at = {merge.into, merge.level + 1};
  with->open.erase(with->open.begin() + place + 1, with->open.begin() + place + count);
  with->open[static_cast<std::size_t>(place)] = *std::move(run);
  if (Status published = Publish(std::move(with)); !published) return published;
  // Whoever reads them has them open.
  for (const std::uint64_t number : merge.of) env_.DeleteFile(PathOf(number).string());
  return {};
}

Status Index::Tidy() {
  if (Status begun = BeginMerges(); !begun) return Failed(std::move(begun).error());
  for (auto& merge : merges_) {
    const auto ended = merge->work.Step(kStepsPerEntry * added_last_);
    if (!ended) return Failed(ended.error());
    if (!*ended) continue;
    if (Status taken = EndMerge(*merge); !taken) return Failed(std::move(taken).error());
    merge.reset();
  }
  std::erase(merges_, nullptr);
  return {};
}

}  // namespace entente::log
