// What a sentence about a change is made from, and the clauses it is put together of. A clause
// has no capital and no full stop; "lead" clauses name the meeting, others do not. An empty clause
// means there is nothing to say.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/words/names.h"
#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"

namespace entente::domain {

// The states on both sides of a change and the report that caused it. Refers to all of them.
struct Telling {
  const v1::Meeting& before;
  const v1::Meeting& after;
  const v1::Report& report;
  const Names& names;

  // The one that can be named: after, or before where nothing is left of it.
  const v1::Meeting& Nameable() const;
  // The meeting's name, and the same with the date it has, or had.
  std::string Name() const;
  std::string Dated() const;
  // Nothing was known of it.
  bool First() const;
};

// ---- state_words.cpp: where a meeting stands ----

// "set for 24 April 2021", "held on 3 February 2021", "postponed, no new date".
std::string StateInWords(const v1::Meeting& meeting);
// The same without dates: "held", "planned". Two states differ if these differ.
std::string_view StateWord(const v1::Meeting& meeting);
// " (epidemic)", " (no reason given)".
std::string ReasonInBrackets(const Telling& telling);
// " in Tokyo by video", or nothing: where the meeting takes or took place.
std::string PlaceAndMode(const v1::Meeting& meeting);
// What holds now and did not before: "the date is 25 April 2021, not 24 April 2021".
std::vector<std::string> Differences(const Telling& telling);

// ---- lifecycle_words.cpp: the way of a meeting from plan to outcome ----

// Of the types from announced to not_held. Empty for other types, and where the state after does
// not show it, because a higher-ranked report says otherwise.
std::string LifecycleClause(v1::ChangeType::Value type, const Telling& telling);
// What the report itself says became of the meeting: "to have been called off (dispute)".
std::string AllegedInWords(const v1::Facts& facts, const Names& names);

// ---- detail_words.cpp: who, what about, with what result ----

std::string PartiesClause(const Telling& telling, bool lead);
std::string AttendeesClause(const Telling& telling, bool lead);
std::string TopicsClause(const Telling& telling, bool lead);
std::string ResultClause(const Telling& telling);
// Of anything a stream can stand for: `about` is its name in a sentence.
std::string StatementClause(const v1::Report& report, const std::string& about, const Names& names);

// ---- claim_words.cpp ----

// "Germany said to be Japan's eighth two-plus-two partner (…)". `participants` may be empty.
std::string ClaimClause(const v1::ClaimRecorded& claim, const std::string& about,
                        const std::vector<std::string>& participants, const std::string& kind,
                        const Names& names);

// ---- act_words.cpp: what was done to reports, and what they leave unsettled ----

std::string CorrectionClause(const Telling& telling);
std::string RetractionClause(const Telling& telling);
std::string MergeClause(const Telling& telling);
std::string SplitClause(const Telling& telling);
std::string LinkClause(const Telling& telling, bool lead);
std::string DisputeClause(const Telling& telling, bool lead);
std::string UnconfirmedClause(const Telling& telling);
// The findings of a kind that this change brought up; they live in `after`.
std::vector<const v1::Finding*> NewFindings(const Telling& telling, v1::Finding::Kind kind);
// The beginning of both for any subject: "correction by The Example Daily on", "The Example Daily
// withdraws".
std::string CorrectionOf(const v1::Report& report);
std::string RetractionOf(const v1::Report& report);
// The publisher as a sentence names it.
std::string PublisherOf(const v1::Report& report);

}  // namespace entente::domain
