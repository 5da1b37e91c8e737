#include "cli/beside_refold.h"

#include <fmt/format.h>

#include <utility>

#include "cli/interrupt.h"
#include "cli/log_reading.h"
#include "cli/scratch_directory.h"
#include "log/verify.h"

namespace entente::cli {
namespace {

constexpr int kAttempts = 5;

// The session's log, checked and folded as far as was asked.
class LogFold {
 public:
  LogFold(Session& session, views::Refold refold, const std::function<bool()>& stop)
      : session_(session), refold_(std::move(refold)), stop_(stop) {}

  // `until` is the end of a commit. STOPPING once the user interrupts.
  Status UpTo(Position until, Progress* progress) {
    const Position from = refold_.store().checkpoint().position;
    if (until <= from) return {};
    const auto read = ReadCommits(
        session_, {from.Next()},
        [&](const log::CommitView& commit) -> Status {
          if (stop_()) return Fail(Reason::kStopping, "", "", "");
          progress->Show(commit.last().value(), commit.last().value(), until.value());
          if (!verifier_.Step(commit)) return Fail(Error(*verifier_.first_break()));
          return refold_.Take(commit);
        },
        until);
    if (!read) return Fail(read.error());
    return refold_.Finish();
  }
  views::Refold& refold() { return refold_; }

 private:
  Session& session_;
  views::Refold refold_;
  log::LogVerifier verifier_;
  const std::function<bool()>& stop_;
};

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
  LogFold fold(session, *std::move(refold), stop);
  for (int attempt = 1;; ++attempt) {
    Progress progress(session.error_is_terminal());
    // Once to learn how far to fold, while the projector need not keep anything; then for good.
    auto stored = OpenStoredRows(session);
    if (stored) {
      if (Status fit = fits((*stored)->about()); !fit) return fit;
      const Position until = (*stored)->about().at.position;
      stored->reset();
      if (Status folded = fold.UpTo(until, &progress); !folded) return folded;
      stored = OpenStoredRows(session);
    }
    if (!stored) return Fail(std::move(stored).error());
    const Position until = (*stored)->about().at.position;
    if (Status folded = fold.UpTo(until, &progress); !folded) return folded;
    if (Status same = CheckSameLog((*stored)->about(), fold.refold()); !same) return same;
    BesideRefold both{**stored, fold.refold(), progress, stop};
    Status compared = compare(both);
    if (compared || compared.error().reason != Reason::kNotFound || attempt == kAttempts) {
      return compared;
    }
  }
}

}  // namespace entente::cli
