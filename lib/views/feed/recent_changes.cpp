#include "views/feed/recent_changes.h"

#include <algorithm>
#include <memory>
#include <set>
#include <utility>

#include "views/feed/change_rows.h"
#include "views/feed/change_source.h"

namespace entente::views {
namespace {

std::set<std::string> TermsOf(const v1::Change& change) {
  std::set<std::string> terms(change.terms_before().begin(), change.terms_before().end());
  terms.insert(change.terms_after().begin(), change.terms_after().end());
  return terms;
}

std::size_t BytesOf(const BeforeAndAfter& states) {
  return states.before.ByteSizeLong() + states.after.ByteSizeLong();
}

}  // namespace

// Reads what somebody asked for before from the entry, and the rest once from the store.
class RecentChanges::Source final : public ChangeSource {
 public:
  Source(RecentChanges* recent, const ViewStore& store, std::vector<Number> numbers)
      : recent_(*recent), store_(store), numbers_(std::move(numbers)) {}

  const v1::Change* Next() override {
    if (next_ == numbers_.size()) return nullptr;
    entry_ = &recent_.At(numbers_[next_++]);
    return &entry_->change;
  }

  const SeenChange& See() override {
    if (!entry_->seen) {
      entry_->seen = Reader().See(entry_->change);
      std::size_t bytes = 0;
      if (entry_->seen->states) bytes += BytesOf(*entry_->seen->states);
      for (const BeforeAndAfter& told : entry_->seen->told) bytes += BytesOf(told);
      Count(bytes);
    }
    return *entry_->seen;
  }

  v1::DescribedChange Describe(bool with_meeting, Day today) override {
    if (!entry_->told || (with_meeting && !entry_->meeting)) {
      v1::DescribedChange told = Reader().Describe(See(), with_meeting, today);
      if (with_meeting) entry_->meeting.emplace().Swap(told.mutable_meeting());
      if (with_meeting) Count(entry_->meeting->ByteSizeLong());
      told.clear_meeting();
      if (!entry_->told) Count(told.ByteSizeLong());
      if (!entry_->told) ++recent_.described_;
      entry_->told = std::move(told);
    }
    v1::DescribedChange described = *entry_->told;
    const bool there = with_meeting && !entry_->meeting->id().empty();
    if (there) *described.mutable_meeting() = *entry_->meeting;
    return described;
  }

  std::uint64_t reports() const override { return reader_ ? reader_->reports() : 0; }

 private:
  void Count(std::size_t bytes) {
    entry_->bytes += bytes;
    recent_.bytes_ += bytes;
  }
  ChangeReader& Reader() {
    if (!reader_) {
      snapshot_ = store_.TakeSnapshot();
      context_.emplace(AnswerContext{
          .snapshot = *snapshot_, .parties = recent_.parties_, .vocabulary = recent_.vocabulary_});
      reader_.emplace(*context_);
    }
    return *reader_;
  }

