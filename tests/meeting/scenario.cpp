#include "tests/meeting/scenario.h"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <set>
#include <stdexcept>

#include "values/recorded_time.h"

namespace entente::domain::scenarios {

namespace {

constexpr std::string_view kSpace = " \t";

// Columns are apart by two spaces or more; the last may hold anything.
std::vector<std::string> Columns(std::string_view text, std::size_t count) {
  std::vector<std::string> columns;
  while (columns.size() + 1 < count) {
    const auto end = text.find("  ");
    if (end == std::string_view::npos) break;
    columns.push_back(Trim(text.substr(0, end)));
    text = text.substr(text.find_first_not_of(kSpace, end));
  }
  columns.push_back(Trim(text));
  return columns;
}

v1::Source::Class ClassOf(const std::string& word) {
  static const std::map<std::string, v1::Source::Class> kClasses = {
      {"official", v1::Source::official},
      {"media", v1::Source::media},
      {"unnamed", v1::Source::unnamed_sources},
      {"inferred", v1::Source::inferred}};
  const auto found = kClasses.find(word);
  if (found == kClasses.end()) {
    throw std::runtime_error("a source is official, media, unnamed or inferred");
  }
  return found->second;
}

Day DayOf(const std::string& text) {
  const auto day = Day::FromIso(text);
  if (!day) throw std::runtime_error("`" + text + "` is no day such as 2021-04-24");
  return *day;
}

std::string StreamOf(const std::string& id) {
  return id.find('/') == std::string::npos ? "meeting/" + id : id;
}

class Reader {
 public:
  Scenario Read(std::istream& in) {
    std::string raw;
    bool in_story = true;
    while (std::getline(in, raw)) {
      ++line_;
      if (raw.starts_with('#')) continue;
      const std::string text = Trim(raw);
      if (in_story) {
        in_story = !text.empty();
        if (in_story) scenario_.story += (scenario_.story.empty() ? "" : " ") + text;
      } else if (!text.empty()) {
        const bool indented = kSpace.find(raw.front()) != std::string_view::npos;
        indented ? ReadItem(text) : ReadHeading(text);
      }
    }
    if (scenario_.thens.empty()) throw std::runtime_error("no `then` says what is expected");
    return std::move(scenario_);
  }

  int line() const { return line_; }

 private:
  // meeting ID[: KIND of PARTIES] | stream NAME | recorded DAY | then on DAY …
  void ReadHeading(const std::string& text) {
    const auto space = text.find(' ');
    const std::string word = text.substr(0, space);
    const std::string rest = space == std::string::npos ? "" : Trim(text.substr(space));
    if (word == "meeting" || word == "stream") {
      StartStream(rest);
    } else if (word == "recorded") {
      recorded_ = StartOfDay(DayOf(rest));
    } else if (word == "then") {
      StartThen(rest);
    } else {
      throw std::runtime_error("a heading is `meeting`, `stream`, `recorded` or `then`");
    }
  }

  void StartStream(const std::string& rest) {
    const auto colon = rest.find(": ");
    stream_ = StreamOf(rest.substr(0, colon));
    identity_.Clear();
    in_then_ = false;
    if (scenario_.first_stream.empty()) scenario_.first_stream = stream_;
    if (colon == std::string::npos) return;
    const std::string what = rest.substr(colon + 2);
    const auto of = what.find(" of ");
    if (of == std::string::npos) throw std::runtime_error("a meeting is `ID: KIND of PARTIES`");
    identity_.set_kind(Trim(what.substr(0, of)));
    for (const auto& name : SplitTrimmed(what.substr(of + 4), ',')) {
      identity_.add_parties()->set_name(name);
    }
  }

