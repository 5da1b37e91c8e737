// Reports by the day from which they are seen: in a run of blocks for each day, each month, each
// year, and for all time, each block with the sum of those before it in its run.
//
//     asked: until 12 March 2021, position 70
//     ... | 2019 | 2020 |          whole years
//                       | 01 | 02 |           whole months
//                                 | 1 ... 12 |      days
//
// Of each period the last block that begins at or below the position tells the sum, so that any
// question of day and position is read off one row for each of a few dozen periods, however many
// reports there are and in whatever order they came.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "values/day.h"
#include "values/position.h"
#include "views/rows/draft.h"

namespace entente::views {

struct ReportHorizon {
  std::uint64_t reports = 0;
  Day from = Day::AfterAll();  // first possible day of the earliest report
  Day to = Day::BeforeAll();   // last possible day of the latest
};

// A block is full at so many reports, whatever wrote it, so that live and rebuilt bytes agree.
inline constexpr std::uint16_t kBlockReports = 32;

// The last blocks of the periods that are added to, kept from one batch to the next.
class OpenPeriods {
 public:
  // A report above all that were added, made on a day in [earliest, latest]. `views` as they stood
  // when the blocks were last flushed.
  void Add(Position position, Day earliest, Day latest, const Snapshot& views);
  // Writes the blocks that changed.
  void Flush(Draft* draft);

 private:
  struct Block {
    Position first;
    Position last;
    ReportHorizon sum;  // of the run, with the block
    std::uint16_t count = 0;
    std::string bytes;
    bool changed = false;
  };
  using Blocks = std::unordered_map<std::string, Block>;  // by the prefix of the run's keys
  Blocks::value_type& Of(std::string prefix, const Snapshot& views);

  Blocks blocks_;
  std::vector<Blocks::value_type*> changed_;
  std::vector<std::pair<std::string, std::string>> filled_;  // rows to write
};

// The sum of all reports seen by the end of a day and recorded up to a position.
ReportHorizon SumOfReports(const Snapshot& snapshot, const std::optional<Position>& position,
                           const std::optional<Day>& day);

}  // namespace entente::views
