// What any report of a stream ever claimed: the terms it named and the dates it gave, whether they
// hold today or not. From here come the candidates for a question as of another day: a meeting
// cannot have had, as of any day, what no report ever said of it.
//
// A stream stands in the list of each term once for each date, at the place that the date would
// give it, and once among the undated. As of any day its meeting stands at one of these places; or,
// where sources exclude one another, between two of them, since it then has the days of both. Of
// streams that hang together by merges and splits, each has the terms and dates of all.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"
#include "values/day.h"
#include "values/position.h"
#include "views/postings/term.h"
#include "views/rows/draft.h"
#include "views/terms/listing.h"

namespace entente::views {

// What the reports that lie under one stream claimed, gathered one after the other.
class StreamClaims {
 public:
  void Add(const v1::Report& report, const domain::PartyRegistry& parties,
           const domain::Vocabulary& vocabulary);

  // Of a stream that stands alone: writes the rows that are other ones since the last time. What
  // was claimed once stays claimed, so none is ever to be erased.
  void Flush(std::string_view stream, Draft* draft);
  // What was added so far stands in the rows.
  void NoteWritten();

 private:
  friend void AddClaimRows(const std::map<std::string, StreamClaims>& claims, RowMap* rows);

  std::string Value() const;
  std::string ToldValue() const;

  // With whether it stands in the rows.
  std::map<Term, bool> terms_;
  std::map<std::string, bool> dates_;  // as in a ListPlace
  std::string written_;                // the rows' value
  Day earliest_ = Day::AfterAll();
  Day latest_ = Day::BeforeAll();
  Day first_reported_ = Day::AfterAll();
  Day last_reported_ = Day::BeforeAll();
  Position first_;
  Position last_;
};

// Of all streams of a component, by stream, where there are several: what they claimed (terms are
// countries, kinds, series and topics that the reports name, and kAll; pairs, statuses and most
// series follow from several reports together and are not here), and up to when each was told of.
void AddClaimRows(const std::map<std::string, StreamClaims>& claims, RowMap* rows);

// What was claimed of a stream.
struct Claimed {
  Day earliest;        // of all dates ever claimed; AfterAll where none was
  Day latest;          // BeforeAll where none was
  Day first_reported;  // no report was made before
  Position first;      // of the reports
};

// Walks what was claimed of several terms as one list, in the order of places or against it.
class ClaimedWalk {
 public:
  enum class Section { kDated, kUndated };
  ClaimedWalk(const Snapshot& snapshot, std::span<const Term> terms, Section section,
              bool backwards);
  bool Valid() const { return at_ != nullptr; }
  const Claimed& claimed() const { return at_->claimed; }
  // Of one of its dates, with the stream as its id. Until Next.
  const ListPlace& place() const { return PlaceOf(*at_); }
  void Next();

 private:
  struct List {
    std::size_t prefix_size = 0;
    std::unique_ptr<Snapshot::Scan> rows;
    Claimed claimed;
    // Read once somebody asks: of many, what was claimed says that they do not matter.
    mutable ListPlace place;
    mutable bool place_read = false;
  };
  static void Read(List* list);
  static const ListPlace& PlaceOf(const List& list);
  void Settle();

  bool backwards_;
  std::vector<List> lists_;
  const List* at_ = nullptr;
};

// How far what is told of a stream reaches: beyond it nothing about the stream changes.
struct ToldUntil {
  Position last;      // of its reports
  Day last_reported;  // the day from which the last of them is seen
};
// In the order of the streams; nullopt where nothing was ever reported.
std::vector<std::optional<ToldUntil>> ToldOf(const Snapshot& snapshot,
                                             std::span<const std::string> streams);

}  // namespace entente::views
