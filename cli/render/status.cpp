#include "cli/render/status.h"

#include <fmt/format.h>

#include <algorithm>

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

std::string BehindInWords(std::uint64_t head, std::uint64_t checkpoint) {
  return checkpoint >= head ? "nothing" : fmt::format("{}", head - checkpoint);
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
    for (const std::string& note : service.reply->notes()) table.Note(note, 1);
    if (service.reply->parked() > 0) {
      table.Note(Counted(service.reply->parked(), "event") + " could not be projected", 1);
    }
  }
  std::string out = table.Print(style);
  if (!directory.empty()) {
    out += fmt::format("\nData directory: {}{}\n", PathInWords(directory, home),
                       marker.empty() ? "" : fmt::format(" (marked {})", Printable(marker)));
  }
  return out;
}

}  // namespace entente::cli::render
