// The newest deltas on the disk, for replicas that were away for longer than the ring reaches, or
// while the projector was.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include "log/log.h"
#include "services/projector/delta_ring.h"

namespace entente::projector {

// A chain of deltas as in the ring, in files that are named after the position they begin at:
//
//     deltas/g1/00000000000000000000.deltas      [head of a record, 96 bytes][delta] …
//     deltas/g1/00000000000000104551.deltas
//
// A delta is written here before its rows are written to the store, so that after a kill the chain
// reaches the store's checkpoint or beyond; what lies beyond is cut off. Nothing is synced: after a
// power cut the chain may not reach it, and is thrown away. It is derived; whoever cannot be served
// from it reads a checkpoint, and a disk that refuses costs no more than that. Bounded in bytes:
// the oldest file goes first. One thread.
class DeltaFiles {
 public:
  struct Limits {
    std::size_t file_bytes = 16U << 20;
    std::size_t bytes = 256U << 20;
  };

  // Keeps what is in `directory` as far as it ends at `head`, the store's checkpoint.
  DeltaFiles(std::filesystem::path directory, const log::ChainPoint& head, Limits limits);

  // Somebody has asked for deltas, in this run or the one before: from now on they are kept.
  bool wanted() const { return wanted_; }
  void Want();

  const log::ChainPoint& head() const { return head_; }
  // From the end of the chain to `to`.
  void Add(const log::ChainPoint& to, std::string_view delta);
  // The rows up to `to` are not here: whoever is below reads a checkpoint.
  void Skip(const log::ChainPoint& to);

  // As the ring's; kNothingYet only at the end of the chain.
  DeltaRing::Reading ReadAfter(const log::ChainPoint& at, std::size_t max_bytes);

 private:
  struct Link {
    log::ChainPoint from;
    log::ChainPoint to;
    std::uint64_t file = 0;    // the position in its name
    std::uint64_t offset = 0;  // of the record
    std::uint64_t bytes = 0;   // of the delta
  };

  std::filesystem::path PathOf(std::uint64_t file) const;
  void Load();
  // Records of one file, as long as each goes on where the one before ended.
  void LoadFile(std::uint64_t file);
  // Drops all behind the last link that ends at the head.
  void CutAtHead();
  void StartFile();
  void Forget();
  DeltaBytes Read(const Link& link) const;

  const std::filesystem::path directory_;
  const Limits limits_;
  log::ChainPoint head_;
  std::deque<Link> links_;  // to of one is from of the next
  std::uint64_t bytes_ = 0;
  std::ofstream out_;  // the last file; closed until something is to be written
  std::uint64_t out_file_ = 0;
  std::uint64_t out_bytes_ = 0;
  bool wanted_ = false;
};

}  // namespace entente::projector
