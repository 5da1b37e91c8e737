#include "services/projector/delta_files.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>
#include <system_error>
#include <utility>
#include <vector>

#include "values/byte_order.h"

namespace entente::projector {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kExtension = ".deltas";

// Offsets in the head of a record; little-endian.
constexpr std::size_t kFrom = 0;       // u64, then 32 bytes chain hash
constexpr std::size_t kTo = 40;        // u64, then 32 bytes chain hash
constexpr std::size_t kBytes = 80;     // u64, of the delta
constexpr std::size_t kChecksum = 88;  // XXH3-64 of all before it and of the delta
constexpr std::size_t kHeadBytes = 96;
using Head = std::array<char, kHeadBytes>;

void PutPoint(char* at, const log::ChainPoint& point) {
  PutLittle(at, point.position.value());
  std::memcpy(at + sizeof(std::uint64_t), point.hash.data(), point.hash.size());
}

log::ChainPoint GetPoint(const char* at) {
  log::ChainPoint point{.position = Position(GetLittle<std::uint64_t>(at)), .hash = {}};
  std::memcpy(point.hash.data(), at + sizeof(std::uint64_t), point.hash.size());
  return point;
}

bool Same(const log::ChainPoint& a, const log::ChainPoint& b) {
  return a.position == b.position && a.hash == b.hash;
}

std::uint64_t ChecksumOf(const Head& head, std::string_view delta) {
  const XXH64_hash_t of_head = XXH3_64bits(head.data(), kChecksum);
  return XXH3_64bits_withSeed(delta.data(), delta.size(), of_head);
}

std::vector<std::uint64_t> FilesIn(const fs::path& directory) {
  std::vector<std::uint64_t> files;
  std::error_code fault;
  for (const auto& entry : fs::directory_iterator(directory, fault)) {
    const std::string name = entry.path().stem().string();
    std::uint64_t file = 0;
    const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), file);
    if (entry.path().extension() == kExtension && wrong == std::errc()) files.push_back(file);
  }
  std::ranges::sort(files);
  return files;
}

}  // namespace

DeltaFiles::DeltaFiles(fs::path directory, const log::ChainPoint& head, Limits limits)
    : directory_(std::move(directory)), limits_(limits), head_(head) {
  Load();
}

fs::path DeltaFiles::PathOf(std::uint64_t file) const {
  return directory_ / fmt::format("{:020}{}", file, kExtension);
}

void DeltaFiles::Load() {
  const auto files = FilesIn(directory_);
  wanted_ = !files.empty();
  for (const std::uint64_t file : files) LoadFile(file);
  CutAtHead();
}

void DeltaFiles::LoadFile(std::uint64_t file) {
  std::error_code fault;
  const std::uint64_t size = fs::file_size(PathOf(file), fault);
  std::ifstream in(PathOf(file), std::ios::binary);
  Head head{};
  std::uint64_t offset = 0;
  while (!fault && in.read(head.data(), head.size())) {
    Link link{.from = GetPoint(head.data() + kFrom),
              .to = GetPoint(head.data() + kTo),
              .file = file,
              .offset = offset,
              .bytes = GetLittle<std::uint64_t>(head.data() + kBytes)};
    if (link.to.position <= link.from.position) return;
    if (link.bytes > size || offset + kHeadBytes + link.bytes > size) return;  // torn
    // A gap: what lies before it leads nowhere.
    if (!links_.empty() && !Same(links_.back().to, link.from)) links_.clear();
    offset += kHeadBytes + link.bytes;
    links_.push_back(link);
    in.seekg(static_cast<std::streamoff>(offset));
  }
}

void DeltaFiles::CutAtHead() {
  while (!links_.empty() && !Same(links_.back().to, head_)) links_.pop_back();
  std::error_code ignored;
  const std::uint64_t first = links_.empty() ? 0 : links_.front().file;
  const std::uint64_t last = links_.empty() ? 0 : links_.back().file;
  for (const std::uint64_t file : FilesIn(directory_)) {
    if (links_.empty() || file < first || file > last) fs::remove(PathOf(file), ignored);
  }
  if (!links_.empty()) {
    const Link& link = links_.back();
    fs::resize_file(PathOf(last), link.offset + kHeadBytes + link.bytes, ignored);
  }
  for (const Link& link : links_) bytes_ += link.bytes;
  if (wanted_) StartFile();
}

