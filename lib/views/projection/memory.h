// What projecting keeps from one batch to the next, so as not to read and fold again what the last
// batch left: a cache, which only ever says what the rows say.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "log/chain_point.h"
#include "views/horizon/horizon.h"
#include "views/postings/postings.h"
#include "views/projection/component.h"
#include "views/recorded/recorded.h"
#include "views/sources/sources.h"
#include "views/terms/terms.h"

namespace entente::views {

// Components by each of their streams.
class Components {
 public:
  // The component that a stream belongs to, read where it is not at hand.
  std::shared_ptr<Component> Of(const std::string& stream, const Snapshot& views,
                                const Registries& registries);
  // Stands for all of its streams from now on.
  void Put(const std::shared_ptr<Component>& component);
  // Ends a batch: forgets those not asked for lately where all together take more than this.
  void Trim(std::size_t bytes_max);

 private:
  // About the most that a component grows by between two times it is asked for.
  static constexpr std::size_t kGrowth = 16U << 10;

  std::unordered_map<std::string, std::shared_ptr<Component>> by_stream_;
  std::uint64_t batch_ = 1;
  std::size_t bytes_ = 0;    // when they were counted last
  std::uint64_t asked_ = 0;  // since then
};

struct Memory {
  // Which rows it knows of.
  log::ChainPoint at;
  std::string generation;

  Components components;
  TermCounts counts;
  OpenPostings postings;
  SourceNumbers sources;
  HorizonCount horizon;
  RecordedTimes recorded;
};

}  // namespace entente::views
