#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/commands/beginning.h"
#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/commands/rehearsal.h"
#include "cli/commands/watchlists.h"
#include "cli/interrupt.h"
#include "cli/render/changes.h"
#include "cli/render/names.h"
#include "entente/v1/subscription.pb.h"

namespace entente::cli {
namespace {

struct AlertsOptions {
  FilterOptions filter;
  std::string watchlist;
  std::string from, to;
  std::string group, consumer;
  std::uint64_t count = 0;
  bool with_confirmations = false;
  bool with_backfill = false;
  bool until_now = false;
  bool rehearse = false;
};

constexpr const char* kExamples = R"(Examples:
  entente alerts --country JP
  entente alerts --country JP --from 20              what came after position 20, then live
  entente alerts --country JP --from 2021-05-05      from a UTC day on which we recorded it
  entente alerts --topic maritime-security --type held,retracted
  entente alerts --watchlist asia                    a filter of yours: entente watchlist --help
  entente alerts --group desk                        a durable subscription, from where it stands
  entente alerts --country JP --rehearse --from 2021-01-01 --to 2021-06-30
                                                     what would have been told of these days' reports
  entente alerts --country JP --json                 one change a line

Prints one sentence for each change that matches before or after it, with its source. Ctrl-C ends
it. Nothing is missed when the service restarts.)";

// Prints what a subscription brings.
class Printer {
 public:
  Printer(Session& session, const AlertsOptions& options) : session_(session), options_(options) {}

  // False: no more is wanted.
  bool Take(const v1::SubscriptionMessage& message) {
    Announce(message);
    if (message.has_delivered()) return Deliver(message.delivered().change());
    return Tell(message);
  }

  bool Tell(const v1::SubscriptionMessage& message) {
    if (message.has_caught_up()) {
      if (options_.until_now && printed_ == 0) {
        session_.Warn(fmt::format("Nothing that matches, up to position {}.",
                                  message.covered_to().position()));
      }
      return !options_.until_now;
    }
    if (message.has_revised()) {
      const v1::Revised& revised = message.revised();
      session_.Warn(
          fmt::format("entente: the views were rebuilt; {}{} changes up to position {} "
                      "read differently now",
                      revised.at_least() ? "at least " : "", revised.count(), revised.up_to()));
    } else if (message.has_stalled()) {
      session_.Warn(fmt::format("entente: {} changes are in flight and not settled",
                                message.stalled().in_flight()));
    } else if (message.has_ended()) {
      // The client opens it again where it stood: a service that restarts is no reason to end, nor
      // to take what came so far for all there is.
      session_.Warn("entente: the subscription is opened again; the service ended it: " +
                    message.ended().why());
    }
    return true;
  }

  bool Deliver(const v1::DescribedChange& change) {
    read_ = session_.json() ? session_.PrintJson(change)
                            : session_.Print(render::Alert(change, session_.style()));
    ++printed_;
    return read_ && (options_.count == 0 || printed_ < options_.count);
  }

  bool read() const { return read_; }
  std::uint64_t printed() const { return printed_; }

 private:
  void Announce(const v1::SubscriptionMessage& message) {
    if (announced_) return;
    announced_ = true;
    if (options_.until_now) return;
    session_.Warn(message.has_delivered()
                      ? "Watching. Ctrl-C ends it."
                      : fmt::format("Watching from position {} on. Ctrl-C ends it.",
                                    message.covered_to().position()));
  }

