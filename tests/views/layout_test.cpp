// The rows of one small history are those that docs/views.md shows, byte by byte.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "tests/views/history.h"

namespace entente::views {
namespace {

bool IsWordByte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '/' ||
         c == '-';
}

// The view's byte in hexadecimal, between < and >; then two and more letters, digits, / and - as
// they are, all other bytes in hexadecimal.
std::string Shown(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string shown;
  bool hex = false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const bool before = i > 0 && IsWordByte(bytes[i - 1]);
    const bool behind = i + 1 < bytes.size() && IsWordByte(bytes[i + 1]);
    const bool word = i > 0 && IsWordByte(bytes[i]) && ((i > 1 && before) || behind);
    if (word == hex) shown += hex ? '>' : '<';
    hex = !word;
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if (word) {
      shown += bytes[i];
    } else {
      shown += {kDigits[byte >> 4], kDigits[byte & 15]};
    }
  }
  return hex ? shown + '>' : shown;
}

// The block of the document that begins with this line, without it.
std::string BlockOf(const std::string& first_line) {
  std::ifstream document(ENTENTE_SOURCE_DIR "/docs/views.md");
  std::string line;
  while (std::getline(document, line) && line != first_line) {
  }
  std::string block;
  while (std::getline(document, line) && line != "```") block += line + '\n';
  return block;
}

TEST(Layout, IsAsDocumented) {
  History history;
  history.At(1'620'172'800'000);  // 2021-05-05
  history.Append({R"({"stream":"meeting/de","id":"r1","reported":"2021-05-05",
      "source":{"publisher":"The Daily","class":"media","locator":"p. 4"},
      "meeting":{"kind":"two-plus-two","parties":[{"name":"JP"},{"name":"DE"}]},
      "meeting_scheduled":{"date":{"edtf":"2021-04-13"}}})"});
  TestViews views(history);
  std::ostringstream rows;
  for (const auto& [key, value] : views.Rows()) {
    // What a message says is the schema's matter, not the layout's.
    const bool message =
        key[0] == '\x10' || key[0] == '\x20' || key[0] == '\x30' || key[0] == '\x40';
    rows << Shown(key) << " = "
         << (message         ? "message"
             : value.empty() ? "nothing"
                             : Shown(value))
         << '\n';
  }
  EXPECT_EQ(rows.str(), BlockOf("``` rows of one report"));
}

}  // namespace
}  // namespace entente::views
