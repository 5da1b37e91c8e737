// One component while it is projected: its reports decoded, their fold, and what of it stands in
// the rows.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/meeting/fold.h"
#include "views/claimed/claimed.h"
#include "views/meetings/component_fold.h"
#include "views/rows/draft.h"
#include "views/terms/terms.h"

namespace entente::views {

struct Registries {
  const domain::PartyRegistry& parties;
  const domain::Vocabulary& vocabulary;
};

class Component {
 public:
  // As its rows say. `streams` sorted; those of a new component have no reports yet.
  static Component Read(const Snapshot& views, std::vector<std::string> streams,
                        const Registries& registries);
  // What becomes of several that a report connects, with the rows that stand of each of them; not
  // yet folded.
  static Component Join(const std::vector<const Component*>& parts, const Registries& registries);

  // The report lies under this stream, one of the component's. Fold afterwards.
  void Add(const std::string& stream, const v1::Report& report, const Registries& registries);
  // Takes back what was added last. Of a component of one stream only.
  void TakeBack(const Registries& registries);
  // The fold of what was added.
  domain::FoldedComponent Fold(const Registries& registries) const {
    return FoldToRows(reports_, registries.parties, registries.vocabulary);
  }
  void SetFold(domain::FoldedComponent fold) { fold_ = std::move(fold); }

  const std::vector<std::string>& streams() const { return reports_.streams; }
  const domain::FoldedComponent& fold() const { return fold_; }
  // Roughly, in memory.
  std::size_t bytes() const { return bytes_; }

  // Brings the rows to the state of the fold. `views` as they stood when the counts were flushed.
  void Flush(const Snapshot& views, TermCounts* counts, Draft* draft);

  bool changed = false;         // to be flushed at the end of the batch
  std::uint64_t used_last = 0;  // the batch in which it was last asked for

 private:
  void NoteStored();
  RowMap Rows() const;
  std::map<std::string, ListedTerms> Listed() const;

  ComponentReports reports_;
  std::map<std::string, StreamClaims> claims_;  // by stream
  domain::FoldedComponent fold_;
  // As they stand; of rows that each report changes only the keys.
  RowMap stored_;
  std::map<std::string, ListedTerms> counted_;  // by meeting
  std::size_t bytes_ = 0;
};

}  // namespace entente::views
