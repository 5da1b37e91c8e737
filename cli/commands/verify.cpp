#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "cli/commands/commands.h"
#include "cli/interrupt.h"
#include "cli/progress.h"
#include "cli/scratch_directory.h"
#include "cli/stored_rows.h"
#include "views/verify/compare_rows.h"
#include "views/verify/row_words.h"

namespace entente::cli {
namespace {

constexpr const char* kAbout = R"(Examples:
  entente verify views
  entente verify views --scratch /var/tmp
  entente verify views --json

Folds the log anew, in a scratch directory, up to where the views stand, and holds every stored row
against it. Either each is what the log says: "proved at position N", with the log's chain hash; or
the first row that differs is named, with both values, and the exit code is 5.

It may run beside running services: the projector hands it the rows it has stored, of one position,
as it does for a replica, and goes on working; ingest hands it the log. Where none runs, the data
directory is read and nothing in it is written.)";

struct VerifyOptions {
  std::string scratch;
};

// Rows that are gone while they are read (the projector keeps them for 30 seconds) are asked for
// again: by then the fold has come closer.
constexpr int kAttempts = 5;

Status CheckComparable(const StoredRows::About& stored) {
  const std::uint32_t ours = views::ProjectionRules::BuiltIn().version;
  if (stored.projection_version == ours) return {};
  return Fail(Reason::kStoreFormat, "", stored.generation,
              fmt::format("these views are of projection version {} and this program makes version "
                          "{}; verify them with a program of theirs, or see what this one would "
                          "change with: entente rebuild --dry-run",
                          stored.projection_version, ours));
}

Result<v1::ViewsVerdict> Compare(StoredRows& stored, views::Refold& refold, Progress* progress,
                                 const std::function<bool()>& stop) {
  const StoredRows::About& about = stored.about();
  if (refold.store().checkpoint() != about.at) {
    return Fail(Reason::kLogDiverged, "", about.generation,
                fmt::format("the views stand at position {} of another log than this one",
                            about.at.position.value()));
  }
  const auto snapshot = refold.store().TakeSnapshot();
  auto compared = views::CompareRows(stored, *views::RowsOf(*snapshot), [&](std::uint64_t rows) {
    progress->Show(rows, 0, 0);
    return !stop();
  });
  if (!compared) return Fail(std::move(compared).error());
  v1::ViewsVerdict verdict;
  verdict.set_generation(about.generation);
  verdict.set_projection_version(about.projection_version);
  verdict.mutable_at()->set_position(about.at.position.value());
  verdict.mutable_at()->set_hash(std::string(log::BytesOf(about.at.hash)));
  verdict.set_rows(compared->stored.rows);
  verdict.set_parked(refold.parked().size());
  if (!compared->difference) {
    verdict.set_digest(std::string(log::BytesOf(compared->stored.sha256)));
    return verdict;
  }
  const auto words = views::InWords(*compared->difference);
  v1::ViewsVerdict::Difference& difference = *verdict.mutable_first_difference();
  difference.set_key(compared->difference->key);
  difference.set_row(words.key);
  difference.set_stored(words.stored);
  difference.set_folded(words.folded);
  return verdict;
}

Result<v1::ViewsVerdict> Verify(Session& session, const VerifyOptions& options) {
  Interrupts interrupts;
  const auto stop = [&] { return interrupts.Came(); };
  auto scratch = ScratchDirectory::Make(options.scratch);
  if (!scratch) return Fail(std::move(scratch).error());
  auto refold = views::Refold::Begin(scratch->path() / "refold");
  if (!refold) return Fail(std::move(refold).error());
  for (int attempt = 1;; ++attempt) {
    Progress progress(session.error_is_terminal());
    // Once to learn how far to fold, while the projector need not keep anything; then for good.
    auto stored = OpenStoredRows(session);
    if (stored) {
      if (Status fits = CheckComparable((*stored)->about()); !fits) return Fail(fits.error());
      const Position until = (*stored)->about().at.position;
      stored->reset();
      if (Status folded = FoldUpTo(session, until, &progress, &*refold, stop); !folded) {
        return Fail(std::move(folded).error());
      }
      stored = OpenStoredRows(session);
    }
    if (!stored) return Fail(std::move(stored).error());
    const Position until = (*stored)->about().at.position;
    if (Status folded = FoldUpTo(session, until, &progress, &*refold, stop); !folded) {
      return Fail(std::move(folded).error());
    }
    auto verdict = Compare(**stored, *refold, &progress, stop);
    if (verdict || verdict.error().reason != Reason::kNotFound || attempt == kAttempts) {
      return verdict;
    }
  }
}

std::string InWords(const v1::ViewsVerdict& verdict) {
  if (!verdict.has_first_difference()) {
    return fmt::format(
        "Proved at position {}: {} rows of {} are what the log says, each of them.\n"
        "  chain of the log there   {}\n"
        "  digest of the rows       {}\n"
        "  projection version       {}\n"
        "  events parked            {}\n",
        verdict.at().position(), verdict.rows(), verdict.generation(),
        log::Hex(verdict.at().hash()), log::Hex(verdict.digest()), verdict.projection_version(),
        verdict.parked());
  }
  const auto& difference = verdict.first_difference();
  return fmt::format(
      "The views of {} at position {} are not what the log says. The first row that differs, "
      "behind "
      "{} that do not:\n"
      "  row      {}\n"
      "  stored   {}\n"
      "  folded   {}\n"
      "Put them right with: entente rebuild\n",
      verdict.generation(), verdict.at().position(), verdict.rows(), difference.row(),
      difference.stored(), difference.folded());
}

ExitCode RunVerifyViews(const VerifyOptions& options, Session& session) {
  const auto verdict = Verify(session, options);
  if (!verdict) return session.Complain(verdict.error());
  session.json() ? session.PrintJson(*verdict) : session.Print(InWords(*verdict));
  return verdict->has_first_difference() ? ExitCode::kDamaged : ExitCode::kDone;
}

}  // namespace

void AddVerify(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("verify", "Prove that the views are what the log says");
  command->require_subcommand(1);
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* views = command->add_subcommand("views", "Fold the log anew and compare every row");
  views
      ->add_option("--scratch", options->scratch, "Where to fold; default: the temporary directory")
      ->type_name("DIR");
  views->footer(kAbout);
  views->callback([options, chosen] {
    *chosen = [options](Session& session) { return RunVerifyViews(*options, session); };
  });
}

}  // namespace entente::cli
