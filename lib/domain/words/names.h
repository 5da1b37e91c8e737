// Names of parties, meetings and words of the vocabulary, as a sentence needs them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// The registries that turn codes and ids into names. Refers to them; they outlive it.
struct Names {
  const PartyRegistry& parties;
  const Vocabulary& vocabulary;

  // "Japan", "the United States"; the text itself where it names none.
  std::string Party(std::string_view code) const;
  // "Japan and the United States", in the order given.
  std::string Parties(const std::vector<std::string>& codes) const;
  // For headings: "Japan", "US".
  std::string Short(std::string_view code) const;
  // A word of a vocabulary for people; an unknown one with spaces for its dashes.
  std::string Word(WordList list, std::string_view id) const;
  std::string Plural(WordList list, std::string_view id) const;

  // MeetingInWords, or "meeting ID" where all that is known is its id.
  std::string Meeting(const v1::Meeting& meeting) const;
  // With the date it has or had: "Japan-India two-plus-two of 24 April 2021", "Japan-US
  // two-plus-two (between 5 May and the end of 2021)". Without a date, as Meeting.
  std::string DatedMeeting(const v1::Meeting& meeting) const;
  // What a stream stands for: "Japan", "India and Japan", "two-plus-twos", "Japan-India
  // two-plus-two" of a series, "meeting ID".
  std::string Subject(std::string_view stream) const;
};

// Codes of those who sit at the table, in the meeting's order: participants and hosts that were
// not removed.
std::vector<std::string> ParticipantsOf(const v1::Meeting& meeting);

// The name behind the article it takes in a sentence: "the United States", "the G7", "Japan".
std::string WithArticle(std::string_view name, bool organisation);

// ID of `meeting/ID`.
std::string_view BareId(std::string_view stream);

}  // namespace entente::domain
