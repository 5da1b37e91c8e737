// The stored rows, and the same log folded anew beside them.
#pragma once

#include <functional>
#include <string>

#include "cli/progress.h"
#include "cli/session.h"
#include "cli/stored_rows.h"
#include "values/error.h"
#include "views/verify/refold.h"

namespace entente::cli {

struct BesideRefold {
  StoredRows& stored;
  views::Refold& refold;  // at the position of `stored`
  Progress& progress;
  const std::function<bool()>& stop;  // the user interrupted
};

// Folds the session's log by this program's rules, in a directory below `scratch` (empty: the
// temporary one) that is removed at the end, up to where the stored rows stand; then calls
// `compare`. Each commit is checked first: its place in the chain, and what it holds against its
// digests (STORE_DAMAGED, naming the position). Rows that are gone while they are read (NOT_FOUND:
// the projector keeps them for 30 seconds) are asked for again, and `compare` begins anew: by then
// the fold has come closer. `fits`, before anything is folded, may refuse what is stored.
// LOG_DIVERGED where the views are of another log.
Status CompareBesideRefold(Session& session, const std::string& scratch,
                           const std::function<Status(const StoredRows::About&)>& fits,
                           const std::function<Status(BesideRefold&)>& compare);

}  // namespace entente::cli
