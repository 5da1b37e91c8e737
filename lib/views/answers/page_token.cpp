#include "views/answers/page_token.h"

#include <fmt/format.h>

#include "log/digest.h"

namespace entente::views {
namespace {

constexpr std::size_t kDigestBytes = 8;
constexpr std::uint32_t kDefaultSize = 50;
constexpr std::uint32_t kSizeMax = 1'000;

std::string DigestOf(const google::protobuf::MessageLite& question) {
  const log::Digest digest = log::Sha256().Of(question.SerializeAsString());
  return std::string(log::BytesOf(digest).substr(0, kDigestBytes));
}

}  // namespace

std::string MakePageToken(const google::protobuf::MessageLite& question, std::string payload) {
  return DigestOf(question) + payload;
}

Result<std::string> ReadPageToken(const google::protobuf::MessageLite& question,
                                  const std::string& token) {
  if (token.size() < kDigestBytes || token.compare(0, kDigestBytes, DigestOf(question)) != 0) {
    return Fail(Reason::kPageTokenInvalid, "page_token", "",
                "this token was given out for another question");
  }
  return token.substr(kDigestBytes);
}

Result<std::uint32_t> PageSize(std::uint32_t asked) {
  if (asked > kSizeMax) {
    return Fail(Reason::kMessageTooLarge, "page_size", std::to_string(asked),
                fmt::format("at most {} a page", kSizeMax));
  }
  return asked == 0 ? kDefaultSize : asked;
}

}  // namespace entente::views
