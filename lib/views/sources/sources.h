// The documents that reports rest on, each kept once and numbered by first appearance in the log.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/event.pb.h"
#include "entente/v1/meeting.pb.h"
#include "log/digest.h"
#include "views/rows/draft.h"
#include "views/rows/seen_keys.h"

namespace entente::views {

struct SourceDocument {
  std::string key;       // of the row that names its number
  std::string document;  // the source as it is kept
};
SourceDocument DocumentOf(const v1::Source& source, log::Sha256* sha);

// Numbers of sources, from 1; the last one is kept from one batch to the next. The place within the
// document (`locator`) is no part of a source: a report keeps its own.
class SourceNumbers {
 public:
  // `from_the_beginning`: there is no source before the first that it is asked for.
  explicit SourceNumbers(bool from_the_beginning) {
    if (from_the_beginning) seen_.emplace();
  }

  struct Numbered {
    std::uint32_t number = 0;
    bool is_new = false;
    SourceDocument source;
  };
  // A new source gets the next number, which is its own once it is kept. `rows` are those of
  // `before` with what was kept since.
  Numbered Find(SourceDocument source, const Draft& rows, const Snapshot& before);
  void Keep(const Numbered& numbered, Draft* draft);

 private:
  std::optional<std::uint32_t> last_;
  std::optional<SeenKeys> seen_;
};

// Puts whole sources in the place of numbers, reading each once.
class SourceReader {
 public:
  explicit SourceReader(const Snapshot& snapshot) : snapshot_(snapshot) {}
  // Reads those of these numbers that were not read yet, together.
  void Read(std::vector<std::uint32_t> numbers);
  // Fills in `source`, as it was sent, and sets `source_id` and `publisher` to nothing.
  void Fill(v1::Report* report);

 private:
  const Snapshot& snapshot_;
  std::map<std::uint32_t, v1::Source> read_;
};

}  // namespace entente::views
