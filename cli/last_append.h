// How far this user's appends were acknowledged, so that a question asked next, by another process,
// is answered with what was just appended in it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace entente::cli {

// One small file a log, in the state directory. It is read for a day. A convenience: what cannot be
// kept or read is as if nothing had been appended.
class LastAppend {
 public:
  // `log` is what the log is known by here: its data directory, or the endpoint of ingest.
  explicit LastAppend(std::string_view log);
  LastAppend(const std::filesystem::path& directory, std::string_view log);

  // 0: nothing that matters.
  std::uint64_t Read() const;
  void Keep(std::uint64_t position) const;
  void Forget() const;

 private:
  std::filesystem::path file_;  // empty: there is no place for it
};

}  // namespace entente::cli
