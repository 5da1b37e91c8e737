// Figures by name, printed as a table and as JSON.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace entente::bench {

// What a figure is worth of the raw part measured beside it in the same run, and what it should be.
struct Beside {
  double raw = 0;
  std::optional<double> at_least = {};  // for rates: value / raw
  std::optional<double> at_most = {};   // for times: value / raw
};

struct Figure {
  std::string name;
  double value = 0;
  std::string unit;
  std::optional<Beside> beside;

  double ratio() const { return value / beside->raw; }
  // nullopt: nothing was asked of it.
  std::optional<bool> met() const;
};

class Figures {
 public:
  // Also prints its line of the table at once: a run takes minutes.
  void Add(std::string name, double value, std::string unit, std::optional<Beside> beside = {});
  // Something that was not measured, and why.
  void Skip(const std::string& name, const std::string& why) const;
  bool WriteJson(const std::filesystem::path& path) const;

 private:
  bool headed_ = false;
  std::vector<Figure> figures_;
};

}  // namespace entente::bench
