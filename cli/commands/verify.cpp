#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>

#include "cli/beside_refold.h"
#include "cli/commands/commands.h"
#include "views/verify/compare_rows.h"
#include "views/verify/row_words.h"

namespace entente::cli {
namespace {

constexpr const char* kAbout = R"(Examples:
  entente verify views
  entente verify views --scratch /var/tmp
  entente verify views --json

Folds the log anew, in a scratch directory, up to where the views stand, and holds every stored row
against it. The log is checked on the way: its chain, and what each event says against it. Either each is what the log says: "proved at position N", with the log's chain hash; or
the first row that differs is named, with both values, and the exit code is 5.

It may run beside running services: the projector hands it the rows it has stored, of one position,
as it does for a replica, and goes on working; ingest hands it the log. Where none runs, the data
directory is read and nothing in it is written.)";

struct VerifyOptions {
  std::string scratch;
};

Status CheckComparable(const StoredRows::About& stored) {
  const std::uint32_t ours = views::ProjectionRules::BuiltIn().version;
  if (stored.projection_version == ours) return {};
  return Fail(Reason::kStoreFormat, "", stored.generation,
              fmt::format("these views are of projection version {} and this program makes version "
                          "{}; verify them with a program of theirs, or see what this one would "
                          "change with: entente rebuild --dry-run",
                          stored.projection_version, ours));
}

Status Compare(BesideRefold& both, v1::ViewsVerdict* verdict) {
  const StoredRows::About& about = both.stored.about();
  const auto snapshot = both.refold.store().TakeSnapshot();
  auto compared =
      views::CompareRows(both.stored, *views::RowsOf(*snapshot), [&](std::uint64_t rows) {
        both.progress.Show(rows, 0, 0);
        return !both.stop();
      });
  if (!compared) return Fail(std::move(compared).error());
  verdict->set_generation(about.generation);
  verdict->set_projection_version(about.projection_version);
  verdict->mutable_at()->set_position(about.at.position.value());
  verdict->mutable_at()->set_hash(std::string(log::BytesOf(about.at.hash)));
  verdict->set_rows(compared->stored.rows);
  verdict->set_parked(both.refold.parked().size());
  if (!compared->difference) {
    verdict->set_digest(std::string(log::BytesOf(compared->stored.sha256)));
    return {};
  }
  const auto words = views::InWords(*compared->difference);
  v1::ViewsVerdict::Difference& difference = *verdict->mutable_first_difference();
  difference.set_key(compared->difference->key);
  difference.set_row(words.key);
  difference.set_stored(words.stored);
  difference.set_folded(words.folded);
  return {};
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
  v1::ViewsVerdict verdict;
  const Status compared =
      CompareBesideRefold(session, options.scratch, CheckComparable,
                          [&](BesideRefold& both) { return Compare(both, &verdict); });
  if (!compared) return session.Complain(compared.error());
  session.json() ? session.PrintJson(verdict) : session.Print(InWords(verdict));
  return verdict.has_first_difference() ? ExitCode::kDamaged : ExitCode::kDone;
}

}  // namespace

void AddVerify(CLI::App& app, Run* chosen) {
  CLI::App* command = app.add_subcommand("verify", "Prove that the views are what the log says");
  command->require_subcommand(1);
  command->footer("Examples:\n  entente verify views");
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
