// The documents that reports rest on, each kept once and numbered by first appearance in the log.
#pragma once

#include <cstdint>
#include <map>

#include "entente/v1/event.pb.h"
#include "entente/v1/meeting.pb.h"
#include "views/rows/draft.h"

namespace entente::views {

// The number of a source, from 1; a new one gets the next. The place within the document
// (`locator`) is no part of it: a report keeps its own.
std::uint32_t InternSource(const v1::Source& source, Draft* draft);

// Puts whole sources in the place of numbers, reading each once.
class SourceReader {
 public:
  explicit SourceReader(const Snapshot& snapshot) : snapshot_(snapshot) {}
  // Fills in `source`, as it was sent, and sets `source_id` and `publisher` to nothing.
  void Fill(v1::Report* report);

 private:
  const Snapshot& snapshot_;
  std::map<std::uint32_t, v1::Source> read_;
};

}  // namespace entente::views
