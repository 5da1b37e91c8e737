#include "bench/figures.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <cstdio>
#include <fstream>
#include <utility>

namespace entente::bench {
namespace {

constexpr const char* kLine = "{:<38} {:>13} {:>13} {:>7} {:>8}  {}\n";

std::string GoalOf(const Figure& figure) {
  if (!figure.met()) return "";
  const Beside& beside = *figure.beside;
  return beside.at_least ? fmt::format(">= {}", *beside.at_least)
                         : fmt::format("<= {}", *beside.at_most);
}

}  // namespace

std::optional<bool> Figure::met() const {
  if (!beside) return std::nullopt;
  if (beside->at_least) return ratio() >= *beside->at_least;
  if (beside->at_most) return ratio() <= *beside->at_most;
  return std::nullopt;
}

void Figures::Add(std::string name, double value, std::string unit, std::optional<Beside> beside) {
  const Figure& figure =
      figures_.emplace_back(Figure{std::move(name), value, std::move(unit), beside});
  if (!std::exchange(headed_, true)) {
    fmt::print(kLine, "", "entente", "raw part", "ratio", "goal", "unit");
  }
  const auto met = figure.met();
  fmt::print(kLine, figure.name, fmt::format("{:.1f}", figure.value),
             figure.beside ? fmt::format("{:.1f}", figure.beside->raw) : "",
             figure.beside ? fmt::format("{:.2f}", figure.ratio()) : "", GoalOf(figure),
             figure.unit + (met && !*met ? "  (missed)" : ""));
  std::fflush(stdout);
}

void Figures::Skip(const std::string& name, const std::string& why) const {
  fmt::print("{:<38} not measured: {}\n", name, why);
}

bool Figures::WriteJson(const std::filesystem::path& path) const {
  std::ofstream file(path);
  fmt::print(file, "{{\n");
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    const Figure& figure = figures_[i];
    fmt::print(file, "  \"{}\": {{\"value\": {}, \"unit\": \"{}\"", figure.name, figure.value,
               figure.unit);
    if (figure.beside) {
      fmt::print(file, ", \"raw\": {}, \"ratio\": {}", figure.beside->raw, figure.ratio());
    }
    if (const auto met = figure.met()) {
      const Beside& beside = *figure.beside;
      fmt::print(file, ", \"{}\": {}, \"met\": {}", beside.at_least ? "at_least" : "at_most",
                 beside.at_least ? *beside.at_least : *beside.at_most, *met);
    }
    fmt::print(file, "}}{}\n", i + 1 < figures_.size() ? "," : "");
  }
  fmt::print(file, "}}\n");
  return file.good();
}

}  // namespace entente::bench
