// Where a program stood in the change feed, kept over its own end.
#pragma once

#include <filesystem>
#include <optional>

#include "values/error.h"
#include "values/position.h"

namespace entente::client {

// A file of one line, `position ordinal`; the Python client reads the same. Each Save replaces it
// whole, so a program that is killed finds the place it saved last, never half of one. It is not
// synced to disk: after a power cut an older place may come back, and the changes behind it once
// more. One program at a time.
//
//     Bookmark saved("alerts.cursor");
//     if (auto place = saved.Read(); place && *place) … request.mutable_after() …
//     saved.Save(cursor of message.covered_to());
class Bookmark {
 public:
  explicit Bookmark(std::filesystem::path file) : file_(std::move(file)) {}

  // The place saved last; nothing where there is none. FILE_UNREADABLE, also of a file that is no
  // bookmark.
  Result<std::optional<Cursor>> Read() const;
  // FILE_UNREADABLE.
  Status Save(const Cursor& cursor) const;

 private:
  std::filesystem::path file_;
};

}  // namespace entente::client
