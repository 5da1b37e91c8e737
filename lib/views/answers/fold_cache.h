// What meetings were as of bounded questions, kept for the next one: the same days are asked about
// again and again, a page at a time, and folding is what takes long in answering.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "domain/meeting/fold.h"
#include "entente/v1/meeting.pb.h"
#include "values/position.h"
#include "views/store/lately_asked.h"

namespace entente::views {

// Changes no answer but the time it takes. Forgets what was not asked for the longest. Thread-safe.
class FoldCache {
 public:
  struct Component {
    std::vector<std::string> streams;
    std::vector<v1::Meeting> meetings;
  };
  using ComponentPtr = std::shared_ptr<const Component>;

  // Everything that a fold turns on.
  struct Then {
    std::string_view generation;
    const domain::AsOf& as_of;  // position and reported day; no recorded time
    // No report on the stream, nor on what hangs together with it, came in between this position
    // and the checkpoint that is read.
    Position told;
    std::string_view stream;
  };

  // Holds about so many bytes.
  explicit FoldCache(std::size_t bytes_max) : components_(bytes_max) {}
  FoldCache(const FoldCache&) = delete;
  FoldCache& operator=(const FoldCache&) = delete;

  // nullptr: it has not been folded, or is forgotten.
  ComponentPtr Find(const Then& then);
  void Keep(const Then& then, ComponentPtr component);

 private:
  std::mutex mutex_;
  LatelyAsked<ComponentPtr> components_;
};

}  // namespace entente::views
