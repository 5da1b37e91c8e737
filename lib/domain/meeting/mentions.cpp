#include "domain/meeting/mentions.h"

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "domain/dates/uncertain_date.h"

namespace entente::domain {

namespace {

using Run = v1::MentionRun;

// CAMEO event codes (Schrodt 2012, CAMEO codebook 1.1b3, chapter 2).
Run::Sense SenseOf(std::string_view code) {
  static const std::map<std::string_view, Run::Sense> kSenses = {
      {"036", Run::plan},  {"040", Run::talks}, {"041", Run::call},  {"042", Run::visit},
      {"043", Run::visit}, {"044", Run::visit}, {"045", Run::talks}, {"046", Run::talks}};
  const auto sense = kSenses.find(code.substr(0, 3));
  return sense == kSenses.end() ? Run::unspecified : sense->second;
}

struct Row {
  Bounds days;
  const Said* said = nullptr;
};

void Close(const std::vector<Row>& rows, Run::Sense sense, v1::Subject& subject) {
  Run& run = *subject.add_runs();
  run.set_sense(sense);
  std::map<Day, std::uint32_t> weights;
  std::set<std::string> coders;
  std::set<std::string> codes;
  std::set<std::uint32_t> said_by;
  Day last = rows.front().days.latest;
  for (const Row& row : rows) {
    const v1::MentionRecorded& mention = row.said->facts->mention_recorded();
    weights[row.days.earliest] += std::max(mention.weight(), 1U);
    coders.insert(mention.coder());
    codes.insert(mention.code());
    said_by.insert(row.said->spoken_by);
    last = std::max(last, row.days.latest);
  }
  const auto most =
      std::ranges::max_element(weights, {}, [](const auto& day) { return day.second; });
  run.set_first(rows.front().days.earliest.Iso());
  run.set_last(last.Iso());
  run.set_most_named(most->first.Iso());
  run.set_days(static_cast<std::uint32_t>(weights.size()));
  run.set_rows(static_cast<std::uint32_t>(rows.size()));
  for (const auto& [day, weight] : weights) run.set_weight(run.weight() + weight);
  for (const auto& coder : coders) run.add_coders(coder);
  for (const auto& code : codes) run.add_codes(code);
  // Highest-ranked first, as everywhere; reports are numbered from the lowest.
  run.mutable_said_by()->Assign(said_by.rbegin(), said_by.rend());
}

}  // namespace

void FoldMentions(const std::vector<const Said*>& speaking, v1::Subject& subject) {
  std::map<Run::Sense, std::vector<Row>> by_sense;
  for (const Said* said : speaking) {
    if (!said->facts->has_mention_recorded()) continue;
    const v1::MentionRecorded& mention = said->facts->mention_recorded();
    const Run::Sense sense = SenseOf(mention.code());
    const auto day = UncertainDate::Parse(mention.day());
    if (sense == Run::unspecified || !day || !day->bounds().earliest.finite()) continue;
    if (!day->bounds().latest.finite()) continue;
    by_sense[sense].push_back({day->bounds(), said});
  }
  for (auto& [sense, rows] : by_sense) {
    std::ranges::stable_sort(
        rows, {}, [](const Row& row) { return std::pair(row.days.earliest, row.days.latest); });
    std::vector<Row> run;
    Day reaches;
    for (const Row& row : rows) {
      if (!run.empty() && row.days.earliest > reaches.PlusDays(kMentionGapDays)) {
        Close(run, sense, subject);
        run.clear();
      }
      reaches = run.empty() ? row.days.latest : std::max(reaches, row.days.latest);
      run.push_back(row);
    }
    if (!run.empty()) Close(run, sense, subject);
  }
  std::ranges::stable_sort(*subject.mutable_runs(), {}, [](const Run& run) {
    return std::tuple(std::string_view(run.first()), std::string_view(run.last()), run.sense());
  });
}

}  // namespace entente::domain
