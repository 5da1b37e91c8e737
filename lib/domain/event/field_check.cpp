#include "domain/event/field_check.h"

#include <fmt/format.h>
#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

#include "domain/dates/duration.h"
#include "domain/dates/reported_time.h"
#include "domain/dates/uncertain_date.h"

namespace entente::domain {
namespace {

constexpr std::size_t kEchoBytes = 200;

// Eight printable ASCII characters, found without looking at each.
bool PlainWord(std::uint64_t w) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  constexpr std::uint64_t kHighs = kOnes * 0x80;
  // With all high bits clear: a byte below 0x20 borrows, 0x7f carries into its high bit.
  return ((w | (w - kOnes * 0x20) | (w + kOnes)) & kHighs) == 0;
}

bool IsPlain(std::string_view text) {
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    if (!PlainWord(word)) return false;
  }
  for (; left > 0; ++at, --left) {
    const auto byte = static_cast<unsigned char>(*at);
    if (byte < 0x20 || byte >= 0x7f) return false;
  }
  return true;
}

bool IsDigits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// The dates that nearly every event carries, without making an UncertainDate: YYYY-MM-DD, YYYY-MM.
bool IsPlainDate(std::string_view text) {
  if (text.size() == 10) return Day::FromIso(text).has_value();
  return text.size() == 7 && text[4] == '-' && IsDigits(text.substr(0, 4)) &&
         IsDigits(text.substr(5)) && text.substr(0, 4) != "0000" && text.substr(5) >= "01" &&
         text.substr(5) <= "12";
}

bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool IsLetterOrDigit(char c) { return IsLetter(c) || (c >= '0' && c <= '9'); }

std::size_t RankOf(Reason reason) {
  return static_cast<std::size_t>(
      std::find_if(kErrorCatalogue.begin(), kErrorCatalogue.end(),
                   [&](const auto& entry) { return entry.reason == reason; }) -
      kErrorCatalogue.begin());
}

// At most kEchoBytes, not cut within a character.
std::string Echo(std::string_view text) {
  if (text.size() <= kEchoBytes) return std::string(text);
  std::size_t end = kEchoBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end));
}

}  // namespace

std::string FieldPath::ToString() const {
  std::string path = parent_ == nullptr ? std::string() : parent_->ToString();
  if (index_ != kNoIndex) return path + fmt::format("[{}]", index_);
  if (!path.empty() && !name_.empty()) path += '.';
  return path.append(name_);
}

Errors FieldCheck::Finish() && {
  if (bytes_ > kEventBytes) {
    Fault(FieldPath(), Reason::kMessageTooLarge, "",
          fmt::format("{} bytes of text in one event; at most {}", bytes_, kEventBytes));
  }
  std::stable_sort(faults_.begin(), faults_.end(), [](const Error& a, const Error& b) {
    return RankOf(a.reason) < RankOf(b.reason);
  });
  return std::move(faults_);
}

void FieldCheck::Fault(const FieldPath& at, Reason reason, std::string_view value,
                       std::string message, std::vector<std::string> suggestions) {
  faults_.push_back(
      {reason, at.ToString(), Echo(value), std::move(message), {}, std::move(suggestions)});
}

void FieldCheck::Fault(const FieldPath& at, Error error) {
  error.field = at.ToString();
  error.value = Echo(error.value);
  faults_.push_back(std::move(error));
}

void FieldCheck::UnknownField(const FieldPath& at, int number) {
  Fault(at, Reason::kFieldUnknown, std::to_string(number),
        fmt::format("field number {} is not one this version knows", number));
}

bool FieldCheck::Given(const FieldPath& at, std::string_view text, Need need) {
  if (!text.empty()) return true;
  if (need == Need::kRequired) Fault(at, Reason::kFieldRequired, "", "");
  return false;
}

