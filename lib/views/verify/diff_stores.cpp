#include "views/verify/diff_stores.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "views/answers/meeting_diff.h"
#include "views/meetings/meetings.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

constexpr std::uint64_t kAskEvery = 1 << 12;

Result<v1::Meeting> MeetingOf(std::string_view key, std::string_view value) {
  v1::Meeting meeting;
  if (meeting.ParseFromArray(value.data(), static_cast<int>(value.size()))) return meeting;
  return Fail(Reason::kStoreDamaged, "", std::string(key.substr(1)),
              "the row of this meeting is none");
}

// The meetings among the rows of a stream. Asks `go_on` on its way to them, too.
class MeetingRows {
 public:
  MeetingRows(RowStream& rows, const std::function<bool()>& go_on) : rows_(rows), go_on_(go_on) {}

  const std::optional<StoredRow>& row() const { return row_; }
  Status Next() {
    do {
      if (++read_ % kAskEvery == 0 && !go_on_()) {
        return Fail(Reason::kStopping, "", "", "the comparison was stopped");
      }
      auto row = rows_.Next();
      if (!row) return Fail(std::move(row).error());
      row_ = *std::move(row);
    } while (row_ && row_->key < first_);
    if (row_ && !IsMeetingKey(row_->key)) row_.reset();
    return {};
  }

 private:
  RowStream& rows_;
  const std::function<bool()>& go_on_;
  const std::string first_ = Key(View::kMeeting).bytes();
  std::optional<StoredRow> row_;
  std::uint64_t read_ = 0;
};

}  // namespace

Result<std::uint64_t> DiffStores(RowStream& before, const Snapshot& after, Day today,
                                 const domain::PartyRegistry& parties,
                                 const domain::Vocabulary& vocabulary,
                                 const std::function<void(v1::MeetingDiff)>& visit,
                                 const std::function<bool()>& go_on) {
  const auto tell = [&](const std::string& id, const v1::Meeting* was, const v1::Meeting* is) {
    auto diff = DiffMeetings(id, was, is, today, parties, vocabulary);
    if (diff) visit(*std::move(diff));
  };
  MeetingRows old(before, go_on);
  if (Status read = old.Next(); !read) return Fail(std::move(read).error());
  const std::string prefix = Key(View::kMeeting).bytes();
  const auto now = after.Range(prefix, EndOf(prefix));
  std::uint64_t meetings = 0;
  while (old.row() || now->Valid()) {
    const bool has_old = old.row() && (!now->Valid() || old.row()->key <= now->key());
    const bool has_now = now->Valid() && (!old.row() || now->key() <= old.row()->key);
    std::optional<v1::Meeting> was, is;
    if (!has_old || !has_now || old.row()->value != now->value()) {
      if (has_old) {
        auto read = MeetingOf(old.row()->key, old.row()->value);
        if (!read) return Fail(std::move(read).error());
        was = *std::move(read);
      }
      if (has_now) {
        auto read = MeetingOf(now->key(), now->value());
        if (!read) return Fail(std::move(read).error());
        is = *std::move(read);
      } else {
        // It may have become another's.
        is = FindMeeting(after, SurvivorOf(after, was->id()));
      }
      tell(was ? was->id() : is->id(), was ? &*was : nullptr, is ? &*is : nullptr);
    }
    if (has_now) {
      ++meetings;
      now->Next();
    }
    if (!has_old) continue;
    if (Status read = old.Next(); !read) return Fail(std::move(read).error());
  }
  if (Status read = now->status(); !read) return Fail(std::move(read).error());
  return meetings;
}

}  // namespace entente::views
