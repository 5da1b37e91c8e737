// Errors as values: what, where, and what to do next.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "values/error_catalogue.h"
#include "values/position.h"

namespace entente {

// One fault. `reason` decides code and whether a retry can help (errors.toml); the rest says what
// it is about. Made where the fault is found, with the most exact field known there; callers put
// their own path in front with At().
struct [[nodiscard]] Error {
  Reason reason = Reason::kInternal;
  std::string field;    // path such as `meeting_postponed.old_date.edtf`; a file; a key
  std::string value;    // what was found there
  std::string message;  // a sentence for a person; empty: the catalogue's
  std::optional<Position> position;      // for conflicts
  std::vector<std::string> suggestions;  // nearest known words

  // The same fault with `prefix` in front of its field: At("events[3]").
  Error At(std::string_view prefix) &&;
  // "PARTY_UNKNOWN at events[3].meeting.parties[0].name: …; try JP, …"
  std::string ToString() const;
};

// All faults of one request, in the order of docs/errors.md.
using Errors = std::vector<Error>;

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

// return Fail(Reason::kDateInvalid, "date.edtf", text, "column 6: month 13");
tl::unexpected<Error> Fail(Reason reason, std::string field, std::string value,
                           std::string message);
inline tl::unexpected<Error> Fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

// The catalogue's entry; every Reason has one.
const CatalogueEntry& Describe(Reason reason);
// By its name (PARTY_UNKNOWN) or number; nullptr if there is none.
const CatalogueEntry* FindReason(std::string_view name_or_number);

}  // namespace entente
