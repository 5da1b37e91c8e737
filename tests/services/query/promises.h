// What subscribers are promised, in the words of docs/protocol.md, section 7. A test that sees one
// broken prints them first; tests/house holds the two lists together.
#pragma once

#include <string>
#include <string_view>

namespace entente::promise {

inline constexpr std::string_view kOrdered = "ordered per meeting";
inline constexpr std::string_view kUnique = "unique";
inline constexpr std::string_view kNumbered = "numbered without gaps";
inline constexpr std::string_view kGapFree = "gap-free";
inline constexpr std::string_view kResumable = "resumable";
inline constexpr std::string_view kCovered = "covered_to honest";
inline constexpr std::string_view kFiltered = "filtered exactly";
inline constexpr std::string_view kWithinCredit = "within credit";
inline constexpr std::string_view kSharedByMeeting = "shared by meeting";
inline constexpr std::string_view kDurable = "durable";
inline constexpr std::string_view kRetried = "retried as asked";
inline constexpr std::string_view kStanding = "standing told truly";
inline constexpr std::string_view kRevised = "revised told once";

// "unique: two consumers hold (3,0)".
inline std::string Broken(std::string_view promise, std::string_view how) {
  return std::string(promise) + ": " + std::string(how);
}

}  // namespace entente::promise