  RecentChanges& recent_;
  const ViewStore& store_;
  const std::vector<Number> numbers_;
  std::size_t next_ = 0;
  Entry* entry_ = nullptr;
  std::unique_ptr<Snapshot> snapshot_;
  std::optional<AnswerContext> context_;
  std::optional<ChangeReader> reader_;
};

RecentChanges::RecentChanges(const domain::PartyRegistry& parties,
                             const domain::Vocabulary& vocabulary, const Bounds& bounds)
    : parties_(parties), vocabulary_(vocabulary), bounds_(bounds) {}

void RecentChanges::Forget() {
  generation_.clear();
  head_ = {};
}

void RecentChanges::BeginAt(const Snapshot& snapshot, const Cursor& from) {
  generation_ = snapshot.generation();
  from_ = from.position == Position() ? Cursor() : from;  // at position 0 nothing happened
  head_ = from.position;
  first_ += entries_.size();
  entries_.clear();
  by_term_.clear();
  bytes_ = 0;
}

std::optional<std::vector<const v1::Change*>> RecentChanges::Advance(const Snapshot& snapshot) {
  const Position head = snapshot.checkpoint().position;
  const bool begins = generation_ != snapshot.generation() || head < head_;
  const bool far = !begins && head.value() - head_.value() > bounds_.changes;
  if (begins) BeginAt(snapshot, EndOfPosition(head));
  if (far) BeginAt(snapshot, EndOfPosition(Position(head.value() - bounds_.changes)));
  const Number old = first_ + entries_.size();
  for (auto row = ChangesAfter(snapshot, EndOfPosition(head_)); row->Valid(); row->Next()) {
    Add(DecodeChange(row->key(), row->value()));
  }
  head_ = head;
  Trim();
  if (begins || far || first_ > old) return std::nullopt;
  std::vector<const v1::Change*> came;
  for (Number number = old; number < first_ + entries_.size(); ++number) {
    came.push_back(&At(number).change);
  }
  return came;
}

void RecentChanges::Add(v1::Change change) {
  const Number number = first_ + entries_.size();
  for (const std::string& term : TermsOf(change)) by_term_[term].push_back(number);
  const std::size_t bytes = change.ByteSizeLong();
  entries_.push_back({.change = std::move(change), .bytes = bytes});
  bytes_ += bytes;
  if (entries_.size() > 2 * bounds_.changes) Trim();
}

void RecentChanges::Trim() {
  while (!entries_.empty() && (entries_.size() > bounds_.changes || bytes_ > bounds_.bytes)) {
    const Entry& oldest = entries_.front();
    for (const std::string& term : TermsOf(oldest.change)) {
      const auto numbers = by_term_.find(term);
      numbers->second.pop_front();
      if (numbers->second.empty()) by_term_.erase(numbers);
    }
    from_ = CursorOf(oldest.change);
    bytes_ -= oldest.bytes;
    entries_.pop_front();
    ++first_;
  }
}

std::vector<RecentChanges::Number> RecentChanges::Candidates(const FeedFilter& filter,
                                                             const Cursor& after) const {
  const auto above = std::ranges::upper_bound(
      entries_, after, {}, [](const Entry& entry) { return CursorOf(entry.change); });
  const Number begin = first_ + static_cast<Number>(above - entries_.begin());
  const Number end = first_ + entries_.size();
  std::vector<Number> numbers;
  if (filter.terms().empty()) {
    for (Number number = begin; number < end; ++number) numbers.push_back(number);
    return numbers;
  }
  // Of the group with the fewest words; the others are looked at with the changes.
  const auto& group =
      *std::ranges::min_element(filter.terms(), {}, [](const auto& terms) { return terms.size(); });
  for (const std::string& term : group) {
    const auto posted = by_term_.find(term);
    if (posted == by_term_.end()) continue;
    numbers.insert(numbers.end(), std::ranges::lower_bound(posted->second, begin),
                   posted->second.end());
  }
  std::ranges::sort(numbers);
  numbers.erase(std::ranges::unique(numbers).begin(), numbers.end());
  return numbers;
}

Result<FeedPage> RecentChanges::Read(const ViewStore& store, Position head,
                                     const FeedFilter& filter, const Cursor& after,
                                     std::uint32_t limit, bool with_meeting) {
  if (store.generation() != generation_ || head_ < head) (void)Advance(*store.TakeSnapshot());
  if (after < from_) {
    const auto snapshot = store.TakeSnapshot();
    const AnswerContext context{
        .snapshot = *snapshot, .parties = parties_, .vocabulary = vocabulary_};
    return ReadFeed(context, filter, after, limit, with_meeting);
  }
  FeedSlice slice;
  slice.after = after;
  slice.until = EndOfPosition(head_);
  slice.limit = limit;
  slice.with_meeting = with_meeting;
  Source source(this, store, Candidates(filter, after));
  FeedPage page = ReadFrom(&source, filter, parties_, slice);
  page.head = head_;
  Trim();
  return page;
}

}  // namespace entente::views
