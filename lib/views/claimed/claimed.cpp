#include "views/claimed/claimed.h"

#include <algorithm>

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
                std::set<Term>* terms)
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
      terms_->insert({TermKind::kCountry, known->code});
    } else if (const auto party = parties_.Resolve(name)) {
      terms_->insert({TermKind::kCountry, (*party)->code});
    }
  }
  void AddTopic(const std::string& word) {
    AddWord(TermKind::kTopic, domain::WordList::kTopics, word);
  }
  void AddWord(TermKind kind, domain::WordList list, const std::string& word) {
    if (word.empty()) return;
    if (const domain::Word* given = vocabulary_.Find(list, word)) {
      terms_->insert({kind, given->id});
    } else if (const auto known = vocabulary_.Resolve(list, word))
      terms_->insert({kind, (*known)->id});
  }

  const domain::PartyRegistry& parties_;
  const domain::Vocabulary& vocabulary_;
  std::set<Term>* terms_;
};

}  // namespace

void StreamClaims::Add(const v1::Report& report, const domain::PartyRegistry& parties,
                       const domain::Vocabulary& vocabulary) {
  if (terms_.empty()) terms_.insert(Term{});
  TermCollector collector(parties, vocabulary, &terms_);
  const auto widen = [&](const v1::MeetingDate& date) {
    if (date.edtf().empty()) return;
    const auto parsed = domain::UncertainDate::Parse(date.edtf());
    if (!parsed) return;
    earliest_ = std::min(earliest_, parsed->bounds().earliest);
    latest_ = std::max(latest_, parsed->bounds().latest);
  };
  VisitFacts(report, [&](const v1::Facts& facts) {
    collector.Add(facts);
    VisitDates(facts, widen);
  });
  if (const auto time = domain::ReportedTime::Parse(report.reported())) {
    first_reported_ = std::min(first_reported_, time->latest().day());
  }
}

void StreamClaims::AddRows(const std::string& stream, RowMap* rows) const {
  Key value(View::kClaimed);
  value.U32(DayNumber(latest_)).U32(DayNumber(first_reported_));
  for (const Term& term : terms_) {
    rows->insert_or_assign(
        Key(View::kClaimed).Fixed(TermPart(term)).U32(DayNumber(earliest_)).Text(stream).bytes(),
        value.bytes().substr(1));
  }
}

void VisitClaimed(const Snapshot& snapshot, const Term& term,
                  const std::function<bool(const ClaimedSpan&)>& visit) {
  const std::string prefix = Key(View::kClaimed).Fixed(TermPart(term)).bytes();
  for (const auto rows = snapshot.Range(prefix, EndOf(prefix)); rows->Valid(); rows->Next()) {
    KeyReader key(rows->key());
    key.Skip(prefix.size());
    KeyReader value(rows->value());
    ClaimedSpan span;
    span.earliest = DayFromNumber(key.U32());
    span.stream = key.Text();
    span.latest = DayFromNumber(value.U32());
    span.first_reported = DayFromNumber(value.U32());
    if (!visit(span)) return;
  }
}

}  // namespace entente::views