  Session& session_;
  const AlertsOptions& options_;
  std::uint64_t printed_ = 0;
  bool announced_ = false;
  bool read_ = true;
};

Result<v1::SubscribeRequest> ToRequest(AlertsOptions options, Session& session) {
  v1::SubscribeRequest request;
  if (Status added = UseWatchlist(options.watchlist, For::kAlerts, &options.filter); !added) {
    return Fail(std::move(added.error()));
  }
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return Fail(std::move(filter.error()));
  *request.mutable_filter() = *std::move(filter);
  request.set_with_confirmations(options.with_confirmations);
  request.set_with_backfill(options.with_backfill);
  return request;
}

ExitCode Watch(const AlertsOptions& options, Session& session) {
  auto request = ToRequest(options, session);
  if (!request) return session.Refuse(request.error());
  const std::string from = options.from.empty() ? "now" : options.from;
  if (auto set = SetBeginning(from, &*request); !set) return session.Refuse(set.error());
  Interrupts interrupts;
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  Printer printer(session, options);
  const auto done = (*client)->Subscribe(
      *request, [&](const v1::SubscriptionMessage& message) { return printer.Take(message); },
      [&] { return interrupts.Came(); });
  return done ? ExitCode::kDone : session.Complain(done.error());
}

// The same subscription from the first change on, up to the head.
ExitCode Rehearse(const AlertsOptions& options, Session& session) {
  const auto days = ToRehearsalDays(options.from, options.to);
  if (!days) return session.Refuse(days.error());
  auto request = ToRequest(options, session);
  if (!request) return session.Refuse(request.error());
  request->set_with_backfill(true);
  Interrupts interrupts;
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  Printer printer(session, options);
  std::uint64_t backfilled = 0;
  const auto done = (*client)->Subscribe(
      *request,
      [&](const v1::SubscriptionMessage& message) {
        if (message.has_caught_up()) return false;
        if (!message.has_delivered()) return printer.Tell(message);
        const v1::DescribedChange& change = message.delivered().change();
        if (!IsWithin(change, *days)) return true;
        if (change.change().backfill()) ++backfilled;
        return printer.Deliver(change);
      },
      [&] { return interrupts.Came(); });
  if (!done) return session.Complain(done.error());
  if (printer.read() && !session.json()) {
    session.Warn(fmt::format(
        "A rehearsal: {} would have been told{}, and nothing was sent.",
        render::Counted(printer.printed(), "alert"),
        backfilled == 0
            ? ""
            : fmt::format(", {} of them to who asks for history brought in late", backfilled)));
  }
  return ExitCode::kDone;
}

ExitCode Consume(const AlertsOptions& options, Session& session) {
  v1::SubscribeRequest request;
  request.set_group(options.group);
  request.set_consumer(options.consumer);
  Interrupts interrupts;
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  Printer printer(session, options);
  bool enough = false;
  const client::Client::Consumer consumer{
      .on_change =
          [&](const v1::Delivered& delivered) {
            enough = !printer.Deliver(delivered.change());
            // What nobody could read is the next one's to print.
            using How = v1::SettleRequest;
            return client::Client::Settlement{.how = printer.read() ? How::ack : How::retry_now};
          },
      .on_message =
          [&](const v1::SubscriptionMessage& message) {
            if (!printer.Tell(message)) enough = true;
          },
      .stop = [&] { return enough || interrupts.Came(); }};
  const auto done = (*client)->Consume(request, consumer);
  return done ? ExitCode::kDone : session.Complain(done.error());
}

ExitCode RunAlerts(const AlertsOptions& options, Session& session) {
  if (options.rehearse) return Rehearse(options, session);
  return options.group.empty() ? Watch(options, session) : Consume(options, session);
}

}  // namespace

void AddAlerts(CLI::App& app, Run* chosen) {
  auto options = std::make_shared<AlertsOptions>();
  CLI::App* command = app.add_subcommand("alerts", "Print changes as they come, in words");
  CLI::Option* from = command
                          ->add_option("--from", options->from,
                                       "now (the default), a position of the log, or a recorded "
                                       "UTC day or time")
                          ->type_name("WHERE");
  AddFilterOptions(command, &options->filter, Asks::kChanges);
  CLI::Option* watchlist =
      command->add_option("--watchlist", options->watchlist, "A filter of yours, by its name");
  command->add_option("--count", options->count, "End after so many alerts");
  command->add_flag("--until-now", options->until_now, "End once everything so far was printed");
  command->add_flag("--with-confirmations", options->with_confirmations,
                    "Also reports that only confirm what was known");
  command->add_flag("--with-backfill", options->with_backfill, "Also history brought in late");
  CLI::Option* group = command->add_option(
      "--group", options->group, "Consume this durable subscription: its filter, from its place");
  command
      ->add_option("--consumer", options->consumer,
                   "A name of this consumer, to take over at once what it held before")
      ->needs(group);
  CLI::Option* rehearse =
      command->add_flag("--rehearse", options->rehearse,
                        "What would have been told of the reports of these days (--from, --to), "
                        "of history brought in late, too");
  command->add_option("--to", options->to, "The last day of reports")
      ->type_name("DAY")
      ->needs(rehearse);
  group->excludes(from)->excludes(watchlist)->excludes(rehearse);
  for (const char* name :
       {"--country", "--with", "--pair", "--topic", "--kind", "--series", "--status", "--type",
        "--day-from", "--day-to", "--with-confirmations", "--with-backfill"}) {
    group->excludes(command->get_option(name));
  }
  command->footer(kExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunAlerts(*options, session); };
  });
}

}  // namespace entente::cli
