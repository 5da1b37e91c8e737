// What of the tail is new, and where something is missing. No sockets.
//
//     country/JP/   … 17 ── 19 ── 24        each message names the one before it under its prefix:
//                           ╲    ╱          24 says "previous 23", and 19 was the last we saw:
//                            gap            what lies in between is to be asked for
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "entente/v1/subscription.pb.h"
#include "values/position.h"

namespace entente::client {

// A change that belongs to several of the countries listened to comes once for each; it is new the
// first time only.
class TailOrder {
 public:
  // Everything up to `seen` is known.
  TailOrder(const std::vector<std::string>& countries, const Cursor& seen);

  // The last place seen under the prefix, if something behind it and up to `previous` is missing.
  // A prefix that was not asked for has no gaps.
  std::optional<Cursor> GapBefore(const std::string& prefix, const Cursor& previous) const;
  // Not told yet, under any of the prefixes.
  bool IsNew(const v1::Change& change) const;
  // Everything under the prefix up to here is told.
  void Seen(const std::string& prefix, const Cursor& cursor);

  static std::string PrefixOf(const std::string& country) { return "country/" + country + "/"; }

 private:
  std::map<std::string, Cursor> seen_;  // by prefix
};

}  // namespace entente::client
