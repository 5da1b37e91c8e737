// A change with what a person needs to understand it, re-folded from its subject's reports.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/query.pb.h"
#include "views/answer.h"
#include "views/meetings/component_fold.h"
#include "views/sources/sources.h"

namespace entente::views {

// A meeting just before and just after a change; empty where it did not exist.
struct BeforeAndAfter {
  v1::Meeting before;
  v1::Meeting after;
};

// A change with what a filter may ask beside its terms.
struct SeenChange {
  v1::Change change;
  std::optional<v1::Report> report;      // the one that caused it, with its source's number only
  std::optional<BeforeAndAfter> states;  // nothing of a subject that is no meeting
  // Of a correction or retraction: the states around the report that it takes back, then around
  // the one that that one took back, and so on. Who was told of those is told of this.
  std::vector<BeforeAndAfter> told;
};

// Sees and describes changes one after the other. Keeps the reports of the components it has read,
// for a page often holds several changes of one meeting.
class ChangeReader {
 public:
  explicit ChangeReader(const AnswerContext& context);

  SeenChange See(const v1::Change& change);
  // `matched` is left to the caller. `with_meeting`: the meeting after the change, with the reports
  // that it cites, its status as of `today`.
  v1::DescribedChange Describe(SeenChange seen, bool with_meeting, Day today);
  // How many reports were read and folded until now; a fold of few counts for some more.
  std::uint64_t reports() const { return reports_; }

 private:
  const ComponentReports& ComponentOf(const std::string& subject);
  BeforeAndAfter FoldAround(const std::string& id, const std::string& of, Position position);
  std::optional<v1::Report> ReportOf(const v1::Change& change);

  const AnswerContext& context_;
  SourceReader sources_;
  std::shared_ptr<FoldCache> folds_;
  std::map<std::string, ComponentReports> components_;
  std::uint64_t reports_ = 0;
};

}  // namespace entente::views
