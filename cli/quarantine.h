// Where an import puts the lines that it cannot bring in.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "cli/append_plan.h"
#include "values/error.h"

namespace entente::cli {

// A file of refused lines, each with a note that says why (lib/formats/refusal_note.h). It is made
// with the first of them, and nothing that lies in it is ever written over. One thread.
class Quarantine {
 public:
  // `input` is what is imported, "-" for standard input. An empty `file` is one made anew: beside
  // the input, history.refused.jsonl for history.jsonl, else of the same name in
  // $XDG_STATE_HOME/entente/refused (as cli/last_append.h), with a number where that is taken. A
  // `file` that is there is added to. QUERY_INVALID where it is the input itself, or where there is
  // no place for one.
  static Result<Quarantine> For(const std::string& input, const std::string& file);
  Quarantine(Quarantine&& other) noexcept;
  Quarantine& operator=(Quarantine&&) = delete;
  ~Quarantine();

  // FILE_UNREADABLE.
  Status Keep(const RefusedLine& refused);
  // Returns when what was kept is on disk. FILE_UNREADABLE.
  Status Sync() const;

  std::uint64_t kept() const { return kept_; }
  // Of what was kept.
  const std::filesystem::path& file() const { return file_; }

 private:
  Quarantine(std::filesystem::path file, bool anew);
  Status Open();
  Error Unwritable(int fault) const;

  std::filesystem::path file_;
  bool anew_;  // its name was not given, so it must not be there
  int fd_ = -1;
  std::uint64_t kept_ = 0;
};

}  // namespace entente::cli
