#include "views/claimed/claimed.h"

#include <algorithm>
#include <utility>

#include "domain/dates/reported_time.h"
#include "domain/dates/uncertain_date.h"
#include "views/rows/key.h"
#include "views/terms/listing.h"

namespace entente::views {
namespace {

// Calls `visit` with the facts of a report, and with those a correction puts in their place.
template <class Visit>
void VisitFacts(const v1::Report& report, const Visit& visit) {
  visit(report.facts());
  if (report.facts().has_report_corrected()) visit(report.facts().report_corrected().replacement());
}

template <class Visit>
void VisitDates(const v1::Facts& facts, const Visit& visit) {
  switch (facts.payload_case()) {
    case v1::Facts::kMeetingAnnounced:
      return visit(facts.meeting_announced().date());
    case v1::Facts::kMeetingScheduled:
      return visit(facts.meeting_scheduled().date());
    case v1::Facts::kMeetingRescheduled:
      visit(facts.meeting_rescheduled().previous_date());
      return visit(facts.meeting_rescheduled().new_date());
    case v1::Facts::kMeetingPostponed:
      return visit(facts.meeting_postponed().old_date());
    case v1::Facts::kMeetingReinstated:
      return visit(facts.meeting_reinstated().date());
    case v1::Facts::kMeetingHeld:
      return visit(facts.meeting_held().date());
    case v1::Facts::kMeetingNotHeld:
      return visit(facts.meeting_not_held().date());
    default:
      return;
  }
}

class TermCollector {
 public:
  TermCollector(const domain::PartyRegistry& parties, const domain::Vocabulary& vocabulary,
                std::map<Term, bool>* terms)
      : parties_(parties), vocabulary_(vocabulary), terms_(terms) {}

  void Add(const v1::Facts& facts) {
    for (const v1::Party& party : facts.meeting().parties()) AddParty(party.name());
    AddWord(TermKind::kKind, domain::WordList::kKinds, facts.meeting().kind());
    AddWord(TermKind::kSeries, domain::WordList::kSeries, facts.meeting().series());
    for (const v1::Party& party : facts.parties_changed().added()) AddParty(party.name());
    for (const std::string& name : facts.parties_changed().removed()) AddParty(name);
    AddTopic(facts.topics_tagged().topic());
    for (const std::string& topic : facts.outcome_recorded().topics()) AddTopic(topic);
    for (const std::string& topic : facts.statement_made().topics()) AddTopic(topic);
  }

