// Makes one run of several, a little at a time, so that no hand-over waits for all of it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "log/run.h"
#include "values/error.h"

namespace entente::log {

// Of a key that several runs have, what the newest says stays. One thread. STORE_IO, STORE_DAMAGED.
class RunMerge {
 public:
  // `runs` from the oldest to the newest.
  static Result<RunMerge> Begin(rocksdb::Env& env, std::vector<std::shared_ptr<const Run>> runs,
                                std::filesystem::path path);

  // Goes on by about so many entries. True: the new run is whole and synced.
  Result<bool> Step(std::uint64_t entries);

 private:
  template <class Entry>
  struct Part {
    explicit Part(const std::vector<std::shared_ptr<const Run>>& runs);
    // False: nothing is left.
    Result<bool> Step(std::uint64_t* entries, RunWriter* writer);

    struct Source {
      RunWalk<Entry> walk;
      bool valid = false;
    };
    std::vector<Source> sources;
    bool begun = false;
  };

  RunMerge(std::vector<std::shared_ptr<const Run>> runs, RunWriter writer);

  std::vector<std::shared_ptr<const Run>> runs_;
  RunWriter writer_;
  Part<IdPlace> ids_;
  Part<StreamPlace> places_;
  Part<StreamEnd> ends_;
};

}  // namespace entente::log
