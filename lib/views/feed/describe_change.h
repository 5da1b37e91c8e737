// A change with what a person needs to understand it, re-folded from its subject's reports.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>

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

// Describes changes one after the other. Keeps the reports of the components it has read, for a
// page often holds several changes of one meeting.
class ChangeReader {
 public:
  explicit ChangeReader(const AnswerContext& context)
      : context_(context), sources_(context.snapshot) {}

  // Of a meeting; nothing for another subject.
  std::optional<BeforeAndAfter> FoldAround(const v1::Change& change);
  // `states` as FoldAround gave them. `matched` is left to the caller. `with_meeting`: the meeting
  // after the change, with the reports that it cites, its status as of `today`.
  v1::DescribedChange Describe(const v1::Change& change, std::optional<BeforeAndAfter> states,
                               bool with_meeting, Day today);

 private:
  const ComponentReports& ComponentOf(const std::string& subject);
  std::optional<v1::Report> ReportOf(const v1::Change& change);

  const AnswerContext& context_;
  SourceReader sources_;
  std::map<std::string, ComponentReports> components_;
};

}  // namespace entente::views
