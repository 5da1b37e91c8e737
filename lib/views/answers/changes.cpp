#include "views/answer.h"
#include "views/answers/page_token.h"
#include "views/answers/question.h"
#include "views/feed/change_rows.h"
#include "views/feed/read_feed.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string Pack(const Cursor& cursor) {
  return PackU64(cursor.position.value()) + PackU64(cursor.ordinal.value());
}

Result<Cursor> Unpack(const std::string& packed) {
  KeyReader reader(packed);
  Cursor cursor;
  cursor.position = Position(reader.U64());
  cursor.ordinal = Ordinal(static_cast<std::uint16_t>(reader.U64()));
  if (!reader.ok()) return Fail(Reason::kPageTokenInvalid, "page_token", "", "it is cut short");
  return cursor;
}

Result<Cursor> Beginning(const AnswerContext& context, const v1::ChangesRequest& request) {
  if (!request.page_token().empty()) {
    const auto payload = ReadPageToken(Bound(request), request.page_token());
    if (!payload) return Fail(payload.error());
    return Unpack(*payload);
  }
  if (request.since_day().empty()) return EndOfPosition(Position(request.since_position()));
  if (request.since_position() != 0) {
    return Fail(Reason::kQueryInvalid, "since_day", request.since_day(),
                "give a position or a day to begin at, not both");
  }
  auto cursor = CursorAt(context, request.since_day());
  if (!cursor) return Fail(Error(cursor.error()).At("since_day"));
  return cursor;
}

}  // namespace

Result<v1::ChangesReply> Answer(const AnswerContext& context, const v1::ChangesRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kOptional);
  if (!question) return Fail(std::move(question.error()));
  if (question->as_of.reported) {
    return Fail(Reason::kQueryInvalid, "context.as_of.reported",
                request.context().as_of().reported(),
                "changes are in the order in which we learned of them: bound them by position or "
                "by when they were recorded");
  }
  auto filter = FeedFilter::Compile(request.filter(), context.parties, context.vocabulary);
  if (!filter) return Fail(std::move(filter.error()));
  const auto size = PageSize(request.page_size());
  if (!size) return Fail(size.error());
  const auto after = Beginning(context, request);
  if (!after) return Fail(after.error());

  FeedSlice slice;
  slice.after = *after;
  slice.until =
      EndOfPosition(question->as_of.position.value_or(context.snapshot.checkpoint().position));
  slice.limit = *size;
  slice.with_meeting = true;
  if (!request.context().today().empty()) slice.today = question->today;

  v1::ChangesReply reply;
  std::uint64_t rows_examined = 0;
  while (true) {
    auto page = ReadFeedSlice(context, *filter, slice);
    if (!page) return Fail(std::move(page.error()));
    rows_examined += page->rows_examined;
    for (v1::DescribedChange& change : page->changes) *reply.add_changes() = std::move(change);
    reply.set_covered_to(page->covered_to.position.value());
    if (page->at_head) break;
    slice.after = page->covered_to;
    slice.limit = *size - static_cast<std::uint32_t>(reply.changes_size());
    if (slice.limit > 0) continue;
    reply.set_next_page_token(MakePageToken(Bound(request), Pack(page->covered_to)));
    // The rest of this position is on the next page.
    reply.set_covered_to(page->covered_to.position.value() - 1);
    break;
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  reply.mutable_answered()->set_rows_examined(rows_examined);
  return reply;
}

}  // namespace entente::views