void DeltaFiles::Want() {
  if (wanted_) return;
  wanted_ = true;
  StartFile();
}

// The file says, also while it is empty, that deltas are wanted.
void DeltaFiles::StartFile() {
  std::error_code ignored;
  fs::create_directories(directory_, ignored);
  out_file_ = head_.position.value();
  out_bytes_ = 0;
  out_.close();
  out_.clear();
  out_.open(PathOf(out_file_), std::ios::binary | std::ios::trunc);
}

void DeltaFiles::Forget() {
  links_.clear();
  bytes_ = 0;
  out_.close();
  std::error_code ignored;
  for (const std::uint64_t file : FilesIn(directory_)) fs::remove(PathOf(file), ignored);
}

void DeltaFiles::Skip(const log::ChainPoint& to) {
  head_ = to;
  if (!wanted_) return;
  Forget();
  StartFile();
}

void DeltaFiles::Add(const log::ChainPoint& to, std::string_view delta) {
  if (out_bytes_ >= limits_.file_bytes) StartFile();
  Head head{};
  PutPoint(head.data() + kFrom, head_);
  PutPoint(head.data() + kTo, to);
  PutLittle<std::uint64_t>(head.data() + kBytes, delta.size());
  PutLittle<std::uint64_t>(head.data() + kChecksum, ChecksumOf(head, delta));
  out_.write(head.data(), head.size());
  out_.write(delta.data(), static_cast<std::streamsize>(delta.size()));
  if (!out_.flush()) return Skip(to);
  links_.push_back({head_, to, out_file_, out_bytes_, delta.size()});
  out_bytes_ += kHeadBytes + delta.size();
  bytes_ += delta.size();
  head_ = to;
  while (bytes_ > limits_.bytes && links_.front().file != out_file_) {
    const std::uint64_t oldest = links_.front().file;
    for (; links_.front().file == oldest; links_.pop_front()) bytes_ -= links_.front().bytes;
    std::error_code ignored;
    fs::remove(PathOf(oldest), ignored);
  }
}

DeltaBytes DeltaFiles::Read(const Link& link) const {
  std::ifstream in(PathOf(link.file), std::ios::binary);
  in.seekg(static_cast<std::streamoff>(link.offset));
  Head head{};
  std::string delta(link.bytes, '\0');
  if (!in.read(head.data(), head.size()) ||
      !in.read(delta.data(), static_cast<std::streamsize>(delta.size()))) {
    return nullptr;
  }
  if (GetLittle<std::uint64_t>(head.data() + kChecksum) != ChecksumOf(head, delta)) return nullptr;
  return std::make_shared<const std::string>(std::move(delta));
}

DeltaRing::Reading DeltaFiles::ReadAfter(const log::ChainPoint& at, std::size_t max_bytes) {
  using Found = DeltaRing::Found;
  if (at.position >= head_.position) return {Found::kNothingYet, {}};
  auto link = std::ranges::partition_point(
      links_, [&](const Link& one) { return one.to.position <= at.position; });
  if (link == links_.end() || link->from.position > at.position) return {Found::kBehind, {}};
  if (link->from.position == at.position && link->from.hash != at.hash) {
    return {Found::kDiverged, {}};
  }
  DeltaRing::Reading reading{Found::kDeltas, {}};
  std::size_t bytes = 0;
  for (; link != links_.end(); ++link) {
    bytes += link->bytes;
    if (!reading.deltas.empty() && bytes > max_bytes) break;
    DeltaBytes delta = Read(*link);
    if (!delta) break;
    reading.deltas.push_back(std::move(delta));
  }
  if (reading.deltas.empty()) reading.found = Found::kBehind;
  return reading;
}

}  // namespace entente::projector
