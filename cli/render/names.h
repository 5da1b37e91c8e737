// The words that the renderings share: names of things as people say them.
#pragma once

#include <string>
#include <string_view>

#include "cli/render/style.h"
#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/meeting.pb.h"

namespace entente::cli::render {

// What turns codes and ids into names. Refers to the registries; they outlive it.
struct Names {
  const domain::PartyRegistry& parties;
  const domain::Vocabulary& vocabulary;

  // "Japan" for JP; the text itself where it is no code.
  std::string Party(std::string_view code) const;
  // "two-plus-two of Japan and India": domain's words, or the id.
  std::string Meeting(const v1::Meeting& meeting) const;
};

// "held", "called off", "postponed" …, and how it looks.
std::string StatusInWords(v1::Meeting::Status status);
Tint TintOf(v1::Meeting::Status status);

// "video", or "unknown" where no report says.
std::string ModeInWords(const v1::Meeting& meeting);

// "24 April 2021", "no new date (was 24 April 2021)", "no date"; with ", disputed" behind it.
std::string WhenInWords(const v1::Meeting& meeting);

// "followed by ID, held on 8 September 2022", with what is only suggested as such; empty where
// nothing followed.
std::string SuccessorInWords(const v1::LinkFact& link);
std::string FollowedBy(const v1::Meeting& meeting);

// The topics by id, each once, with commas.
std::string TopicsInWords(const v1::Meeting& meeting);

// The report that the printed status rests on; null where there is none.
const v1::Report* DecidingReport(const v1::Meeting& meeting);

// "Publisher, 5 May 2021, p. 14"; empty for null.
std::string SourceOf(const v1::Report* report);

// ID of `meeting/ID`.
std::string_view BareId(std::string_view stream);

// "postponed", "statement made": what a report says, from its payload.
std::string PayloadInWords(const v1::Facts& facts);

// A path with ~ for the home directory, where `home` is one and the path lies in it.
std::string PathInWords(std::string_view path, std::string_view home);

// "1 meeting", "2 meetings".
std::string Counted(std::uint64_t n, std::string_view noun);

// Of a count that is not certain both numbers: "2", "0 to 2".
std::string CertainToPossible(std::uint64_t certain, std::uint64_t possible);

// "2021-05-05 09:31:07 UTC"
std::string RecordedInWords(const google::protobuf::Timestamp& time);

}  // namespace entente::cli::render