bool FieldCheck::Fits(const FieldPath& at, std::string_view text, std::size_t bytes_max,
                      bool lines) {
  bytes_ += text.size();
  if (text.size() > bytes_max) {
    Fault(at, Reason::kMessageTooLarge, text,
          fmt::format("{} bytes; at most {}", text.size(), bytes_max));
    return false;
  }
  if (IsPlain(text)) return true;
  const auto* const bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  for (std::size_t i = 0; i < text.size();) {
    utf8proc_int32_t c = 0;
    const auto step =
        utf8proc_iterate(bytes + i, static_cast<utf8proc_ssize_t>(text.size() - i), &c);
    if (step <= 0) {
      Fault(at, Reason::kFieldInvalid, "", fmt::format("byte {} is not UTF-8", i + 1));
      return false;
    }
    const bool control = c < 0x20 || (c >= 0x7f && c < 0xa0);
    if (control && !(lines && (c == '\n' || c == '\t' || c == '\r'))) {
      Fault(at, Reason::kFieldInvalid, "",
            fmt::format("byte {} is the control character U+{:04X}", i + 1, c));
      return false;
    }
    i += static_cast<std::size_t>(step);
  }
  return true;
}

bool FieldCheck::Line(const FieldPath& at, std::string_view text, std::size_t bytes_max,
                      Need need) {
  return Given(at, text, need) && Fits(at, text, bytes_max, false);
}

bool FieldCheck::Prose(const FieldPath& at, std::string_view text, Need need) {
  return Given(at, text, need) && Fits(at, text, kProseBytes, true);
}

bool FieldCheck::Url(const FieldPath& at, std::string_view text) {
  if (!Line(at, text, kUrlBytes)) return false;
  const std::size_t colon = text.find(':');
  const bool scheme = colon != text.npos && colon > 0 && IsLetter(text.front()) &&
                      std::all_of(text.begin(), text.begin() + colon, [](char c) {
                        return IsLetterOrDigit(c) || c == '+' || c == '.' || c == '-';
                      });
  if (scheme && text.find(' ') == text.npos) return true;
  Fault(at, Reason::kFieldInvalid, text,
        "not a URL: it begins with a scheme such as https: and has no spaces");
  return false;
}

bool FieldCheck::LanguageTag(const FieldPath& at, std::string_view text) {
  if (!Line(at, text, kIdBytes)) return false;
  std::size_t run = 0;
  bool first = true, sound = true;
  for (const char c : text) {
    if (c == '-') {
      sound &= run > 0 && (!first || run > 1);
      run = 0;
      first = false;
    } else {
      sound &= (first ? IsLetter(c) : IsLetterOrDigit(c)) && ++run <= 8;
    }
  }
  if (sound && run > 0 && (!first || run > 1)) return true;
  Fault(at, Reason::kFieldInvalid, text, "not a language tag (BCP 47), such as en or pt-BR");
  return false;
}

bool FieldCheck::EventId(const FieldPath& at, std::string_view text, Need need) {
  if (!Given(at, text, need)) return false;
  bytes_ += text.size();
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (printable && text.size() <= kIdBytes) return true;
  Fault(at, Reason::kEventIdInvalid, printable ? text : std::string_view(), "");
  return false;
}

bool FieldCheck::Date(const FieldPath& at, std::string_view edtf, Need need) {
  if (!Line(at, edtf, kDateBytes, need)) return false;
  if (IsPlainDate(edtf)) return true;
  if (auto date = UncertainDate::Parse(edtf); !date) {
    Fault(at, std::move(date).error());
    return false;
  }
  return true;
}

bool FieldCheck::SingleDay(const FieldPath& at, std::string_view iso, Need need) {
  if (!Line(at, iso, kDateBytes, need)) return false;
  if (Day::FromIso(iso)) return true;
  Fault(at, Reason::kDateInvalid, iso, "a single day is wanted here, as YYYY-MM-DD");
  return false;
}

