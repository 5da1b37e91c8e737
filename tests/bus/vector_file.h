// The files of docs/protocol-vectors/, one message each (README.md there describes them).
#pragma once

#include <filesystem>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace entente::bus {

// A file of `key: value` lines; a key may stand several times.
struct VectorFile {
  std::filesystem::path path;
  std::vector<std::pair<std::string, std::string>> lines;

  static VectorFile Read(const std::filesystem::path& path) {
    VectorFile file{path, {}};
    std::ifstream in(path);
    for (std::string line; std::getline(in, line);) {
      const std::size_t colon = line.find(':');
      if (colon == std::string::npos) throw std::runtime_error(path.string() + ": " + line);
      const std::size_t value = line.find_first_not_of(' ', colon + 1);
      file.lines.emplace_back(line.substr(0, colon),
                              value == std::string::npos ? "" : line.substr(value));
    }
    return file;
  }

  static std::vector<VectorFile> ReadAll() {
    std::vector<VectorFile> files;
    for (const auto& entry :
         std::filesystem::directory_iterator(ENTENTE_SOURCE_DIR "/docs/protocol-vectors")) {
      if (entry.path().extension() == ".vector") files.push_back(Read(entry.path()));
    }
    return files;
  }

  void Write() const {
    std::ofstream out(path);
    for (const auto& [key, value] : lines) {
      out << key << ":" << (value.empty() ? "" : " ") << value << "\n";
    }
  }

  std::optional<std::string> Find(const std::string& key) const {
    for (const auto& [name, value] : lines) {
      if (name == key) return value;
    }
    return std::nullopt;
  }
  std::string Get(const std::string& key) const {
    auto value = Find(key);
    if (!value) throw std::runtime_error(path.string() + " has no line " + key);
    return *value;
  }
  std::vector<std::string> GetAll(const std::string& key) const {
    std::vector<std::string> values;
    for (const auto& [name, value] : lines) {
      if (name == key) values.push_back(value);
    }
    return values;
  }
  std::string name() const { return path.stem().string(); }
  bool malformed() const { return name().starts_with("malformed-"); }
};

inline std::string ToHex(std::string_view bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex += kDigits[static_cast<unsigned char>(c) >> 4U];
    hex += kDigits[static_cast<unsigned char>(c) & 15U];
  }
  return hex;
}

inline std::string FromHex(std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  return bytes;
}

}  // namespace entente::bus
