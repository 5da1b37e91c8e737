// Figures by name, printed as a table and as JSON.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace entente::bench {

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  // The raw part measured beside it in the same run, and how many of it this one is worth.
  std::optional<double> raw;
  std::optional<double> ratio;
};

class Figures {
 public:
  void Add(std::string name, double value, std::string unit);
  // Rates: `ratio` = value / raw.
  void AddBesideRaw(std::string name, double value, std::string unit, double raw);
  void Print() const;
  void WriteJson(const std::filesystem::path& path) const;

 private:
  std::vector<Figure> figures_;
};

}  // namespace entente::bench
