#include "views/sources/sources.h"

#include "log/digest.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

constexpr std::size_t kDigestBytes = 16;

std::string NumberKey(std::uint32_t number) { return Key(View::kSource).U32(number).bytes(); }

std::uint32_t LastNumber(const Snapshot& snapshot) {
  const std::string prefix = Key(View::kSource).bytes();
  const auto last = snapshot.RangeBackwards(prefix, EndOf(prefix));
  return last->Valid() ? KeyReader(last->key()).Skip(1).U32() : 0;
}

}  // namespace

std::uint32_t InternSource(const v1::Source& source, Draft* draft) {
  v1::Source document = source;
  document.clear_locator();
  std::string bytes = document.SerializeAsString();
  const log::Digest digest = log::Sha256().Of(bytes);
  std::string by_digest =
      Key(View::kSourceNumber).Fixed(log::BytesOf(digest).substr(0, kDigestBytes)).bytes();
  if (const auto known = draft->Get(by_digest)) return KeyReader(*known).U32();
  const std::uint32_t number = LastNumber(*draft) + 1;
  draft->Put(std::move(by_digest), PackU64(number).substr(4));
  draft->Put(NumberKey(number), std::move(bytes));
  return number;
}

void SourceReader::Fill(v1::Report* report) {
  if (report->source_id() == 0) return;
  auto [entry, is_new] = read_.try_emplace(report->source_id());
  if (is_new) {
    const auto row = snapshot_.Get(NumberKey(report->source_id()));
    if (row) entry->second.ParseFromString(*row);
  }
  std::string locator = report->source().locator();
  *report->mutable_source() = entry->second;
  report->mutable_source()->set_locator(std::move(locator));
  report->clear_source_id();
  report->clear_publisher();
}

}  // namespace entente::views
