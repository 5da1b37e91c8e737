// Where a page ended, as opaque bytes that only the same question takes back.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "entente/v1/query.pb.h"
#include "values/error.h"

namespace entente::views {

// What a token says, packed by its question.
//
//     [digest of the question, 8 bytes][payload]
std::string MakePageToken(const google::protobuf::MessageLite& question, std::string payload);
// PAGE_TOKEN_INVALID where the token was given out for another question, or is none.
Result<std::string> ReadPageToken(const google::protobuf::MessageLite& question,
                                  const std::string& token);

// What a token is bound to: the question without where and how much of its answer is read, and
// whether totals are told, which only one page needs to.
template <class Request>
Request Bound(const Request& request) {
  Request bound = request;
  bound.clear_page_token();
  bound.clear_page_size();
  bound.mutable_context()->clear_at_least_position();
  if constexpr (requires { bound.clear_with_counts(); }) bound.clear_with_counts();
  return bound;
}

// 0: the default of 50; at most 1,000. MESSAGE_TOO_LARGE.
Result<std::uint32_t> PageSize(std::uint32_t asked);

}  // namespace entente::views
