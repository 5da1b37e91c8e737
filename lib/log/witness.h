// A small file beside the log that says how far it was once known to be durable.
//
// It is rewritten after each sync and not synced itself: what it says is true, but it may say less
// than the truth, or nothing. So it can convict a log of having lost events, never acquit it.
#pragma once

#include <filesystem>
#include <optional>

#include "log/chain_point.h"
#include "values/error.h"

namespace entente::log {

class Witness {
 public:
  // What the file says; nullopt if it is missing, torn or of another format.
  static std::optional<ChainPoint> Read(const std::filesystem::path& path);

  // Opens or creates the file for writing. STORE_IO.
  static Result<Witness> Open(const std::filesystem::path& path);
  // A failure is of no consequence: there is less evidence then.
  void Write(const ChainPoint& durable) const;

  Witness(Witness&& other) noexcept;
  Witness& operator=(Witness&& other) noexcept;
  Witness(const Witness&) = delete;
  Witness& operator=(const Witness&) = delete;
  ~Witness();

 private:
  explicit Witness(int file) : file_(file) {}
  int file_ = -1;
};

}  // namespace entente::log