bool FieldCheck::Time(const FieldPath& at, std::string_view text) {
  if (!Line(at, text, kDateBytes)) return false;
  if (IsPlainDate(text)) return true;
  if (auto time = ReportedTime::Parse(text); !time) {
    Fault(at, std::move(time).error());
    return false;
  }
  return true;
}

bool FieldCheck::DurationText(const FieldPath& at, std::string_view text, Need need) {
  if (!Line(at, text, kDateBytes, need)) return false;
  if (auto duration = Duration::Parse(text); !duration) {
    Fault(at, std::move(duration).error());
    return false;
  }
  return true;
}

bool FieldCheck::Party(const FieldPath& at, std::string_view name, Need need) {
  if (!Line(at, name, kLineBytes, need)) return false;
  if (auto party = parties_.Resolve(name); !party) {
    Fault(at, std::move(party).error());
    return false;
  }
  return true;
}

const Word* FieldCheck::WordIn(const FieldPath& at, WordList list, std::string_view word,
                               Need need) {
  if (!Line(at, word, kLineBytes, need)) return nullptr;
  auto found = vocabulary_.Resolve(list, word);
  if (found) return *found;
  Fault(at, std::move(found).error());
  return nullptr;
}

bool FieldCheck::CanonicalParty(const FieldPath& at, std::string_view stream,
                                std::string_view code) {
  if (parties_.Find(code) != nullptr) return true;
  auto party = parties_.Resolve(code);
  if (party) {
    Fault(at, Reason::kStreamInvalid, stream,
          fmt::format("write the code {} for '{}' in a stream's name", (*party)->code, code));
  } else {
    Fault(at, std::move(party).error());
  }
  return false;
}

bool FieldCheck::CanonicalWord(const FieldPath& at, WordList list, std::string_view stream,
                               std::string_view id) {
  if (vocabulary_.Find(list, id) != nullptr) return true;
  auto word = vocabulary_.Resolve(list, id);
  if (word) {
    Fault(at, Reason::kStreamInvalid, stream,
          fmt::format("write the id {} for '{}' in a stream's name", (*word)->id, id));
  } else {
    Fault(at, std::move(word).error());
  }
  return false;
}

std::optional<StreamName> FieldCheck::Stream(const FieldPath& at, std::string_view text) {
  if (!Line(at, text, kLineBytes, Need::kRequired)) return std::nullopt;
  auto name = ParseStreamName(text);
  if (!name) {
    Fault(at, std::move(name).error());
    return std::nullopt;
  }
  bool known = true;
  switch (name->kind) {
    case StreamKind::kMeeting:
      break;
    case StreamKind::kSeries:
      known = CanonicalWord(at, WordList::kSeries, text, name->id);
      break;
    case StreamKind::kKind:
      known = CanonicalWord(at, WordList::kKinds, text, name->id);
      break;
    case StreamKind::kCountry:
      known = CanonicalParty(at, text, name->id);
      break;
    case StreamKind::kPair: {
      const std::size_t dash = name->id.find('-');
      known = CanonicalParty(at, text, name->id.substr(0, dash));
      known = CanonicalParty(at, text, name->id.substr(dash + 1)) && known;
      break;
    }
    case StreamKind::kAdmin:
      Fault(at, Reason::kStreamMismatch, text, "admin/ streams are written by the server only");
      known = false;
      break;
  }
  return known ? std::optional(*name) : std::nullopt;
}

bool FieldCheck::MeetingStream(const FieldPath& at, std::string_view text) {
  const auto name = Stream(at, text);
  if (!name || name->kind == StreamKind::kMeeting) return name.has_value();
  Fault(at, Reason::kStreamMismatch, text, "a meeting is wanted here: meeting/ID");
  return false;
}

bool FieldCheck::ListSize(const FieldPath& at, int items) {
  if (static_cast<std::size_t>(items) <= kListItems) return true;
  Fault(at, Reason::kMessageTooLarge, std::to_string(items),
        fmt::format("{} entries; at most {}", items, kListItems));
  return false;
}

}  // namespace entente::domain
