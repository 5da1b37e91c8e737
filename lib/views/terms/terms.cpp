#include "views/terms/terms.h"

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

std::string RowKey(const std::string& prefix, const ListPlace& place) {
  std::string key = prefix + place.date + place.id;
  key.push_back('\0');
  return key;
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

void PutCount(const Term& term, const TermCount& count, Draft* draft) {
  if (count.meetings == 0) {
    draft->Erase(CountKey(term));
  } else {
    draft->Put(CountKey(term), PackU64(count.meetings) + PackU64(count.only_possibly));
  }
}

}  // namespace

void AddTermRows(const v1::Meeting& meeting, RowMap* rows) {
  const ListPlace place = PlaceOf(meeting);
  const bool former_day = meeting.date().state() == v1::DateFact::postponed;
  for (const auto& [term, only_possibly] : TermsOfListed(meeting)) {
    rows->insert_or_assign(RowKey(Prefix(term), place), EncodeFlags({only_possibly, former_day}));
  }
}

TermCount CountOf(const Snapshot& snapshot, const Term& term) {
  const auto row = snapshot.Get(CountKey(term));
  return row ? DecodeCount(*row) : TermCount{};
}

void CountTerms(const ListedTerms& before, const ListedTerms& after, Draft* draft) {
  if (before == after) return;
  std::map<Term, TermCount> counts;
  const auto count_of = [&](const Term& term) -> TermCount& {
    const auto [entry, is_new] = counts.try_emplace(term);
    if (is_new) entry->second = CountOf(*draft, term);
    return entry->second;
  };
  for (const auto& [term, only_possibly] : before) {
    TermCount& count = count_of(term);
    --count.meetings;
    if (only_possibly) --count.only_possibly;
  }
  for (const auto& [term, only_possibly] : after) {
    TermCount& count = count_of(term);
    ++count.meetings;
    if (only_possibly) ++count.only_possibly;
  }
  for (const auto& [term, count] : counts) PutCount(term, count, draft);
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

std::optional<TermFlags> HasTerm(const Snapshot& snapshot, const Term& term,
                                 const ListPlace& place) {
  const auto row = snapshot.Get(RowKey(Prefix(term), place));
  if (!row) return std::nullopt;
  return DecodeFlags(*row);
}

TermWalk::TermWalk(const Snapshot& snapshot, const Term& term, Section section,
                   const ListPlace* after, bool backwards) {
  const std::string prefix = Prefix(term);
  prefix_size_ = prefix.size();
  const std::string undated = prefix + UndatedBounds();
  std::string from = section == Section::kDated ? prefix : undated;
  std::string to = section == Section::kDated ? undated : EndOf(prefix);
  if (after != nullptr)
    (backwards ? to : from) = RowKey(prefix, *after) + std::string(backwards ? 0 : 1, '\0');
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
  place_.date = reader.Fixed(8);
  place_.date += reader.Text();
  place_.date.push_back('\0');
  place_.id = reader.Text();
  flags_ = DecodeFlags(rows_->value());
}

}  // namespace entente::views