  void StartThen(const std::string& rest) {
    static const std::set<std::string> kViews = {"timeline", "stats", "pending", "claims"};
    Then then;
    then.line = line_;
    in_then_ = true;
    const auto where = rest.find(" where ");
    if (where != std::string::npos) then.where = Trim(rest.substr(where + 7));
    const auto words = SplitTrimmed(rest.substr(0, where), ' ');
    bool dated = false;
    std::size_t i = 0;
    if (!words.empty() && kViews.contains(words[0])) then.view = words[i++];
    for (; i < words.size(); ++i) {
      const auto next = [&] {
        if (++i == words.size()) throw std::runtime_error("`then` breaks off");
        return words[i];
      };
      if (words[i] == "on") {
        then.today = DayOf(next());
        dated = true;
      } else if (words[i] == "by") {
        then.by = next();
      } else if (words[i] == "of") {
        then.of = StreamOf(next());
      } else if (words[i] == "reported" && next() == "by") {
        then.as_of.reported = ReportedDay(DayOf(next()));
      } else if (words[i] == "recorded" && next() == "by") {
        then.as_of.recorded = EndOfDay(DayOf(next()));
      } else {
        throw std::runtime_error(
            "`then [timeline | stats by WHAT | pending | claims] on DAY [of ID] [reported by DAY] "
            "[recorded by DAY] [where FILTER]`");
      }
    }
    if (!dated) throw std::runtime_error("`then` needs `on DAY`: the day of the question");
    if (then.of.empty()) then.of = scenario_.first_stream;
    scenario_.thens.push_back(std::move(then));
  }

  void ReadItem(const std::string& text) {
    if (in_then_) {
      const auto columns = Columns(text, 2);
      scenario_.thens.back().expectations.push_back(
          {line_, columns[0], columns.size() > 1 ? columns[1] : ""});
    } else {
      ReadReport(text);
    }
  }

  // NAME  DAY OR TIME  CLASS  PUBLISHER  SAYS
  void ReadReport(const std::string& text) {
    if (stream_.empty()) throw std::runtime_error("a report goes below a `meeting` or `stream`");
    const auto columns = Columns(text, 5);
    if (columns.size() < 5) {
      throw std::runtime_error(
          "a report has five columns, two spaces apart: name, reported, class, publisher, says");
    }
    v1::Report report;
    report.set_position(scenario_.reports.size() + 1);
    report.set_event_id(columns[0]);
    report.set_stream(stream_);
    report.set_reported(columns[1]);
    report.set_class_(ClassOf(columns[2]));
    report.set_publisher(columns[3]);
    *report.mutable_facts() = ReadSays(columns[4]);
    if (IsAboutMeeting(report.facts()) && !report.facts().has_meeting()) {
      *report.mutable_facts()->mutable_meeting() = identity_;
    }
    auto* corrected =
        report.facts().has_report_corrected()
            ? report.mutable_facts()->mutable_report_corrected()->mutable_replacement()
            : nullptr;
    if (corrected && IsAboutMeeting(*corrected) && !corrected->has_meeting()) {
      *corrected->mutable_meeting() = identity_;
    }
    const RecordedTime recorded = recorded_.Plus(static_cast<std::int64_t>(report.position()));
    report.mutable_recorded()->set_seconds(recorded.value() / 1000);
    report.mutable_recorded()->set_nanos(static_cast<int>(recorded.value() % 1000) * 1'000'000);
    scenario_.reports.push_back(std::move(report));
  }

  // Which meeting it is goes without saying in most reports of a scenario.
  bool IsAboutMeeting(const v1::Facts& facts) const {
    return identity_.ByteSizeLong() > 0 && !facts.has_report_corrected() &&
           !facts.has_report_retracted() && !facts.has_meetings_merged() &&
           !facts.has_meeting_split();
  }

  int line_ = 0;
  bool in_then_ = false;
  std::string stream_;
  v1::MeetingIdentity identity_;
  // Long after everything that is told, so that nothing is dated later than it was recorded.
  RecordedTime recorded_ = StartOfDay(*Day::FromIso("2030-01-01"));
  Scenario scenario_;
};

}  // namespace

std::string Trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::string> SplitTrimmed(std::string_view text, char separator) {
  std::vector<std::string> parts;
  int brackets = 0;  // a one-of set holds commas of its own
  std::size_t start = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    if (i < text.size() && text[i] == '[') ++brackets;
    if (i < text.size() && text[i] == ']') --brackets;
    if (i < text.size() && (text[i] != separator || brackets > 0)) continue;
    if (auto part = Trim(text.substr(start, i - start)); !part.empty()) parts.push_back(part);
    start = i + 1;
  }
  return parts;
}

Scenario ReadScenario(const std::filesystem::path& file) {
  std::ifstream in(file);
  Reader reader;
  try {
    return reader.Read(in);
  } catch (const std::exception& error) {
    throw std::runtime_error(
        fmt::format("{}:{}: {}", file.filename().string(), reader.line(), error.what()));
  }
}

}  // namespace entente::domain::scenarios
