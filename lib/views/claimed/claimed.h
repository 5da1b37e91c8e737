// What any report of a stream ever claimed: the terms it named and the days it gave, whether they
// hold today or not. From here come the candidates for a question as of another day: a meeting
// cannot have had, as of any day, what no report ever said of it.
#pragma once

#include <functional>
#include <set>
#include <string>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "views/postings/term.h"
#include "views/rows/draft.h"

namespace entente::views {

// What the reports that lie under one stream claimed, gathered one after the other.
class StreamClaims {
 public:
  void Add(const v1::Report& report, const domain::PartyRegistry& parties,
           const domain::Vocabulary& vocabulary);
  // One row for each term claimed: of countries, kinds, series and topics that the reports name,
  // and kAll. Pairs, statuses and most series follow from several reports together and are not
  // here.
  void AddRows(const std::string& stream, RowMap* rows) const;

 private:
  std::set<Term> terms_;
  Day earliest_ = Day::AfterAll();
  Day latest_ = Day::BeforeAll();
  Day first_reported_ = Day::AfterAll();
};

struct ClaimedSpan {
  std::string stream;
  Day earliest;  // of all dates ever claimed; AfterAll where none was
  Day latest;
  Day first_reported;  // no report was made before
};
// Streams that ever claimed a term, by the earliest day claimed. `visit` returns false to stop.
void VisitClaimed(const Snapshot& snapshot, const Term& term,
                  const std::function<bool(const ClaimedSpan&)>& visit);

}  // namespace entente::views
