// How text looks where it is going: colour, and how many columns there are.
#pragma once

#include <string>
#include <string_view>

namespace entente::cli::render {

// What a piece of text is, as far as its look goes. Words always say it too.
enum class Tint { kPlain, kStrong, kFaint, kGood, kWaiting, kBad };

struct Style {
  bool colour = false;
  // Columns of the terminal; 0: no limit, nothing is wrapped.
  unsigned width = 0;

  // The text between the escape codes of its tint; the text itself without colour.
  std::string Paint(Tint tint, std::string_view text) const;
};

// Columns the text takes: wide characters two, combining marks none (Unicode, by utf8proc).
unsigned DisplayWidth(std::string_view text);

// The text as it may be printed: control characters and broken UTF-8 become U+FFFD and line ends
// become spaces, so that a source's title cannot move the cursor or hide a line.
std::string Printable(std::string_view text);

// Lines of at most `width` columns, broken at spaces; a longer word behind a hyphen, or anywhere.
// Leading spaces are kept; lines but the first begin with `indent`. Width 0: one line.
std::string Wrap(std::string_view text, unsigned width, std::string_view indent);

}  // namespace entente::cli::render
