#include "domain/words/names.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "domain/words/date_words.h"
#include "domain/words/describe.h"
#include "domain/words/sentence.h"

namespace entente::domain {
namespace {

// Headings name up to three parties, beyond that the first two.
constexpr std::size_t kHeadingMax = 3;
constexpr std::size_t kListedOfMany = 2;

std::string Spaced(std::string_view id) {
  std::string text = OneLine(id);
  std::replace_if(text.begin(), text.end(), [](char c) { return c == '-' || c == '_'; }, ' ');
  return text;
}

// Initials that are read as a word take no article: ASEAN, NATO, but the EU and the G7.
bool ReadAsWord(std::string_view name) {
  return name.size() >= 4 &&
         std::all_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

}  // namespace

std::string WithArticle(std::string_view name, bool organisation) {
  constexpr std::array<std::string_view, 8> kPlain = {"Bahamas",     "Comoros",  "Gambia",
                                                      "Holy See",    "Maldives", "Netherlands",
                                                      "Philippines", "Vatican"};
  const bool country = name.starts_with("United ") || name.ends_with(" Islands") ||
                       name.ends_with(" Republic") || name.starts_with("Republic of ") ||
                       name.starts_with("Democratic Republic of ") || name.ends_with(" Emirates") ||
                       std::find(kPlain.begin(), kPlain.end(), name) != kPlain.end();
  const bool taken = name.starts_with("the ") || name.starts_with("The ");
  const bool article = organisation ? !ReadAsWord(name) : country;
  return (article && !taken ? "the " : "") + std::string(name);
}

std::string_view BareId(std::string_view stream) {
  constexpr std::string_view kMeeting = "meeting/";
  return stream.starts_with(kMeeting) ? stream.substr(kMeeting.size()) : stream;
}

std::vector<std::string> ParticipantsOf(const v1::Meeting& meeting) {
  std::vector<std::string> codes;
  for (const v1::PartyFact& party : meeting.parties()) {
    const bool sits = party.role() == v1::Party::unspecified ||
                      party.role() == v1::Party::participant || party.role() == v1::Party::host;
    if (sits && !party.removed()) codes.push_back(party.code());
  }
  return codes;
}

std::string Names::Party(std::string_view code) const {
  const KnownParty* known = parties.Find(code);
  if (known == nullptr) known = parties.Resolve(code).value_or(nullptr);
  return known == nullptr ? OneLine(code) : WithArticle(known->name, known->organisation);
}

std::string Names::Parties(const std::vector<std::string>& codes) const {
  std::vector<std::string> names;
  names.reserve(codes.size());
  for (const std::string& code : codes) names.push_back(Party(code));
  return AndList(names);
}

std::string Names::Short(std::string_view code) const {
  const KnownParty* known = parties.Find(code);
  if (known == nullptr) return OneLine(code);
  return known->short_name;
}

std::string Names::Word(WordList list, std::string_view id) const {
  const domain::Word* word = vocabulary.Find(list, id);
  return word == nullptr ? Spaced(id) : word->name;
}

std::string Names::Plural(WordList list, std::string_view id) const {
  const domain::Word* word = vocabulary.Find(list, id);
  if (word == nullptr) return Spaced(id);
  return word->plural.empty() ? word->name : word->plural;
}

std::string Names::Meeting(const v1::Meeting& meeting) const {
  std::string words = MeetingInWords(meeting, parties, vocabulary);
  return words == BareId(meeting.id()) ? "meeting " + words : words;
}

std::string Names::DatedMeeting(const v1::Meeting& meeting) const {
  std::string name = Meeting(meeting);
  const std::string& date = meeting.date().fact().value();
  if (date.empty()) return name;
  // One "of" is enough.
  const bool of = name.find(" of ") == std::string::npos && ReadsAfterOf(date);
  return of ? fmt::format("{} of {}", name, DateInWords(date))
            : fmt::format("{} ({})", name, DateInWords(date));
}

std::string Names::Subject(std::string_view stream) const {
  const std::size_t slash = stream.find('/');
  if (slash == std::string_view::npos) return OneLine(stream);
  const std::string_view type = stream.substr(0, slash);
  const std::string_view name = stream.substr(slash + 1);
  if (type == "country") return Party(name);
  if (type == "kind") return Plural(WordList::kKinds, name);
  if (type == "series") return Word(WordList::kSeries, name);
  if (type == "pair") {
    const std::size_t dash = name.find('-');
    if (dash != std::string_view::npos) {
      return AndList({Party(name.substr(0, dash)), Party(name.substr(dash + 1))});
    }
  }
  return OneLine(type) + " " + OneLine(name);
}

std::string MeetingInWords(const v1::Meeting& meeting, const PartyRegistry& parties,
                           const Vocabulary& vocabulary) {
  const Names names{parties, vocabulary};
  const std::vector<std::string> codes = ParticipantsOf(meeting);
  const std::string& kind_id = meeting.kind().value();
  if (codes.empty() || (kind_id.empty() && !meeting.title().value().empty())) {
    const std::string title = OneLine(meeting.title().value());
    return title.empty() ? OneLine(BareId(meeting.id())) : title;
  }
  const std::string kind = kind_id.empty() ? "meeting" : names.Word(WordList::kKinds, kind_id);
  if (codes.size() > kHeadingMax) {
    // "Quad summit" says more than four names.
    const domain::Word* series = vocabulary.Find(WordList::kSeries, meeting.series().value());
    if (series == nullptr) series = vocabulary.SeriesOf(kind_id, codes);
    if (series != nullptr) return series->name;
    std::vector<std::string> listed;
    listed.reserve(kListedOfMany + 1);
    for (std::size_t i = 0; i < kListedOfMany; ++i) listed.push_back(names.Party(codes[i]));
    const std::size_t others = codes.size() - kListedOfMany;
    listed.push_back(NumberWord(others) + " others");
    return fmt::format("{} of {}", kind, AndList(listed));
  }
  std::string heading;
  for (const std::string& code : codes) heading += (heading.empty() ? "" : "-") + names.Short(code);
  return heading + " " + kind;
}

}  // namespace entente::domain
