#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/interrupt.h"
#include "cli/render/changes.h"
#include "entente/v1/subscription.pb.h"
#include "values/recorded_time.h"

namespace entente::cli {
namespace {

struct AlertsOptions {
  FilterOptions filter;
  std::string from = "now";
  std::uint64_t count = 0;
  bool with_confirmations = false;
  bool with_backfill = false;
  bool until_now = false;
};

constexpr const char* kExamples = R"(Examples:
  entente alerts --country JP
  entente alerts --country JP --from 20              what came after position 20, then live
  entente alerts --country JP --from 2021-05-05      from a UTC day on which we recorded it
  entente alerts --topic maritime-security --type held,retracted
  entente alerts --country JP --json                 one change a line

Prints one sentence for each change that matches before or after it, with its source. Ctrl-C ends
it. Nothing is missed when the service restarts.)";

// "now", a position, a day or a time.
Status SetFrom(const std::string& from, v1::SubscribeRequest* request) {
  if (from == "now") {
    request->set_now(true);
    return {};
  }
  std::uint64_t position = 0;
  const auto [end, fault] = std::from_chars(from.data(), from.data() + from.size(), position);
  if (fault == std::errc() && end == from.data() + from.size()) {
    // Everything that the event at this position caused was seen.
    constexpr std::uint32_t kLastOrdinal = 0xffff;
    request->mutable_after()->set_position(position);
    if (position > 0) request->mutable_after()->set_ordinal(kLastOrdinal);
    return {};
  }
  if (Day::FromIso(from) || RecordedTimeFromRfc3339(from)) {
    request->set_recorded(from);
    return {};
  }
  return Fail(Reason::kQueryInvalid, "--from", from,
              "expected now, a position (20), or a day or time of recording (2021-05-05)");
}

// Prints what a subscription brings.
class Printer {
 public:
  Printer(Session& session, const AlertsOptions& options) : session_(session), options_(options) {}

  // False: no more is wanted.
  bool Take(const v1::SubscriptionMessage& message) {
    Announce(message);
    if (message.has_delivered()) return Deliver(message.delivered().change());
    if (message.has_caught_up()) return !options_.until_now;
    if (message.has_revised()) {
      session_.Warn(
          fmt::format("entente: the views were rebuilt; {} changes up to position {} "
                      "read differently now",
                      message.revised().count(), message.revised().up_to()));
    } else if (message.has_ended()) {
      session_.Warn("entente: the service closed the subscription: " + message.ended().why());
      return false;
    }
    return true;
  }

 private:
  void Announce(const v1::SubscriptionMessage& message) {
    if (announced_) return;
    announced_ = true;
    session_.Warn(message.has_delivered()
                      ? "Watching. Ctrl-C ends it."
                      : fmt::format("Watching from position {} on. Ctrl-C ends it.",
                                    message.covered_to().position()));
  }

  bool Deliver(const v1::DescribedChange& change) {
    const bool read = session_.json() ? session_.PrintJson(change)
                                      : session_.Print(render::Alert(change, session_.style()));
    ++printed_;
    return read && (options_.count == 0 || printed_ < options_.count);
  }

  Session& session_;
  const AlertsOptions& options_;
  std::uint64_t printed_ = 0;
  bool announced_ = false;
};

ExitCode RunAlerts(const AlertsOptions& options, Session& session) {
  v1::SubscribeRequest request;
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return session.Refuse(filter.error());
  if (auto from = SetFrom(options.from, &request); !from) return session.Refuse(from.error());
  *request.mutable_filter() = *std::move(filter);
  request.set_with_confirmations(options.with_confirmations);
  request.set_with_backfill(options.with_backfill);

  Interrupts interrupts;
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  Printer printer(session, options);
  const auto done = (*client)->Subscribe(
      request, [&](const v1::SubscriptionMessage& message) { return printer.Take(message); },
      [&] { return interrupts.Came(); });
  return done ? ExitCode::kDone : session.Complain(done.error());
}

}  // namespace

void AddAlerts(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<AlertsOptions>();
  CLI::App* command = app.add_subcommand("alerts", "Print changes as they come, in words");
  command
      ->add_option("--from", options->from,
                   "now, a position of the log, or a recorded UTC day or time")
      ->type_name("WHERE")
      ->capture_default_str();
  AddFilterOptions(command, &options->filter, Asks::kChanges);
  command->add_option("--count", options->count, "End after so many alerts");
  command->add_flag("--until-now", options->until_now, "End once everything so far was printed");
  command->add_flag("--with-confirmations", options->with_confirmations,
                    "Also reports that only confirm what was known");
  command->add_flag("--with-backfill", options->with_backfill, "Also history brought in late");
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunAlerts(*options, session); };
  });
}

}  // namespace entente::cli
