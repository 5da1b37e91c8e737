// How a subscription goes on, whatever happened to the connection: what to ask for, what to pass
// on, what to grant. No sockets, no clock.
//
//     session 1:  1 2 3 4 ✗            (lost)
//     session 2:          request {after: covered_to of 4}   1 2 3 …
#pragma once

#include <cstdint>
#include <optional>

#include "entente/v1/subscription.pb.h"
#include "values/error.h"
#include "values/position.h"

namespace entente::client {

class Resumption {
 public:
  explicit Resumption(v1::SubscribeRequest request);

  // The request that opens the next session: the first time as given, later after all that was
  // covered. A group's place is the server's to know, so its request stays as it is.
  v1::SubscribeRequest OpenSession();

  enum class Next {
    kPassOn,     // give it to the reader
    kSkip,       // a heartbeat, or what was passed on before
    kPassOnEnd,  // give it to the reader, then open a new session
    kReopen,     // messages are missing: open a new session
  };
  Next Take(const v1::SubscriptionMessage& message);

  // Changes to grant now; 0 while less than half of the credit is used up.
  std::uint32_t TakeGrant();

  // Seconds of silence after which either side gives the other up.
  std::uint32_t lease_s() const;
  // Something was received, at any time.
  bool met() const { return met_; }

 private:
  const v1::SubscribeRequest request_;
  const std::uint32_t credit_;
  std::optional<Cursor> covered_;
  std::optional<Cursor> delivered_;
  std::uint64_t number_ = 0;  // of the last message of this session
  std::uint32_t used_ = 0;    // credit used and not granted again
  bool met_ = false;
};

// True for errors of a session that a new session can cure.
bool MayResume(const Errors& errors);

}  // namespace entente::client
