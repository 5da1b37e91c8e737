#include "bench/figures.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <fstream>
#include <utility>

namespace entente::bench {

void Figures::Add(std::string name, double value, std::string unit) {
  figures_.push_back({std::move(name), value, std::move(unit), std::nullopt, std::nullopt});
}

void Figures::AddBesideRaw(std::string name, double value, std::string unit, double raw) {
  figures_.push_back({std::move(name), value, std::move(unit), raw, value / raw});
}

void Figures::Print() const {
  fmt::print("{:<36} {:>14} {:>14} {:>7}  {}\n", "", "entente", "raw", "ratio", "unit");
  for (const Figure& figure : figures_) {
    fmt::print("{:<36} {:>14.1f} {:>14} {:>7}  {}\n", figure.name, figure.value,
               figure.raw ? fmt::format("{:.1f}", *figure.raw) : "",
               figure.ratio ? fmt::format("{:.2f}", *figure.ratio) : "", figure.unit);
  }
}

void Figures::WriteJson(const std::filesystem::path& path) const {
  std::ofstream file(path);
  fmt::print(file, "{{\n");
  for (std::size_t i = 0; i < figures_.size(); ++i) {
    const Figure& figure = figures_[i];
    fmt::print(file, "  \"{}\": {{\"value\": {}, \"unit\": \"{}\"", figure.name, figure.value,
               figure.unit);
    if (figure.raw) {
      fmt::print(file, ", \"raw\": {}, \"ratio\": {}", *figure.raw, *figure.ratio);
    }
    fmt::print(file, "}}{}\n", i + 1 < figures_.size() ? "," : "");
  }
  fmt::print(file, "}}\n");
}

}  // namespace entente::bench
