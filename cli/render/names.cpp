#include "cli/render/names.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <chrono>
#include <set>

#include "domain/words/describe.h"

namespace entente::cli::render {
namespace {

std::string Spaced(std::string text) {
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

// The first report of the list that the meeting holds.
template <class Indexes>
const v1::Report* FirstOf(const v1::Meeting& meeting, const Indexes& said_by) {
  for (const std::uint32_t index : said_by) {
    if (index < static_cast<std::uint32_t>(meeting.reports_size())) {
      return &meeting.reports(static_cast<int>(index));
    }
  }
  return nullptr;
}

}  // namespace

std::string Names::Party(std::string_view code) const {
  const domain::KnownParty* known = parties.Find(code);
  return known == nullptr ? std::string(code) : known->name;
}

std::string Names::Meeting(const v1::Meeting& meeting) const {
  return domain::MeetingInWords(meeting, parties, vocabulary);
}

std::string StatusInWords(v1::Meeting::Status status) {
  std::string_view name = v1::Meeting::Status_Name(status);
  constexpr std::string_view kPrefix = "status_";
  if (name.starts_with(kPrefix)) name.remove_prefix(kPrefix.size());
  return Spaced(std::string(name));
}

Tint TintOf(v1::Meeting::Status status) {
  switch (status) {
    case v1::Meeting::status_held:
      return Tint::kGood;
    case v1::Meeting::status_cancelled:
    case v1::Meeting::status_called_off:
    case v1::Meeting::status_withdrawn:
      return Tint::kBad;
    case v1::Meeting::status_postponed:
    case v1::Meeting::status_lapsed:
      return Tint::kWaiting;
    default:
      return Tint::kPlain;
  }
}

std::string ModeInWords(const v1::Meeting& meeting) {
  const std::string& mode = meeting.mode().value();
  return mode.empty() || mode == "unspecified" ? "unknown" : Spaced(mode);
}

std::string WhenInWords(const v1::Meeting& meeting) {
  const v1::DateFact& date = meeting.date();
  std::string words;
  if (!date.fact().value().empty()) words = domain::DateInWords(date.fact().value());
  if (!words.empty() && !date.last_day().empty()) {
    words += " to " + domain::DateInWords(date.last_day());
  }
  if (date.state() == v1::DateFact::postponed) {
    const std::string until = meeting.until().value().empty()
                                  ? "no new date"
                                  : "until " + domain::DateInWords(meeting.until().value());
    words = words.empty() ? until : fmt::format("{} (was {})", until, words);
  } else if (words.empty()) {
    words = "no date";
  }
  if (date.fact().disputed()) words += ", disputed";
  if (date.fact().unconfirmed()) words += ", unconfirmed change";
  return words;
}

std::string TopicsInWords(const v1::Meeting& meeting) {
  std::set<std::string> topics;
  for (const v1::TopicFact& topic : meeting.topics()) topics.insert(topic.topic());
  return fmt::format("{}", fmt::join(topics, ", "));
}

std::string SuccessorInWords(const v1::LinkFact& link) {
  const bool held = link.outcome() == v1::Meeting::held;
  std::string words = link.suggested() ? "perhaps followed by " : "followed by ";
  words += BareId(link.other());
  if (!link.date().empty()) {
    words += fmt::format(", {} {}", held ? "held" : "set for", domain::DateInWords(link.date()));
  }
  return words;
}

std::string FollowedBy(const v1::Meeting& meeting) {
  for (const v1::LinkFact& link : meeting.links()) {
    if (link.relation() == "successor") return SuccessorInWords(link);
  }
  return {};
}

const v1::Report* DecidingReport(const v1::Meeting& meeting) {
  const v1::Report* report = nullptr;
  if (meeting.outcome().value() > v1::Meeting::open) {
    report = FirstOf(meeting, meeting.outcome().said_by());
  } else if (meeting.date().state() == v1::DateFact::postponed) {
    report = FirstOf(meeting, meeting.reason().said_by());
  }
  if (report == nullptr) report = FirstOf(meeting, meeting.date().fact().said_by());
  if (report == nullptr && meeting.reports_size() > 0) report = &*meeting.reports().rbegin();
  return report;
}

std::string SourceOf(const v1::Report* report) {
  return report == nullptr ? std::string()
                           : domain::SourceInWords(report->source(), report->reported());
}

std::string_view BareId(std::string_view stream) {
  constexpr std::string_view kMeeting = "meeting/";
  return stream.starts_with(kMeeting) ? stream.substr(kMeeting.size()) : stream;
}

std::string PayloadInWords(const v1::Facts& facts) {
  const auto* const payload = v1::Facts::descriptor()->FindOneofByName("payload");
  const auto* const field = facts.GetReflection()->GetOneofFieldDescriptor(facts, payload);
  if (field == nullptr) return "nothing";
  std::string_view name = field->name();
  constexpr std::string_view kMeeting = "meeting_";
  if (name.starts_with(kMeeting)) name.remove_prefix(kMeeting.size());
  return Spaced(std::string(name));
}

std::string PathInWords(std::string_view path, std::string_view home) {
  if (home.size() > 1 && path.starts_with(home) && path.substr(home.size()).starts_with('/')) {
    return "~" + Printable(path.substr(home.size()));
  }
  return Printable(path);
}

std::string Counted(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", n, noun, n == 1 ? "" : "s");
}

std::string CertainToPossible(std::uint64_t certain, std::uint64_t possible) {
  return certain == possible ? std::to_string(possible)
                             : fmt::format("{} to {}", certain, possible);
}

std::string RecordedInWords(const google::protobuf::Timestamp& time) {
  const std::chrono::sys_seconds at{std::chrono::seconds(time.seconds())};
  return fmt::format("{:%Y-%m-%d %H:%M:%S} UTC", at);
}

}  // namespace entente::cli::render
