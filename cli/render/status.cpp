#include "cli/render/status.h"

#include <fmt/format.h>

#include <algorithm>

#include "cli/render/generations.h"
#include "cli/render/names.h"
#include "cli/render/table.h"

namespace entente::cli::render {
namespace {

Cell HealthInWords(v1::StatusReply::Health health) {
  switch (health) {
    case v1::StatusReply::green:
      return {"well", Tint::kGood};
    case v1::StatusReply::amber:
      return {"look below", Tint::kWaiting};
    default:
      return {"not working", Tint::kBad};
  }
}

// What moves, and what does not: below the service's row.
std::vector<std::string> NotesOf(const v1::StatusReply& reply, std::uint64_t head) {
  std::vector<std::string> notes(reply.notes().begin(), reply.notes().end());
  if (reply.parked() > 0) {
    notes.push_back(Counted(reply.parked(), "event") +
                    " could not be projected: entente parked says why");
  }
  if (reply.paused_at() > 0) {
    notes.push_back(
        fmt::format("waits at position {}, which it cannot project", reply.paused_at()));
  }
  if (reply.checkpoint() < head && reply.has_last_progress()) {
    notes.push_back(fmt::format("last progress {} ago, {:.0f} events a second",
                                DurationInWords(reply.since_progress_ms() / 1000),
                                reply.events_per_second()));
  }
  if (reply.has_building()) notes.push_back(BuildInWords(reply.building()));
  return notes;
}

// "Views: g2, projection version 2", of the first service that has some.
std::string ViewsInWords(const std::vector<ServiceStatus>& services) {
  for (const ServiceStatus& service : services) {
    if (!service.reply || service.reply->projection_version() == 0) continue;
    return fmt::format("Views: {}, projection version {}\n", Printable(service.reply->generation()),
                       service.reply->projection_version());
  }
  return "";
}

// A service that has not heard of the log's head yet says 0.
std::string BehindInWords(std::uint64_t head, std::uint64_t checkpoint) {
  if (head < checkpoint) return "unknown";
  return checkpoint == head ? "nothing" : fmt::format("{}", head - checkpoint);
}

}  // namespace

std::string Status(const std::vector<ServiceStatus>& services, std::string_view home,
                   const Style& style) {
  std::uint64_t head = 0;
  std::string marker;
  std::string directory;
  for (const ServiceStatus& service : services) {
    if (!service.reply) continue;
    head = std::max(head, service.reply->durable_position());
    if (!service.reply->marker().empty()) marker = service.reply->marker();
    if (directory.empty()) directory = service.reply->data_directory();
  }
  Table table({{.heading = "service"},
               {.heading = "health"},
               {.heading = "position", .right = true},
               {.heading = "behind", .right = true},
               {.heading = "endpoint", .flexible = true, .narrowest = 16},
               {.heading = "version"}});
  for (const ServiceStatus& service : services) {
    if (!service.reply) {
      table.Row(
          {{service.name, Tint::kStrong}, {"no answer", Tint::kBad}, "", "", service.endpoint});
      continue;
    }
    table.Row({{service.name, Tint::kStrong},
               HealthInWords(service.reply->health()),
               std::to_string(service.reply->checkpoint()),
               BehindInWords(head, service.reply->checkpoint()),
               service.endpoint,
               service.reply->version()});
    for (const std::string& note : NotesOf(*service.reply, head)) table.Note(note, 1);
  }
  std::string below = ViewsInWords(services);
  if (!directory.empty()) {
    below += fmt::format("Data directory: {}{}\n", PathInWords(directory, home),
                         marker.empty() ? "" : fmt::format(" (marked {})", Printable(marker)));
  }
  return table.Print(style) + (below.empty() ? "" : "\n" + below);
}

}  // namespace entente::cli::render
