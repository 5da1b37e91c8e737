#include "bench/projecting.h"

#include <algorithm>
#include <chrono>

#include "bench/race.h"
#include "views/generations/growing.h"

namespace entente::bench {

Projected ProjectAll(const log::Log& log, std::uint64_t read_bytes, views::ViewStore& store) {
  using Clock = std::chrono::steady_clock;
  views::Growing growing(views::ProjectionRules::BuiltIn(), store,
                         views::Growing::Read::kOnceItIsWhole);
  Projected all;
  const auto begin = Clock::now();
  ReadAll(log, read_bytes, [&](const std::vector<log::CommitView>& commits) {
    const auto begun = Clock::now();
    auto gathered = Or(growing.Take(commits));
    if (!gathered.parked.empty()) GiveUp(gathered.parked.front().error.ToString());
    (void)Or(growing.Write(std::move(gathered)));
    all.longest_ms = std::max(all.longest_ms, SecondsSince(begun) * 1'000);
  });
  all.gathered_s = SecondsSince(begin);
  while (growing.ToBeFolded()) (void)Or(growing.Fold());
  const double took = SecondsSince(begin);
  all.folded_s = took - all.gathered_s;
  all.rate = static_cast<double>(store.checkpoint().position.value()) / took;
  return all;
}

}  // namespace entente::bench
