// What projecting keeps from one batch to the next, so as not to read and fold again what the last
// batch left: a cache, which only ever says what the rows say.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "log/chain_point.h"
#include "views/horizon/horizon.h"
#include "views/postings/postings.h"
#include "views/projection/component.h"
#include "views/recorded/recorded.h"
#include "views/rows/seen_keys.h"
#include "views/sources/sources.h"
#include "views/terms/terms.h"

namespace entente::views {

// Components by each of their streams.
class Components {
 public:
  // What they are made for: Stage::kGathering or kWhole. `from_the_beginning`: no row was there
  // before the first that they are asked for.
  Components(Stage stage, bool from_the_beginning) : stage_(stage) {
    if (from_the_beginning) seen_.emplace();
  }

  // The component that a stream belongs to, read where it is not at hand.
  std::shared_ptr<Component> Of(const std::string& stream, const Snapshot& views,
                                const Registries& registries);
  // Stands for all of its streams from now on.
  void Put(const std::shared_ptr<Component>& component);
  using Forgotten = std::vector<std::shared_ptr<Component>>;
  // Ends a batch: forgets those not asked for lately where all together take more than this.
  Forgotten Trim(std::size_t bytes_max);

 private:
  // About the most that a component grows by between two times it is asked for.
  static constexpr std::size_t kGrowth = 16U << 10;

  Component Read(const std::string& stream, const Snapshot& views, const Registries& registries);

  Stage stage_;
  std::optional<SeenKeys> seen_;  // streams
  std::unordered_map<std::string, std::shared_ptr<Component>> by_stream_;
  std::uint64_t batch_ = 1;
  std::size_t bytes_ = 0;    // when they were counted last
  std::uint64_t asked_ = 0;  // since then
};

struct Memory {
  // Of rows that `stage` is to be made of, and that stand as those of `before` do.
  Memory(const Snapshot& before, Stage stage)
      : at(before.taken()),
        generation(before.generation()),
        stage(stage),
        components(stage, at.position == Position()),
        sources(at.position == Position()) {
    if (at.position == Position()) acted_on.emplace();
  }

  // Which rows it knows of.
  log::ChainPoint at;
  std::string generation;
  Stage stage;

  // Ids of events that were acted on; nullopt: only the rows know.
  std::optional<std::unordered_set<std::string>> acted_on;
  Components components;
  TermCounts counts;
  OpenPostings postings;
  SourceNumbers sources;
  HorizonCount horizon;
  RecordedTimes recorded;
};

}  // namespace entente::views
