// What the files of tests/scenarios say of all meetings together: `then timeline`, `then stats`,
// `then pending` and `then claims`, asked of the views.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "tests/meeting/scenario.h"
#include "tests/views/history.h"

namespace entente::views {
namespace {

using domain::scenarios::Scenario;
using domain::scenarios::Then;
using Lines = std::vector<std::string>;

// Names of the files that ask something of all meetings. One that does not read is left to
// tests/meeting, which says why.
std::vector<std::string> ScenarioFiles() {
  std::vector<std::string> names;
  for (const auto& entry :
       std::filesystem::directory_iterator(ENTENTE_SOURCE_DIR "/tests/scenarios")) {
    if (entry.path().extension() != ".scenario") continue;
    try {
      const Scenario scenario = domain::scenarios::ReadScenario(entry.path());
      const auto asks = [](const Then& then) { return !then.view.empty(); };
      if (std::ranges::any_of(scenario.thens, asks)) names.push_back(entry.path().stem().string());
    } catch (const std::exception&) {
      continue;
    }
  }
  std::ranges::sort(names);
  return names;
}

History HistoryOf(const Scenario& scenario) {
  History history;
  for (const v1::Report& report : scenario.reports) {
    v1::NewEvent event;
    event.ParseFromString(report.facts().SerializeAsString());  // the same fields in both
    event.set_id(report.event_id());
    event.set_stream(report.stream());
    event.set_reported(report.reported());
    event.mutable_source()->set_publisher(report.publisher());
    event.mutable_source()->set_class_(report.class_());
    history.At(report.recorded().seconds() * 1000 + report.recorded().nanos() / 1'000'000);
    history.Append(std::vector<v1::NewEvent>{std::move(event)});
  }
  return history;
}

v1::QueryContext ContextOf(const Then& then) {
  v1::QueryContext context = TodayIs(then.today.Iso());
  if (then.as_of.reported) context.mutable_as_of()->set_reported(then.as_of.reported->day().Iso());
  if (then.as_of.recorded) {
    const std::chrono::sys_time<std::chrono::milliseconds> at{
        std::chrono::milliseconds(then.as_of.recorded->value())};
    context.mutable_as_of()->set_recorded(Day(std::chrono::floor<std::chrono::days>(at)).Iso());
  }
  return context;
}

template <class Request>
Request Asked(const Then& then) {
  Request request;
  *request.mutable_context() = ContextOf(then);
  if constexpr (requires { request.mutable_filter(); }) {
    *request.mutable_filter() = domain::scenarios::ReadFilter(then.where);
  }
  return request;
}

// The one line of a refusal, or what `lines` makes of the reply.
template <class Request, class Render>
Lines Reply(TestViews* views, const Request& request, const Render& lines) {
  const auto reply = views->TryAsk(request);
  if (reply) return lines(*reply);
  return {
      fmt::format("refused  {} at {}", Describe(reply.error().reason).name, reply.error().field)};
}

std::string Joined(const std::vector<std::string>& parts) {
  return parts.empty() ? "none" : fmt::format("{}", fmt::join(parts, ", "));
}

std::string Possibly(bool certain) { return certain ? "" : " (possibly)"; }

template <class Counted>
std::string CountsOf(const Counted& reply) {
  return fmt::format("counts  {} certain, {} possible", reply.certain(), reply.possible());
}

Lines Timeline(const v1::TimelineReply& reply) {
  std::vector<std::string> meetings;
  for (const auto& entry : reply.entries()) {
    meetings.push_back(ShortName(entry.meeting().id()) +
                       (entry.meeting().multi_party() ? " multi-party" : "") +
                       Possibly(entry.certain()));
  }
  return {CountsOf(reply), "meetings  " + Joined(meetings)};
}

Lines Pending(const v1::PendingReply& reply) {
  std::vector<std::string> meetings;
  for (const auto& entry : reply.entries()) {
    std::string why = v1::PendingEntry::Why_Name(entry.why());
    std::ranges::replace(why, '_', ' ');
    meetings.push_back(ShortName(entry.meeting().id()) + " " + why + Possibly(entry.certain()));
  }
  return {CountsOf(reply), "meetings  " + Joined(meetings)};
}

std::string Range(std::uint32_t certain, std::uint32_t possible, std::string_view what) {
  if (possible == 0) return "";
  return certain == possible ? fmt::format("; {} {}", possible, what)
                             : fmt::format("; {} to {} {}", certain, possible, what);
}

Lines Stats(const v1::StatsReply& reply) {
  Lines lines;
  for (const auto& count : reply.counts()) {
    lines.push_back(fmt::format("{}  {} certain, {} possible{}{}", count.key(), count.certain(),
                                count.possible(),
                                Range(count.certainly_planned(), count.planned(), "planned"),
                                Range(count.certainly_pending(), count.pending(), "pending")));
  }
  return lines;
}

template <class Subject>
Lines Claims(const Subject& subject) {
  Lines lines;
  for (const v1::ClaimFact& claim : subject.claims()) {
    std::string name = v1::ClaimRecorded::Claim_Name(claim.claim());
    if (claim.value() > 0) name += fmt::format(" {}", claim.value());
    lines.push_back(fmt::format("{}  {}, {} counted", name,
                                v1::ClaimFact::Verdict_Name(claim.verdict()), claim.counted()));
  }
  return lines;
}

Lines AnswerTo(TestViews* views, const Then& then) {
  if (then.view == "timeline") return Reply(views, Asked<v1::TimelineRequest>(then), Timeline);
  if (then.view == "pending") {
    auto request = Asked<v1::PendingRequest>(then);
    request.set_with_counts(true);
    return Reply(views, request, Pending);
  }
  if (then.view == "stats") {
    auto request = Asked<v1::StatsRequest>(then);
    v1::StatsRequest::By by = v1::StatsRequest::unspecified;
    v1::StatsRequest::By_Parse(then.by, &by);
    request.set_by(by);
    return Reply(views, request, Stats);
  }
  if (then.of.starts_with("meeting/")) {
    auto request = Asked<v1::MeetingRequest>(then);
    request.set_id(then.of);
    return Reply(views, request, [](const auto& reply) { return Claims(reply.meeting()); });
  }
  auto request = Asked<v1::SubjectRequest>(then);
  request.set_id(then.of);
  return Reply(views, request, [](const auto& reply) { return Claims(reply.subject()); });
}

class ViewScenario : public testing::TestWithParam<std::string> {};

TEST_P(ViewScenario, AnswersAsItSays) {
  const Scenario scenario = domain::scenarios::ReadScenario(ENTENTE_SOURCE_DIR "/tests/scenarios/" +
                                                            GetParam() + ".scenario");
  TestViews views(HistoryOf(scenario));
  EXPECT_TRUE(views.parked().empty());
  for (const Then& then : scenario.thens) {
    if (then.view.empty()) continue;
    Lines expected;
    for (const auto& line : then.expectations) expected.push_back(line.key + "  " + line.value);
    try {
      EXPECT_EQ(AnswerTo(&views, then), expected) << GetParam() << ".scenario:" << then.line;
    } catch (const std::exception& error) {
      ADD_FAILURE() << GetParam() << ".scenario:" << then.line << ": " << error.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Scenarios, ViewScenario, testing::ValuesIn(ScenarioFiles()),
                         [](const auto& info) {
                           std::string name = info.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

}  // namespace
}  // namespace entente::views
