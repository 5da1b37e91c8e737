// One component while it is projected: its reports decoded, their fold, and what of it stands in
// the rows.
#pragma once

#include <google/protobuf/arena.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/meeting/fold.h"
#include "domain/meeting/followed.h"
#include "views/claimed/claimed.h"
#include "views/meetings/component_fold.h"
#include "views/rows/draft.h"
#include "views/terms/terms.h"

namespace entente::views {

struct Registries {
  const domain::PartyRegistry& parties;
  const domain::Vocabulary& vocabulary;
};

// What a report changed about the one meeting of a component; until the next one is followed.
struct News {
  const std::map<std::string, bool>* terms_before = nullptr;
  const std::map<std::string, bool>* terms_after = nullptr;
  std::vector<v1::ChangeType::Value> reasons;
};

class Component {
 public:
  // As its rows say. `streams` sorted; those of a new component have no reports yet.
  static Component Read(const Snapshot& views, std::vector<std::string> streams,
                        const Registries& registries);
  // Of which no row stands. One that is gathered makes none, and knows its reports only.
  static Component New(std::string stream, Stage stage);
  // The same, of streams that were told of.
  static Component Unfolded(const Snapshot& views, std::vector<std::string> streams, Stage stage,
                            const Registries& registries);
  // The same reports, and the rows that stand of them; to be changed apart from this one.
  Component Copy() const;
  // What becomes of several that a report connects, with the rows that stand of each of them.
  static Component Join(const std::vector<const Component*>& parts);

  // A copy of the report that lies beside the others of this component, in few pieces of memory.
  ReportPtr Own(const v1::Report& report);
  // What is news of a report in the only stream, which is to be added next; nullopt where that is
  // to be seen from the folds before and after.
  std::optional<News> Follow(const ReportPtr& report, const Registries& registries);
  // The report lies under this stream, one of the component's. Its row takes so many bytes.
  void Add(const std::string& stream, const ReportPtr& report, std::size_t bytes,
           const Registries& registries);
  // The same of a report's row.
  void AddRow(const std::string& stream, std::string_view row, const Registries& registries);
  // Forgets what was followed; the next report begins anew.
  void Unfollow() { followed_.reset(); }
  // Takes back what was added last. Of a component of one stream only.
  void TakeBack(const Registries& registries);

  const std::vector<std::string>& streams() const { return reports_.streams; }
  // Of what was added; made where it is not at hand.
  const domain::FoldedComponent& Fold(const Registries& registries);
  // Roughly, in memory.
  std::size_t bytes() const { return kBytes + bytes_ + (followed_ ? followed_->bytes() : 0); }

  // Ends a batch that gathers.
  void EndGathering();
  // Brings the rows to the state of the fold. `views` as they stood when the counts were flushed.
  void Flush(const Snapshot& views, const Registries& registries, TermCounts* counts, Draft* draft);

  bool changed = false;         // to be flushed at the end of the batch
  std::uint64_t used_last = 0;  // the batch in which it was last asked for

 private:
  // What one of few reports takes beside them: claims, terms and the rows that stand.
  static constexpr std::size_t kBytes = 4'096;

  bool alone() const { return streams().size() == 1; }
  bool gathers() const { return stage_ == Stage::kGathering; }
  void NoteStored();
  RowMap Rows(const std::map<std::string, ListedTerms>& listed) const;
  std::map<std::string, ListedTerms> Listed() const;

  void AddReportsOf(const Snapshot& views, const Registries& registries);
  v1::Report& NewReport();

  Stage stage_ = Stage::kWhole;
  std::shared_ptr<google::protobuf::Arena> arena_;  // made with the first report of its own
  ComponentReports reports_;
  std::map<std::string, StreamClaims> claims_;  // by stream
  std::optional<domain::FoldedComponent> fold_;
  // Of all reports; made with the first that comes.
  std::optional<domain::Followed> followed_;
  bool cannot_follow_ = false;
  // As they stand; of rows that each report changes only the keys. Claims of a stream alone know
  // by themselves what was written of them.
  RowMap stored_;
  std::map<std::string, ListedTerms> counted_;  // by meeting
  std::size_t bytes_ = 0;
};

}  // namespace entente::views
