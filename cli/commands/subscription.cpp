#include <fmt/format.h>

#include <charconv>
#include <memory>
#include <string>
#include <vector>

#include "cli/commands/beginning.h"
#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/render/changes.h"
#include "cli/render/subscriptions.h"
#include "entente/v1/subscription.pb.h"

namespace entente::cli {
namespace {

struct CreateOptions {
  v1::Group group;
  std::string name, from;
  FilterOptions filter;
  bool with_confirmations = false, with_backfill = false;
  std::uint32_t max_in_flight = 0, max_deliveries = 0, retry_first_ms = 0, retry_longest_ms = 0;
};

struct NamedOptions {
  std::string name;
  std::vector<std::string> positions;
};

constexpr const char* kExamples = R"(Examples:
  entente subscription create desk --country JP --from now
  entente alerts --group desk                  consumes it; where it stands is kept by the service
  entente subscription list
  entente subscription parked desk             changes that failed too often
  entente subscription replay desk             delivers them again
  entente subscription replay desk 18 19,1     only these: POSITION or POSITION,ORDINAL
  entente subscription delete desk

A durable subscription is kept by the query service that was started with --subscriptions DIR, as
entente serve is. Several consumers share it by meeting.)";

constexpr const char* kCreateExamples = R"(Examples:
  entente subscription create desk --country JP --from now
  entente subscription create desk --kind two-plus-two --type postponed,rescheduled
  entente subscription create desk --max-deliveries 20

Without --from it begins with the first change there is.)";

// POSITION or POSITION,ORDINAL.
Result<v1::Cursor> ToCursor(const std::string& text) {
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  const char* const last = text.data() + text.size();
  auto [end, fault] = std::from_chars(text.data(), last, position);
  if (fault == std::errc() && end != last && *end == ',') {
    std::tie(end, fault) = [&] {
      const auto more = std::from_chars(end + 1, last, ordinal);
      return std::pair(more.ptr, more.ec);
    }();
  }
  if (fault != std::errc() || end != last) {
    return Fail(Reason::kQueryInvalid, "POSITION", text,
                "expected a position (18), or position and ordinal (18,1)");
  }
  v1::Cursor cursor;
  cursor.set_position(position);
  cursor.set_ordinal(ordinal);
  return cursor;
}

ExitCode RunCreate(const CreateOptions& options, Session& session) {
  v1::CreateGroupRequest request;
  v1::Group& group = *request.mutable_group();
  group.set_name(options.name);
  auto filter = ToFilter(options.filter, session.names());
  if (!filter) return session.Refuse(filter.error());
  *group.mutable_filter() = *std::move(filter);
  if (auto from = SetBeginning(options.from, &request); !from) return session.Refuse(from.error());
  group.set_with_confirmations(options.with_confirmations);
  group.set_with_backfill(options.with_backfill);
  group.set_max_in_flight(options.max_in_flight);
  group.set_max_deliveries(options.max_deliveries);
  group.set_retry_first_ms(options.retry_first_ms);
  group.set_retry_longest_ms(options.retry_longest_ms);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = (*client)->Ask(request);
  if (!reply) return session.Complain(reply.error());
  if (session.json()) {
    session.PrintJson(*reply);
  } else {
    session.Print(fmt::format("{} {}. It stands at position {}.\n", options.name,
                              reply->created() ? "is made" : "was there already",
                              reply->ack_floor().position()));
  }
  return ExitCode::kDone;
}

ExitCode RunList(Session& session) {
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = (*client)->Ask(v1::ListGroupsRequest());
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::Subscriptions(*reply, session.style()));
    return ExitCode::kDone;
  }
  for (const auto& one : reply->groups()) session.PrintJson(one);
  return ExitCode::kDone;
}

ExitCode RunDelete(const NamedOptions& options, Session& session) {
  v1::DeleteGroupRequest request;
  request.set_name(options.name);
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  if (const auto reply = (*client)->Ask(request); !reply) return session.Complain(reply.error());
  if (!session.json()) session.Print(fmt::format("{} is deleted.\n", options.name));
  return ExitCode::kDone;
}

