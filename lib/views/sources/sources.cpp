#include "views/sources/sources.h"

#include <algorithm>

#include "views/rows/key.h"

namespace entente::views {
namespace {

constexpr std::size_t kDigestBytes = 16;

std::string NumberKey(std::uint32_t number) { return Key(View::kSource).U32(number).bytes(); }

std::uint32_t LastNumber(const Snapshot& snapshot) {
  const std::string prefix = Key(View::kSource).bytes();
  const auto last = snapshot.RangeBackwards(prefix, EndOf(prefix));
  return last->Valid() ? KeyReader(last->key()).Skip(1).U32() : 0;
}

}  // namespace

SourceDocument DocumentOf(const v1::Source& source, log::Sha256* sha) {
  SourceDocument kept;
  if (source.locator().empty()) {
    source.SerializeToString(&kept.document);
  } else {
    v1::Source document = source;
    document.clear_locator();
    document.SerializeToString(&kept.document);
  }
  const log::Digest digest = sha->Of(kept.document);
  kept.key = Key(View::kSourceNumber).Fixed(log::BytesOf(digest).substr(0, kDigestBytes)).bytes();
  return kept;
}

SourceNumbers::Numbered SourceNumbers::Find(SourceDocument source, const Draft& rows,
                                            const Snapshot& before) {
  Numbered numbered;
  const bool may_be_known = !seen_ || seen_->Add(source.key);
  if (const auto known = may_be_known ? rows.Get(source.key) : std::nullopt) {
    numbered.number = KeyReader(*known).U32();
  } else {
    if (!last_) last_ = LastNumber(before);
    numbered.number = *last_ + 1;
    numbered.is_new = true;
  }
  numbered.source = std::move(source);
  return numbered;
}

void SourceNumbers::Keep(const Numbered& numbered, Draft* draft) {
  if (!numbered.is_new) return;
  last_ = numbered.number;
  draft->Put(numbered.source.key, PackU64(numbered.number).substr(4));
  draft->Put(NumberKey(numbered.number), numbered.source.document);
}

void SourceReader::Read(std::vector<std::uint32_t> numbers) {
  std::ranges::sort(numbers);
  const auto [twice, end] = std::ranges::unique(numbers);
  numbers.erase(twice, end);
  std::erase_if(numbers, [&](std::uint32_t number) { return read_.contains(number); });
  std::vector<std::string> keys;
  keys.reserve(numbers.size());
  for (const std::uint32_t number : numbers) keys.push_back(NumberKey(number));
  const auto rows = snapshot_.GetMany(keys);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    v1::Source& source = read_[numbers[i]];
    if (rows[i]) source.ParseFromString(*rows[i]);
  }
}

void SourceReader::Fill(v1::Report* report) {
  if (report->source_id() == 0) return;
  auto entry = read_.find(report->source_id());
  if (entry == read_.end()) {
    Read({report->source_id()});
    entry = read_.find(report->source_id());
  }
  std::string locator = report->source().locator();
  *report->mutable_source() = entry->second;
  report->mutable_source()->set_locator(std::move(locator));
  report->clear_source_id();
  report->clear_publisher();
}

}  // namespace entente::views
