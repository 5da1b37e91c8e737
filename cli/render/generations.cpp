#include "cli/render/generations.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/render/names.h"
#include "cli/render/table.h"

namespace entente::cli::render {
namespace {

Cell StateInWords(const v1::Generation& generation, const v1::GenerationsReply& reply) {
  switch (generation.state()) {
    case v1::Generation::current:
      return {"current", Tint::kGood};
    case v1::Generation::building: {
      const bool held =
          reply.building().generation() == generation.name() && reply.building().held();
      return {held ? "held" : "building", Tint::kWaiting};
    }
    default:
      return {"kept", Tint::kFaint};
  }
}

}  // namespace

std::string DurationInWords(std::uint64_t seconds) {
  if (seconds < 120) return fmt::format("{} s", seconds);
  const std::uint64_t minutes = (seconds + 30) / 60;
  if (minutes < 120) return fmt::format("{} min", minutes);
  return fmt::format("{} h {} min", minutes / 60, minutes % 60);
}

std::string BytesInWords(std::uint64_t bytes) {
  constexpr std::array kUnits = {"KiB", "MiB", "GiB", "TiB"};
  if (bytes < 1024) return fmt::format("{} B", bytes);
  double amount = static_cast<double>(bytes) / 1024;
  std::size_t unit = 0;
  for (; amount >= 1024 && unit + 1 < kUnits.size(); ++unit) amount /= 1024;
  return fmt::format("{:.1f} {}", amount, kUnits[unit]);
}

double PartDone(const v1::GenerationBuild& build) {
  if (build.durable_position() == 0) return 0;  // it has not asked the log yet
  return std::min(
      1.0, static_cast<double>(build.position()) / static_cast<double>(build.durable_position()));
}

std::string BuildInWords(const v1::GenerationBuild& build) {
  std::string words = build.generation();
  if (build.held()) {
    words += fmt::format(" is built, stands at position {} and waits for: entente generations swap",
                         build.position());
  } else {
    words += build.purpose() == v1::GenerationBuild::rollback ? " is being folded forward"
                                                              : " is being built from the log";
    words += build.durable_position() == 0
                 ? ": it has just begun"
                 : fmt::format(": position {} of {} ({:.0f} %)", build.position(),
                               build.durable_position(), PartDone(build) * 100);
    if (build.folding()) {
      words += ", its meetings are being folded";
    } else if (build.trouble().empty() && build.events_per_second() > 0) {
      words += fmt::format(", {:.0f} events a second", build.events_per_second());
      if (build.seconds_left() > 0) {
        words += fmt::format(", about {} left", DurationInWords(build.seconds_left()));
      }
    }
  }
  if (build.parked() > 0) words += fmt::format("; {} parked", Counted(build.parked(), "event"));
  if (!build.trouble().empty()) words += fmt::format(". It does not go on: {}", build.trouble());
  return Printable(words);
}

std::string Generations(const v1::GenerationsReply& reply, const Style& style) {
  Table table({{.heading = "generation"},
               {.heading = "state"},
               {.heading = "position", .right = true},
               {.heading = "version", .right = true},
               {.heading = "on disk", .right = true}});
  for (const v1::Generation& generation : reply.generations()) {
    table.Row({{generation.name(), Tint::kStrong},
               StateInWords(generation, reply),
               std::to_string(generation.at().position()),
               std::to_string(generation.projection_version()),
               BytesInWords(generation.bytes_on_disk())});
    if (!generation.trouble().empty()) {
      table.Note(generation.trouble(), 1);
    } else if (!generation.of_this_program()) {
      table.Note("made by another version of the program, which alone can fold it forward", 1);
    }
  }
  std::string out = table.Print(style);
  if (reply.has_building()) {
    out += "\n" + Wrap(BuildInWords(reply.building()) + ".", style.width, "  ") + "\n";
  }
  return out;
}

std::string ParkedEvents(const google::protobuf::RepeatedPtrField<v1::ParkedEventsReply::One>& all,
                         const Style& style) {
  Table table({{.heading = "position", .right = true},
               {.heading = "error"},
               {.heading = "what is wrong", .flexible = true, .narrowest = 30}});
  for (const v1::ParkedEventsReply::One& one : all) {
    table.Row({std::to_string(one.position()),
               {v1::Reason::Value_Name(one.error().reason()), Tint::kBad},
               one.error().message()});
    if (one.error().field().empty()) continue;
    table.Note(one.error().value().empty()
                   ? one.error().field()
                   : fmt::format("{} is \"{}\"", one.error().field(), one.error().value()),
               1);
  }
  return table.Print(style);
}

}  // namespace entente::cli::render
