#include "domain/event/stream_name.h"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace entente::domain {
namespace {

constexpr std::size_t kShortestId = 3;
constexpr std::size_t kLongestId = 80;

constexpr std::array<std::pair<std::string_view, StreamKind>, 6> kKinds = {{
    {"meeting/", StreamKind::kMeeting},
    {"series/", StreamKind::kSeries},
    {"kind/", StreamKind::kKind},
    {"country/", StreamKind::kCountry},
    {"pair/", StreamKind::kPair},
    {"admin/", StreamKind::kAdmin},
}};

bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsUpper(char c) { return c >= 'A' && c <= 'Z'; }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }

// [a-z0-9][a-z0-9-]{2,79}
bool IsId(std::string_view text) {
  if (text.size() < kShortestId || text.size() > kLongestId || text.front() == '-') return false;
  for (const char c : text) {
    if (!IsLower(c) && !IsDigit(c) && c != '-') return false;
  }
  return true;
}

// JP, CSHH, asean: the form of a canonical code, whether or not there is such a party.
bool IsCode(std::string_view text) {
  if (text.empty() || text.size() > kLongestId) return false;
  if (IsUpper(text.front())) {
    if (text.size() != 2 && text.size() != 4) return false;
    for (const char c : text) {
      if (!IsUpper(c)) return false;
    }
    return true;
  }
  if (text.size() < 2 || !IsLower(text.front())) return false;
  for (const char c : text) {
    if (!IsLower(c) && !IsDigit(c)) return false;
  }
  return true;
}

tl::unexpected<Error> Invalid(std::string_view text, std::string message) {
  return Fail(Reason::kStreamInvalid, "", std::string(text.substr(0, 200)), std::move(message));
}

}  // namespace

Result<StreamName> ParseStreamName(std::string_view text) {
  for (const auto& [prefix, kind] : kKinds) {
    if (!text.starts_with(prefix)) continue;
    const std::string_view id = text.substr(prefix.size());
    switch (kind) {
      case StreamKind::kCountry:
        if (!IsCode(id)) return Invalid(text, "country/ wants a code, such as country/JP");
        break;
      case StreamKind::kPair: {
        const std::size_t dash = id.find('-');
        const std::string_view a = id.substr(0, dash);
        const std::string_view b = dash == id.npos ? std::string_view() : id.substr(dash + 1);
        if (!IsCode(a) || !IsCode(b) || a == b) {
          return Invalid(text, "pair/ wants two different codes, such as pair/IN-JP");
        }
        if (b < a) {
          return Invalid(text,
                         fmt::format("a pair's codes are sorted: write {}", PairStream(a, b)));
        }
        break;
      }
      default:
        if (!IsId(id)) {
          return Invalid(text, fmt::format("{} wants an id of 3 to 80 lower-case letters, digits "
                                           "and dashes that does not begin with a dash",
                                           prefix));
        }
    }
    return StreamName{kind, id};
  }
  return Invalid(text, "a stream begins with meeting/, series/, kind/, country/ or pair/");
}

std::string PairStream(std::string_view code_a, std::string_view code_b) {
  if (code_b < code_a) std::swap(code_a, code_b);
  return fmt::format("pair/{}-{}", code_a, code_b);
}

}  // namespace entente::domain
