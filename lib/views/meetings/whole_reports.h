// Reports as answers show them, with their sources, kept for the next answer: a page cites
// hundreds, and to look up their rows is most of what it takes.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "views/store/lately_asked.h"
#include "views/view_store.h"

namespace entente::views {

// Of one store: a report and its source never change in it once they are written. Changes no answer
// but the time it takes, and how many rows it examines. Thread-safe.
class WholeReports {
 public:
  using ReportPtr = std::shared_ptr<const v1::Report>;

  // Those kept beside a snapshot's store; nullptr where nothing is kept.
  static std::shared_ptr<WholeReports> Of(const Snapshot& snapshot);

  // Holds about so many bytes.
  explicit WholeReports(std::size_t bytes_max) : reports_(bytes_max) {}

  // By the keys of their rows, in their order; nullptr: it is not here.
  std::vector<ReportPtr> Find(std::span<const std::string> keys);
  // With its source, and without a fate: that is a meeting's to say.
  void Keep(std::string key, ReportPtr report);

 private:
  std::mutex mutex_;
  LatelyAsked<ReportPtr> reports_;
};

}  // namespace entente::views