 private:
  void AddParty(const std::string& name) {
    if (const domain::KnownParty* known = parties_.Find(name)) {
      terms_->emplace(Term{TermKind::kCountry, known->code}, false);
    } else if (const auto party = parties_.Resolve(name)) {
      terms_->emplace(Term{TermKind::kCountry, (*party)->code}, false);
    }
  }
  void AddTopic(const std::string& word) {
    AddWord(TermKind::kTopic, domain::WordList::kTopics, word);
  }
  void AddWord(TermKind kind, domain::WordList list, const std::string& word) {
    if (word.empty()) return;
    if (const domain::Word* given = vocabulary_.Find(list, word)) {
      terms_->emplace(Term{kind, given->id}, false);
    } else if (const auto known = vocabulary_.Resolve(list, word)) {
      terms_->emplace(Term{kind, (*known)->id}, false);
    }
  }

  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
  std::map<Term, bool>* terms_;
};

// As in the place of a meeting that has this date.
std::string DateInPlace(const domain::Bounds& bounds, const std::string& text) {
  std::string date = PackU32(DayNumber(bounds.earliest)) + PackU32(DayNumber(bounds.latest)) + text;
  date.push_back('\0');
  return date;
}

std::string ToldKey(std::string_view stream) { return Key(View::kTold).Text(stream).bytes(); }

}  // namespace

void StreamClaims::Add(const v1::Report& report, const domain::PartyRegistry& parties,
                       const domain::Vocabulary& vocabulary) {
  if (terms_.empty()) {
    terms_.emplace(Term{}, false);
    dates_.emplace(UndatedBounds() + '\0', false);
  }
  TermCollector collector(parties, vocabulary, &terms_);
  const auto widen = [&](const v1::MeetingDate& date) {
    if (date.edtf().empty()) return;
    const auto parsed = domain::UncertainDate::Parse(date.edtf());
    if (!parsed) return;
    dates_.emplace(DateInPlace(parsed->bounds(), parsed->text()), false);
    earliest_ = std::min(earliest_, parsed->bounds().earliest);
    latest_ = std::max(latest_, parsed->bounds().latest);
  };
  VisitFacts(report, [&](const v1::Facts& facts) {
    collector.Add(facts);
    VisitDates(facts, widen);
  });
  if (const auto time = domain::ReportedTime::Parse(report.reported())) {
    first_reported_ = std::min(first_reported_, time->latest().day());
    last_reported_ = std::max(last_reported_, time->latest().day());
  }
  const Position position(report.position());
  if (first_ == Position() || position < first_) first_ = position;
  last_ = std::max(last_, position);
}

std::string StreamClaims::Value() const {
  return PackU32(DayNumber(earliest_)) + PackU32(DayNumber(latest_)) +
         PackU32(DayNumber(first_reported_)) + PackU64(first_.value());
}

std::string StreamClaims::ToldValue() const {
  return PackU64(last_.value()) + PackU32(DayNumber(last_reported_));
}

void StreamClaims::Flush(std::string_view stream, Draft* draft) {
  if (terms_.empty()) return;  // what it was told was taken back
  draft->Put(ToldKey(stream), ToldValue());
  const std::string value = Value();
  const bool anew = value != written_;
  std::string end(stream);
  end.push_back('\0');
  for (const auto& [term, term_written] : terms_) {
    const std::string prefix = Key(View::kClaimed).Fixed(TermPart(term)).bytes();
    for (const auto& [date, date_written] : dates_) {
      if (!anew && term_written && date_written) continue;
      std::string key = prefix;
      key += date;
      key += end;
      draft->Put(key, value);
    }
  }
  NoteWritten();
}

void StreamClaims::NoteWritten() {
  written_ = Value();
  for (auto& [term, written] : terms_) written = true;
  for (auto& [date, written] : dates_) written = true;
}

void AddClaimRows(const std::map<std::string, StreamClaims>& claims, RowMap* rows) {
  StreamClaims all;
  for (const auto& [stream, claimed] : claims) {
    if (claimed.terms_.empty()) continue;  // what it was told was taken back
    all.terms_.insert(claimed.terms_.begin(), claimed.terms_.end());
    all.dates_.insert(claimed.dates_.begin(), claimed.dates_.end());
    all.earliest_ = std::min(all.earliest_, claimed.earliest_);
    all.latest_ = std::max(all.latest_, claimed.latest_);
    all.first_reported_ = std::min(all.first_reported_, claimed.first_reported_);
    if (all.first_ == Position() || claimed.first_ < all.first_) all.first_ = claimed.first_;
  }
  const std::string value = all.Value();
  for (const auto& [stream, claimed] : claims) {
    if (claimed.terms_.empty()) continue;
    for (const auto& [term, written] : all.terms_) {
      const std::string prefix = Key(View::kClaimed).Fixed(TermPart(term)).bytes();
      for (const auto& [date, also_written] : all.dates_) {
        rows->insert_or_assign(prefix + BytesOf(ListPlace{date, stream}), value);
      }
    }
    rows->insert_or_assign(ToldKey(stream), claimed.ToldValue());
  }
}

ClaimedWalk::ClaimedWalk(const Snapshot& snapshot, std::span<const Term> terms, Section section,
                         bool backwards)
    : backwards_(backwards) {
  for (const Term& term : terms) {
    const std::string prefix = Key(View::kClaimed).Fixed(TermPart(term)).bytes();
    const std::string undated = prefix + UndatedBounds();
    const std::string from = section == Section::kDated ? prefix : undated;
    const std::string to = section == Section::kDated ? undated : EndOf(prefix);
    List& list = lists_.emplace_back();
    list.prefix_size = prefix.size();
    list.rows = backwards ? snapshot.RangeBackwards(from, to) : snapshot.Range(from, to);
    Read(&list);
  }
  Settle();
}

void ClaimedWalk::Read(List* list) {
  if (!list->rows->Valid()) return;
  list->place_read = false;
  KeyReader value(list->rows->value());
  list->claimed.earliest = DayFromNumber(value.U32());
  list->claimed.latest = DayFromNumber(value.U32());
  list->claimed.first_reported = DayFromNumber(value.U32());
  list->claimed.first = Position(value.U64());
}

const ListPlace& ClaimedWalk::PlaceOf(const List& list) {
  if (!std::exchange(list.place_read, true)) {
    KeyReader key(list.rows->key());
    key.Skip(list.prefix_size);
    ReadPlace(&key, &list.place);
  }
  return list.place;
}

void ClaimedWalk::Settle() {
  at_ = nullptr;
  for (const List& list : lists_) {
    if (!list.rows->Valid()) continue;
    if (at_ == nullptr ||
        (backwards_ ? PlaceOf(*at_) < PlaceOf(list) : PlaceOf(list) < PlaceOf(*at_))) {
      at_ = &list;
    }
  }
}

void ClaimedWalk::Next() {
  const std::optional<ListPlace> place =
      lists_.size() > 1 ? std::optional(PlaceOf(*at_)) : std::nullopt;
  for (List& list : lists_) {
    if (!list.rows->Valid() || (place && PlaceOf(list) != *place)) continue;
    list.rows->Next();
    Read(&list);
  }
  Settle();
}

std::vector<std::optional<ToldUntil>> ToldOf(const Snapshot& snapshot,
                                             std::span<const std::string> streams) {
  std::vector<std::string> keys;
  keys.reserve(streams.size());
  for (const std::string& stream : streams) keys.push_back(ToldKey(stream));
  const auto rows = snapshot.GetMany(keys);
  std::vector<std::optional<ToldUntil>> told(streams.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i]) continue;
    KeyReader reader(*rows[i]);
    told[i].emplace();
    told[i]->last = Position(reader.U64());
    told[i]->last_reported = DayFromNumber(reader.U32());
  }
  return told;
}

}  // namespace entente::views
