// Decides how the lines of a file become batches, and what a refused batch means for its lines.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/log.pb.h"
#include "values/error.h"

namespace entente::cli {

// Where an event came from.
struct SourceLine {
  std::uint64_t number = 0;  // from 1
  std::string text;          // empty where nobody keeps what is refused
};

// Events on their way to ingest, each with the line it came from.
struct Batch {
  v1::AppendRequest request;
  std::vector<SourceLine> lines;
  std::size_t bytes = 0;
};

struct BatchLimits {
  int events = 500;
  std::size_t bytes = 4U << 20;
};

// A line that cannot go in, with all that is wrong with it.
struct RefusedLine {
  SourceLine line;
  Errors errors;
  // "line 7: PARTY_UNKNOWN at meeting.parties[0].name: …", a line for each error.
  std::string ToString() const;
};

// What is left of a refused batch: its lines that are at fault, and the rest to send again.
struct Refusal {
  std::vector<RefusedLine> refused;  // in their order
  Batch rest;                        // all of it where `refused` is empty
  Errors others;                     // that name no line: the batch as a whole cannot be sent
};

// Sorts a batch's errors by the events they name (`events[3].…`). Pure.
Refusal ReadRefusal(Batch batch, const Errors& errors);

// "STREAM=no_stream", "STREAM=any" or "STREAM=7" as an expectation. QUERY_INVALID.
Result<v1::Expectation> ParseExpectation(const std::string& text);

// Cuts events into batches and gives each stream's expectation to the first batch that has an
// event of it.
class BatchBuilder {
 public:
  BatchBuilder(BatchLimits limits, bool dry_run, std::vector<v1::Expectation> expected);

  // The batch that is full with the events before this one, if it is.
  std::optional<Batch> Add(v1::NewEvent event, SourceLine line);
  // What is waiting.
  std::optional<Batch> Take();

 private:
  BatchLimits limits_;
  bool dry_run_;
  std::map<std::string, v1::Expectation> expected_;
  Batch next_;
};

}  // namespace entente::cli
