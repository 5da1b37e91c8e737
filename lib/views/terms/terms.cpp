#include "views/terms/terms.h"

#include <algorithm>
#include <utility>

#include "views/rows/key.h"

namespace entente::views {
namespace {

constexpr std::uint8_t kOnlyPossibly = 1;
constexpr std::uint8_t kFormerDay = 2;

std::string EncodeFlags(const TermFlags& flags) {
  const int bits = (flags.only_possibly ? kOnlyPossibly : 0) | (flags.former_day ? kFormerDay : 0);
  return std::string(1, static_cast<char>(bits));
}

TermFlags DecodeFlags(std::string_view row) {
  const std::uint8_t bits = KeyReader(row).U8();
  return {(bits & kOnlyPossibly) != 0, (bits & kFormerDay) != 0};
}

std::string Prefix(const Term& term) { return Key(View::kTerm).Fixed(TermPart(term)).bytes(); }

std::string CoarsePrefix(const Term& term, Span span) {
  return Key(View::kCoarse).Fixed(TermPart(term)).U8(static_cast<std::uint8_t>(span)).bytes();
}

std::string RowKey(const std::string& prefix, const ListPlace& place) {
  return prefix + BytesOf(place);
}

std::string CountKey(const Term& term) {
  return Key(View::kTermCount).Fixed(TermPart(term)).bytes();
}

TermCount DecodeCount(std::string_view row) {
  KeyReader reader(row);
  TermCount count;
  count.meetings = reader.U64();
  count.only_possibly = reader.U64();
  return count;
}

// More terms than this are not kept from one batch to the next.
constexpr std::size_t kCountsKept = 1 << 16;

}  // namespace

void AddTermRows(const v1::Meeting& meeting, const ListedTerms& listed, RowMap* rows) {
  const ListPlace place = PlaceOf(meeting);
  const bool former_day = meeting.date().state() == v1::DateFact::postponed;
  const domain::Bounds bounds = IsDated(place) ? BoundsOf(place) : domain::Bounds{};
  const Span span = IsDated(place) ? SpanOf(bounds.earliest, bounds.latest) : Span::kMonth;
  for (const auto& [term, only_possibly] : listed) {
    const std::string flags = EncodeFlags({only_possibly, former_day});
    rows->insert_or_assign(RowKey(Prefix(term), place), flags);
    if (span != Span::kMonth) {
      rows->insert_or_assign(RowKey(CoarsePrefix(term, span), place), flags);
    }
  }
}

ListPlace BeginningOf(Day earliest) {
  ListPlace place;
  place.date = PackU32(DayNumber(earliest)) + PackU32(DayNumber(Day::BeforeAll()));
  place.date.push_back('\0');
  return place;
}

TermCount CountOf(const Snapshot& snapshot, const Term& term) {
  const auto row = snapshot.Get(CountKey(term));
  return row ? DecodeCount(*row) : TermCount{};
}

TermCount& TermCounts::Change(const Term& term, const Snapshot& views) {
  const auto [entry, is_new] = counts_.try_emplace(term);
  Count& count = entry->second;
  if (is_new) count.now = count.stored = CountOf(views, term);
  if (!std::exchange(count.changed, true)) changed_.push_back(&*entry);
  return count.now;
}

void TermCounts::Replace(const ListedTerms& before, const ListedTerms& after,
                         const Snapshot& views) {
  if (before == after) return;
  for (const auto& [term, only_possibly] : before) {
    TermCount& count = Change(term, views);
    --count.meetings;
    if (only_possibly) --count.only_possibly;
  }
  for (const auto& [term, only_possibly] : after) {
    TermCount& count = Change(term, views);
    ++count.meetings;
    if (only_possibly) ++count.only_possibly;
  }
}

void TermCounts::Add(const TermCounts& others) {
  for (const auto& [term, other] : others.counts_) {
    const auto entry = counts_.try_emplace(term).first;
    entry->second.now.meetings += other.now.meetings;
    entry->second.now.only_possibly += other.now.only_possibly;
    if (!std::exchange(entry->second.changed, true)) changed_.push_back(&*entry);
  }
}

void TermCounts::Flush(Draft* draft) {
  for (auto* const entry : changed_) {
    auto& [term, count] = *entry;
    count.changed = false;
    if (count.now == count.stored) continue;
    if (count.now.meetings == 0) {
      draft->Erase(CountKey(term));
    } else {
      draft->Put(CountKey(term), PackU64(count.now.meetings) + PackU64(count.now.only_possibly));
    }
    count.stored = count.now;
  }
  changed_.clear();
  if (counts_.size() > kCountsKept) counts_.clear();
}

std::map<std::string, TermCount> AllTerms(const Snapshot& snapshot, TermKind kind) {
  const std::string prefix = Key(View::kTermCount).U8(static_cast<std::uint8_t>(kind)).bytes();
  std::map<std::string, TermCount> terms;
  for (const auto rows = snapshot.Range(prefix, EndOf(prefix)); rows->Valid(); rows->Next()) {
    KeyReader reader(rows->key());
    reader.Skip(prefix.size());
    terms.emplace(reader.Text(), DecodeCount(rows->value()));
  }
  return terms;
}

std::vector<std::optional<TermFlags>> HaveTerm(const Snapshot& snapshot, const Term& term,
                                               std::span<const ListPlace> places) {
  const std::string prefix = Prefix(term);
  std::vector<std::string> keys;
  keys.reserve(places.size());
  for (const ListPlace& place : places) keys.push_back(RowKey(prefix, place));
  std::vector<std::optional<TermFlags>> flags;
  flags.reserve(places.size());
  for (const auto& row : snapshot.GetMany(keys)) {
    flags.push_back(row ? std::optional(DecodeFlags(*row)) : std::nullopt);
  }
  return flags;
}

TermWalk::TermWalk(const Snapshot& snapshot, const Term& term, const Part& part, bool backwards) {
  const auto& [section, stretch, span] = part;
  const std::string prefix = section == Section::kCoarse ? CoarsePrefix(term, span) : Prefix(term);
  prefix_size_ = prefix.size();
  const std::string undated = prefix + UndatedBounds();
  std::string from = section == Section::kUndated ? undated : prefix;
  std::string to = section == Section::kUndated ? EndOf(prefix) : undated;
  if (stretch.behind) {
    from = std::max(from, RowKey(prefix, *stretch.behind) + std::string(1, '\0'));
  }
  if (stretch.before) to = std::min(to, RowKey(prefix, *stretch.before));
  rows_ = backwards ? snapshot.RangeBackwards(from, to) : snapshot.Range(from, to);
  Read();
}

void TermWalk::Next() {
  rows_->Next();
  Read();
}

void TermWalk::Read() {
  valid_ = rows_->Valid();
  if (!valid_) return;
  KeyReader reader(rows_->key());
  reader.Skip(prefix_size_);
  ReadPlace(&reader, &place_);
  flags_ = DecodeFlags(rows_->value());
}

}  // namespace entente::views