ExitCode RunParked(const NamedOptions& options, Session& session) {
  v1::ParkedRequest request;
  request.set_group(options.name);
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  std::uint64_t listed = 0;
  do {
    const auto page = (*client)->Ask(request);
    if (!page) return session.Complain(page.error());
    for (const auto& one : page->parked()) {
      ++listed;
      const bool read = session.json() ? session.PrintJson(one)
                                       : session.Print(render::Parked(one, session.style()));
      if (!read) return ExitCode::kDone;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (listed == 0 && !session.json()) session.Print("Nothing is parked.\n");
  return ExitCode::kDone;
}

ExitCode RunReplay(const NamedOptions& options, Session& session) {
  v1::ReplayParkedRequest request;
  request.set_group(options.name);
  for (const std::string& text : options.positions) {
    auto cursor = ToCursor(text);
    if (!cursor) return session.Refuse(cursor.error());
    *request.add_cursors() = *std::move(cursor);
  }
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = (*client)->Ask(request);
  if (!reply) return session.Complain(reply.error());
  if (session.json()) {
    session.PrintJson(*reply);
  } else {
    session.Print(fmt::format("{} will be delivered again.\n", reply->replayed()));
  }
  return ExitCode::kDone;
}

void AddCreate(CLI::App* parent, Run* chosen) {
  auto options = std::make_shared<CreateOptions>();
  CLI::App* command = parent->add_subcommand("create", "Make a durable subscription");
  command->add_option("NAME", options->name, "Small letters, digits and hyphens")->required();
  command
      ->add_option("--from", options->from,
                   "now, a position of the log, or a recorded UTC day or time; else the first "
                   "change")
      ->type_name("WHERE");
  AddFilterOptions(command, &options->filter, Asks::kChanges);
  command->add_flag("--with-confirmations", options->with_confirmations,
                    "Also reports that only confirm what was known");
  command->add_flag("--with-backfill", options->with_backfill, "Also history brought in late");
  const char* const group = "Limits (0: as the service has them)";
  command->add_option("--max-in-flight", options->max_in_flight, "Delivered and not settled")
      ->group(group);
  command->add_option("--max-deliveries", options->max_deliveries, "Failures before it is parked")
      ->group(group);
  command->add_option("--retry-first-ms", options->retry_first_ms, "Pause after the first failure")
      ->group(group);
  command->add_option("--retry-longest-ms", options->retry_longest_ms, "Longest pause")
      ->group(group);
  command->footer(kCreateExamples);
  command->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunCreate(*options, session); };
  });
}

void AddNamed(CLI::App* parent, Run* chosen, const char* name, const char* about,
              ExitCode (*run)(const NamedOptions&, Session&), bool with_positions = false) {
  auto options = std::make_shared<NamedOptions>();
  CLI::App* command = parent->add_subcommand(name, about);
  command->add_option("NAME", options->name, "Of the subscription")->required();
  std::string footer = fmt::format("Examples:\n  entente subscription {} desk", name);
  if (with_positions) {
    command->add_option("POSITION", options->positions, "Only these; else all that are parked");
    footer += "\n  entente subscription replay desk 18 19,1    only these: POSITION[,ORDINAL]";
  }
  command->footer(footer);
  command->callback([options, chosen, run] {
    *chosen = [options, run](Session& session) { return run(*options, session); };
  });
}

}  // namespace

void AddSubscription(CLI::App& app, Run* chosen) {
  CLI::App* command =
      app.add_subcommand("subscription", "Durable subscriptions, whose place the service keeps");
  command->require_subcommand(1);
  command->footer(kExamples);
  AddCreate(command, chosen);
  CLI::App* list = command->add_subcommand("list", "All there are, and how they stand");
  list->footer("Examples:\n  entente subscription list\n  entente subscription list --json");
  list->callback([chosen] { *chosen = [](Session& session) { return RunList(session); }; });
  AddNamed(command, chosen, "delete", "Forget one, with its place", RunDelete);
  AddNamed(command, chosen, "parked", "List the changes that were set aside", RunParked);
  AddNamed(command, chosen, "replay", "Deliver parked changes again", RunReplay, true);
}

}  // namespace entente::cli
