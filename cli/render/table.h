// A table for a terminal: columns as wide as what they hold; where that is too wide, the flexible
// ones are wrapped inside their cells, so that no line is longer than the terminal. A column is not
// made narrower than it can be read, so that this holds from about 80 columns on.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/render/style.h"

namespace entente::cli::render {

struct Column {
  std::string heading;
  bool flexible = false;  // may be wrapped, down to `narrowest`
  bool right = false;     // numbers
  unsigned narrowest = 12;
};

struct Cell {
  std::string text;
  Tint tint = Tint::kPlain;

  Cell(std::string text, Tint tint = Tint::kPlain) : text(std::move(text)), tint(tint) {}
  Cell(const char* text) : text(text) {}
};

// Filled row by row, then printed. Texts are made Printable.
class Table {
 public:
  explicit Table(std::vector<Column> columns);

  // One cell for each column.
  void Row(std::vector<Cell> cells);
  // A faint line under the last row, from column `from` on where it fits.
  void Note(std::string_view text, std::size_t from);

  bool empty() const { return lines_.empty(); }
  // Ends with a newline unless empty; no line ends in spaces.
  std::string Print(const Style& style) const;

 private:
  struct Line {
    std::vector<Cell> cells;  // one cell: a note that begins at column `from`
    std::size_t from = 0;
    bool note = false;
  };
  std::vector<unsigned> Widths(const Style& style) const;
  static void PrintLine(const std::vector<Column>& columns, const std::vector<unsigned>& widths,
                        const std::vector<Cell>& cells, const Style& style, std::string* out);

  std::vector<Column> columns_;
  std::vector<Line> lines_;
};

}  // namespace entente::cli::render
