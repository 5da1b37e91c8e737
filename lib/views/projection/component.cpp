#include "views/projection/component.h"

#include <set>
#include <utility>

#include "views/following/following.h"
#include "views/meetings/meetings.h"
#include "views/pending/pending.h"
#include "views/reports/reports.h"

namespace entente::views {
namespace {

// What a report takes in memory for each of the bytes of its row.
constexpr std::size_t kBytesPerByte = 5;

}  // namespace

Component Component::Read(const Snapshot& views, std::vector<std::string> streams,
                          const Registries& registries) {
  // Most are new, and a row of a stream that was told of is looked up sooner than none of its
  // reports.
  if (streams.size() == 1 && !ToldOf(views, streams).front()) {
    return New(std::move(streams.front()), Stage::kWhole);
  }
  Component component = Unfolded(views, std::move(streams), Stage::kWhole, registries);
  if (component.reports_.reports.empty()) return component;
  component.Fold(registries);
  component.NoteStored();
  return component;
}

Component Component::New(std::string stream, Stage stage) {
  Component component;
  component.stage_ = stage;
  component.reports_.streams.push_back(std::move(stream));
  return component;
}

Component Component::Unfolded(const Snapshot& views, std::vector<std::string> streams, Stage stage,
                              const Registries& registries) {
  Component component;
  component.stage_ = stage;
  component.reports_.streams = std::move(streams);
  component.AddReportsOf(views, registries);
  return component;
}

void Component::AddReportsOf(const Snapshot& views, const Registries& registries) {
  for (const std::string& stream : streams()) {
    VisitReports(views, stream, [&](std::string_view row) { AddRow(stream, row, registries); });
  }
}

void Component::AddRow(const std::string& stream, std::string_view row,
                       const Registries& registries) {
  v1::Report& report = NewReport();
  report.ParseFromArray(row.data(), static_cast<int>(row.size()));
  Add(stream, ReportPtr(arena_, &report), row.size(), registries);
}

v1::Report& Component::NewReport() {
  if (!arena_) arena_ = std::make_shared<google::protobuf::Arena>();
  return *google::protobuf::Arena::CreateMessage<v1::Report>(arena_.get());
}

ReportPtr Component::Own(const v1::Report& report) {
  v1::Report& own = NewReport();
  own = report;
  return {arena_, &own};
}

Component Component::Copy() const {
  Component copy;
  copy.stage_ = stage_;
  copy.reports_ = reports_;
  copy.claims_ = claims_;
  copy.fold_ = fold_;
  copy.stored_ = stored_;
  copy.counted_ = counted_;
  copy.bytes_ = bytes_;
  return copy;
}

Component Component::Join(const std::vector<const Component*>& parts) {
  Component joined;
  joined.stage_ = parts.front()->stage_;
  std::set<std::string> streams;
  for (const Component* part : parts)
    streams.insert(part->streams().begin(), part->streams().end());
  joined.reports_.streams.assign(streams.begin(), streams.end());
  for (const Component* part : parts) {
    for (const ReportPtr& report : part->reports_.reports) {
      const auto other = part->reports_.elsewhere.find(report->position());
      joined.reports_.Add(
          other != part->reports_.elsewhere.end() ? other->second : report->stream(), report);
    }
    joined.claims_.insert(part->claims_.begin(), part->claims_.end());
    joined.stored_.insert(part->stored_.begin(), part->stored_.end());
    joined.counted_.insert(part->counted_.begin(), part->counted_.end());
    joined.bytes_ += part->bytes_;
  }
  return joined;
}

const domain::FoldedComponent& Component::Fold(const Registries& registries) {
  if (!fold_) fold_ = FoldToRows(reports_, {}, registries.parties, registries.vocabulary);
  return *fold_;
}

std::optional<News> Component::Follow(const ReportPtr& report, const Registries& registries) {
  if (cannot_follow_ || !alone()) return std::nullopt;
  if (!followed_) {
    followed_.emplace(streams().front(), registries.parties, registries.vocabulary);
    const auto known = PlacesOf(reports_);
    cannot_follow_ = !known.empty() && !followed_->TakeKnown(known);
  }
  auto reasons = cannot_follow_ ? std::nullopt : followed_->Take(*report);
  if (!reasons) {
    followed_.reset();
    cannot_follow_ = true;
    return std::nullopt;
  }
  return News{.terms_before = &followed_->terms_before(),
              .terms_after = &followed_->terms(),
              .reasons = *std::move(reasons)};
}

void Component::TakeBack(const Registries& registries) {
  reports_.reports.pop_back();
  if (!gathers()) {
    StreamClaims& claims = claims_[streams().front()] = {};
    for (const ReportPtr& kept : reports_.reports) {
      claims.Add(*kept, registries.parties, registries.vocabulary);
    }
  }
  fold_.reset();
  followed_.reset();
}

void Component::Add(const std::string& stream, const ReportPtr& report, std::size_t bytes,
                    const Registries& registries) {
  if (!gathers()) claims_[stream].Add(*report, registries.parties, registries.vocabulary);
  if (reports_.Add(stream, report)) bytes_ += kBytesPerByte * bytes;
  fold_.reset();
}

RowMap Component::Rows(const std::map<std::string, ListedTerms>& listed) const {
  RowMap rows;
  AddMeetingRows(*fold_, &rows);
  for (const v1::Meeting& meeting : fold_->meetings) {
    const ListedTerms& terms = listed.at(meeting.id());
    AddTermRows(meeting, terms, &rows);
    AddPendingRows(meeting, terms, &rows);
    AddFollowingRows(meeting, &rows);
  }
  if (!alone()) AddClaimRows(claims_, &rows);
  return rows;
}

std::map<std::string, ListedTerms> Component::Listed() const {
  std::map<std::string, ListedTerms> listed;
  for (const v1::Meeting& meeting : fold_->meetings) {
    listed.emplace(meeting.id(), TermsOfListed(meeting));
  }
  return listed;
}

void Component::NoteStored() {
  counted_ = Listed();
  stored_ = Rows(counted_);
  if (alone()) {
    for (auto& [stream, claims] : claims_) claims.NoteWritten();
  }
  // The state of a meeting is another with every report: only that there is one need be known.
  for (auto& [key, value] : stored_) {
    if (IsMeetingKey(key)) value.clear();
  }
}

void Component::EndGathering() {
  changed = false;
  if (followed_) fold_.reset();
}

void Component::Flush(const Snapshot& views, const Registries& registries, TermCounts* counts,
                      Draft* draft) {
  Fold(registries);
  std::map<std::string, ListedTerms> listed = Listed();
  RowMap rows = Rows(listed);
  draft->Replace(stored_, rows);
  if (alone()) {
    for (auto& [stream, claims] : claims_) claims.Flush(stream, draft);
  }
  for (const auto& [id, terms] : counted_) {
    const auto now = listed.find(id);
    counts->Replace(terms, now == listed.end() ? ListedTerms() : now->second, views);
  }
  for (const auto& [id, terms] : listed) {
    if (!counted_.contains(id)) counts->Replace({}, terms, views);
  }
  for (auto& [key, value] : rows) {
    if (IsMeetingKey(key)) value.clear();
  }
  stored_ = std::move(rows);
  counted_ = std::move(listed);
  changed = false;
  // Whoever is followed needs no fold before the next report.
  if (followed_) fold_.reset();
}

}  // namespace entente::views
