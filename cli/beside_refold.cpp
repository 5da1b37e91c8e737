#include "cli/beside_refold.h"

#include <fmt/format.h>

#include <utility>

#include "cli/interrupt.h"
#include "cli/scratch_directory.h"

namespace entente::cli {
namespace {

constexpr int kAttempts = 5;

Status CheckSameLog(const StoredRows::About& stored, const views::Refold& refold) {
  if (refold.store().checkpoint() == stored.at) return {};
  return Fail(Reason::kLogDiverged, "", stored.generation,
              fmt::format("the views stand at position {} of another log than this one",
                          stored.at.position.value()));
}

}  // namespace

Status CompareBesideRefold(Session& session, const std::string& scratch,
                           const std::function<Status(const StoredRows::About&)>& fits,
                           const std::function<Status(BesideRefold&)>& compare) {
  Interrupts interrupts;
  const std::function<bool()> stop = [&] { return interrupts.Came(); };
  auto directory = ScratchDirectory::Make(scratch);
  if (!directory) return Fail(std::move(directory).error());
  auto refold = views::Refold::Begin(directory->path() / "refold");
  if (!refold) return Fail(std::move(refold).error());
  for (int attempt = 1;; ++attempt) {
    Progress progress(session.error_is_terminal());
    // Once to learn how far to fold, while the projector need not keep anything; then for good.
    auto stored = OpenStoredRows(session);
    if (stored) {
      if (Status fit = fits((*stored)->about()); !fit) return fit;
      const Position until = (*stored)->about().at.position;
      stored->reset();
      if (Status folded = FoldUpTo(session, until, &progress, &*refold, stop); !folded) {
        return folded;
      }
      stored = OpenStoredRows(session);
    }
    if (!stored) return Fail(std::move(stored).error());
    const Position until = (*stored)->about().at.position;
    if (Status folded = FoldUpTo(session, until, &progress, &*refold, stop); !folded) {
      return folded;
    }
    if (Status same = CheckSameLog((*stored)->about(), *refold); !same) return same;
    BesideRefold both{**stored, *refold, progress, stop};
    Status compared = compare(both);
    if (compared || compared.error().reason != Reason::kNotFound || attempt == kAttempts) {
      return compared;
    }
  }
}

}  // namespace entente::cli
