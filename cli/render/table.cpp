#include "cli/render/table.h"

#include <algorithm>
#include <string_view>

namespace entente::cli::render {
namespace {

constexpr unsigned kGap = 2;

std::vector<std::string> Lines(const std::string& wrapped) {
  std::vector<std::string> lines;
  std::size_t begin = 0;
  while (true) {
    const auto end = wrapped.find('\n', begin);
    lines.push_back(wrapped.substr(begin, end - begin));
    if (end == std::string::npos) return lines;
    begin = end + 1;
  }
}

void TrimEnd(std::string* out) {
  while (out->ends_with(' ')) out->pop_back();
}

}  // namespace

Table::Table(std::vector<Column> columns) : columns_(std::move(columns)) {}

void Table::Row(std::vector<Cell> cells) {
  cells.resize(columns_.size(), Cell(""));
  for (Cell& cell : cells) cell.text = Printable(cell.text);
  lines_.push_back({std::move(cells), 0, false});
}

void Table::Note(std::string_view text, std::size_t from) {
  lines_.push_back({{Cell(Printable(text), Tint::kFaint)}, from, true});
}

std::vector<unsigned> Table::Widths(const Style& style) const {
  std::vector<unsigned> widths;
  widths.reserve(columns_.size());
  for (const Column& column : columns_) widths.push_back(DisplayWidth(column.heading));
  for (const Line& line : lines_) {
    if (line.note) continue;
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(line.cells[i].text));
    }
  }
  if (style.width == 0) return widths;
  unsigned total = kGap * static_cast<unsigned>(widths.size() - 1);
  for (const unsigned width : widths) total += width;
  // The widest flexible column gives first, until all fits or none can give more.
  while (total > style.width) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (!columns_[i].flexible || widths[i] <= columns_[i].narrowest) continue;
      if (widest == widths.size() || widths[i] > widths[widest]) widest = i;
    }
    if (widest == widths.size()) break;
    --widths[widest];
    --total;
  }
  return widths;
}

void Table::PrintLine(const std::vector<Column>& columns, const std::vector<unsigned>& widths,
                      const std::vector<Cell>& cells, const Style& style, std::string* out) {
  std::vector<std::vector<std::string>> wrapped;
  std::size_t height = 1;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    wrapped.push_back(Lines(Wrap(cells[i].text, style.width == 0 ? 0 : widths[i], "")));
    height = std::max(height, wrapped.back().size());
  }
  for (std::size_t row = 0; row < height; ++row) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const std::string_view text =
          row < wrapped[i].size() ? std::string_view(wrapped[i][row]) : std::string_view();
      const unsigned wide = DisplayWidth(text);
      const std::string padding(widths[i] > wide ? widths[i] - wide : 0, ' ');
      if (columns[i].right) *out += padding;
      *out += style.Paint(cells[i].tint, text);
      if (!columns[i].right) *out += padding;
      if (i + 1 < cells.size()) out->append(kGap, ' ');
    }
    TrimEnd(out);
    *out += '\n';
  }
}

std::string Table::Print(const Style& style) const {
  std::string out;
  if (lines_.empty()) return out;
  const std::vector<unsigned> widths = Widths(style);
  std::vector<Cell> headings;
  bool headed = false;
  for (const Column& column : columns_) {
    headings.emplace_back(column.heading, Tint::kFaint);
    headed = headed || !column.heading.empty();
  }
  if (headed) PrintLine(columns_, widths, headings, style, &out);
  for (const Line& line : lines_) {
    if (!line.note) {
      PrintLine(columns_, widths, line.cells, style, &out);
      continue;
    }
    // Where it does not fit on one line the note begins further left.
    unsigned begin = 0;
    for (std::size_t from = line.from; from > 0; --from) {
      begin = 0;
      for (std::size_t i = 0; i < from; ++i) begin += widths[i] + kGap;
      if (style.width == 0 || begin + DisplayWidth(line.cells[0].text) <= style.width) break;
    }
    const std::string indent(begin, ' ');
    const unsigned room = style.width > begin ? style.width - begin : 0;
    const auto lead =
        std::min(line.cells[0].text.find_first_not_of(' '), line.cells[0].text.size());
    const std::string hanging(lead, ' ');
    for (const std::string& part : Lines(Wrap(line.cells[0].text, room, hanging))) {
      out += indent + style.Paint(Tint::kFaint, part) + '\n';
    }
  }
  return out;
}

}  // namespace entente::cli::render
