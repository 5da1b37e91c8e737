#include "cli/render/subscriptions.h"

#include <fmt/format.h>

#include "cli/render/changes.h"
#include "cli/render/names.h"
#include "cli/render/table.h"

namespace entente::cli::render {
namespace {

std::string State(const v1::ListGroupsReply::One& one) {
  if (one.stalled()) return "stalled: settle what is in flight";
  if (one.consumers() == 0) return "nobody consumes it";
  const std::uint64_t behind =
      one.head() > one.considered().position() ? one.head() - one.considered().position() : 0;
  if (behind > 0) return fmt::format("{} positions behind", behind);
  return one.in_flight() == 0 ? "caught up" : "at work";
}

}  // namespace

std::string Subscriptions(const v1::ListGroupsReply& reply, const Style& style) {
  if (reply.groups_size() == 0) return "There are no durable subscriptions.\n";
  Table table({{.heading = "name"},
               {.heading = "settled up to", .right = true},
               {.heading = "in flight", .right = true},
               {.heading = "waiting", .right = true},
               {.heading = "parked", .right = true},
               {.heading = "consumers", .right = true},
               {.heading = "state", .flexible = true, .narrowest = 20}});
  for (const auto& one : reply.groups()) {
    table.Row({{one.group().name(), Tint::kStrong},
               std::to_string(one.ack_floor().position()),
               std::to_string(one.in_flight()),
               std::to_string(one.waiting()),
               std::to_string(one.parked()),
               std::to_string(one.consumers()),
               State(one)});
  }
  return table.Print(style);
}

std::string Parked(const v1::ParkedReply::Parked& parked, const Style& style) {
  const v1::Change& change = parked.change().change();
  std::string text = Alert(parked.change(), style);
  text.pop_back();  // the empty line that ends it
  return text + "  " +
         Wrap(Printable(fmt::format("parked after {}{}; to replay it: {},{}",
                                    parked.deliveries() == 1
                                        ? "1 delivery"
                                        : fmt::format("{} deliveries", parked.deliveries()),
                                    parked.why().empty() ? "" : ": " + parked.why(),
                                    change.position(), change.ordinal())),
              style.width > 4 ? style.width - 2 : 0, "  ") +
         "\n\n";
}

}  // namespace entente::cli::render
