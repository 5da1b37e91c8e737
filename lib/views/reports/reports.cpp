#include "views/reports/reports.h"

#include <algorithm>

#include "domain/dates/reported_time.h"
#include "domain/event/upcast.h"
#include "domain/meeting/acts.h"
#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string SubjectPrefix(std::string_view subject) {
  return Key(View::kReport).Text(subject).bytes();
}

std::string ActKey(std::string_view event_id) { return Key(View::kActOn).Text(event_id).bytes(); }

std::string EncodePlace(const EventPlace& place) {
  return PackU64(place.position.value()) + place.stream;
}

EventPlace DecodePlace(std::string_view row) {
  KeyReader reader(row);
  EventPlace place;
  place.position = Position(reader.U64());
  place.stream = reader.rest();
  return place;
}

// Facts shares the field numbers of `meeting` and the payload; both lie in one arena.
void MoveFacts(v1::NewEvent* sent, v1::Facts* facts) {
  const auto move = [&](int number) {
    const auto* from = v1::NewEvent::descriptor()->FindFieldByNumber(number);
    const auto* to = v1::Facts::descriptor()->FindFieldByNumber(number);
    if (from == nullptr || to == nullptr || !sent->GetReflection()->HasField(*sent, from)) return;
    auto* const part = sent->GetReflection()->UnsafeArenaReleaseMessage(sent, from);
    facts->GetReflection()->UnsafeArenaSetAllocatedMessage(facts, part, to);
  };
  const int payload = sent->payload_case();
  move(v1::NewEvent::kMeetingFieldNumber);
  move(payload);
  facts->DiscardUnknownFields();
}

}  // namespace

Result<ReadReport> ReportOf(const log::EventView& event, google::protobuf::Arena* arena) {
  auto& sent = *google::protobuf::Arena::CreateMessage<v1::NewEvent>(arena);
  auto& report = *google::protobuf::Arena::CreateMessage<v1::Report>(arena);
  v1::Facts& facts = *report.mutable_facts();
  if (!sent.ParseFromArray(event.body.data(), static_cast<int>(event.body.size()))) {
    return Fail(Reason::kMessageMalformed, "event", std::string(event.id),
                "the stored body is no NewEvent");
  }
  auto raised =
      domain::Upcasters::BuiltIn().BringUp(event.payload_field, event.payload_version, &sent);
  if (!raised) return Fail(std::move(raised).error());
  MoveFacts(&sent, &facts);
  if (facts.payload_case() == v1::Facts::PAYLOAD_NOT_SET) {
    return Fail(Reason::kFieldRequired, "payload", std::string(event.id),
                "the event says nothing this version can read");
  }
  report.set_position(event.position.value());
  report.set_revision(event.revision.value());
  const std::int64_t recorded = event.recorded.value();
  report.mutable_recorded()->set_seconds(recorded / 1000);
  report.mutable_recorded()->set_nanos(static_cast<int>(recorded % 1000) * 1'000'000);
  report.set_event_id(std::string(event.id));
  report.set_stream(std::string(event.stream));
  report.set_reported(sent.reported().empty() ? sent.source().published() : sent.reported());
  if (const auto time = domain::ReportedTime::Parse(report.reported()); !time) {
    return Fail(Error(time.error()).At("reported"));
  }
  report.set_class_(sent.source().class_());
  report.set_publisher(sent.source().publisher());
  report.set_backfill(event.backfill);
  if (!sent.source().locator().empty()) {
    report.mutable_source()->set_locator(sent.source().locator());
  }
  return ReadReport{.report = &report, .source = &sent.source()};
}

std::string_view TargetOf(const v1::Report& report) { return domain::TargetOf(report.facts()); }

std::optional<EventPlace> FindEvent(const Snapshot& snapshot, std::string_view event_id) {
  const auto row = snapshot.Get(Key(View::kEvent).Text(event_id).bytes());
  if (!row) return std::nullopt;
  return DecodePlace(*row);
}

void PutEvent(std::string_view event_id, const EventPlace& place, Draft* draft) {
  draft->Put(Key(View::kEvent).Text(event_id).bytes(), EncodePlace(place));
}

std::string ReportKey(std::string_view subject, Position position) {
  return Key(View::kReport).Text(subject).U64(position.value()).bytes();
}

std::size_t PutReport(std::string_view subject, const v1::Report& report, Draft* draft) {
  const std::string row = report.SerializeAsString();
  draft->Put(ReportKey(subject, Position(report.position())), row);
  return row.size();
}

std::optional<v1::Report> FindReport(const Snapshot& snapshot, std::string_view subject,
                                     Position position) {
  const auto row = snapshot.Get(ReportKey(subject, position));
  v1::Report report;
  if (!row || !report.ParseFromString(*row)) return std::nullopt;
  return report;
}

void VisitReports(const Snapshot& snapshot, std::string_view subject,
                  const std::function<void(std::string_view row)>& visit) {
  const std::string prefix = SubjectPrefix(subject);
  for (const auto rows = snapshot.Range(prefix, EndOf(prefix)); rows->Valid(); rows->Next()) {
    visit(rows->value());
  }
}

std::vector<v1::Report> ReportsOf(const Snapshot& snapshot, std::string_view subject) {
  std::vector<v1::Report> reports;
  VisitReports(snapshot, subject, [&](std::string_view row) {
    reports.emplace_back().ParseFromArray(row.data(), static_cast<int>(row.size()));
  });
  return reports;
}

ReportRows::ReportRows(const Snapshot& snapshot, std::string_view kind, std::string_view from) {
  // A text of a key ends with a zero byte, which the prefix of several texts leaves out.
  const std::string prefix = Key(View::kReport).Fixed(kind).bytes();
  rows_ = snapshot.Range(std::max(prefix, Key(View::kReport).Fixed(from).bytes()), EndOf(prefix));
  Read();
}

void ReportRows::Next() {
  rows_->Next();
  Read();
}

void ReportRows::Read() {
  if (rows_->Valid()) subject_ = KeyReader(rows_->key()).Skip(1).Text();
}

std::vector<std::string> SubjectsWithReports(const Snapshot& snapshot, std::string_view kind) {
  // A text of a key ends with a zero byte, which the prefix of several texts leaves out.
  std::string from = Key(View::kReport).Fixed(kind).bytes();
  const std::string end = EndOf(from);
  std::vector<std::string> subjects;
  while (true) {
    const auto row = snapshot.Range(from, end);
    if (!row->Valid()) return subjects;
    KeyReader reader(row->key());
    subjects.emplace_back(reader.Skip(1).Text());
    from = EndOf(SubjectPrefix(subjects.back()));
  }
}

bool HasReports(const Snapshot& snapshot, std::string_view subject) {
  const std::string prefix = SubjectPrefix(subject);
  return snapshot.Range(prefix, EndOf(prefix))->Valid();
}

std::vector<EventPlace> ActsOn(const Snapshot& snapshot, std::string_view event_id) {
  std::vector<EventPlace> acts;
  const auto row = snapshot.Get(ActKey(event_id));
  if (!row) return acts;
  KeyReader reader(*row);
  while (!reader.rest().empty()) {
    EventPlace act;
    act.position = Position(reader.U64());
    act.stream = reader.Text();
    if (!reader.ok()) break;
    acts.push_back(std::move(act));
  }
  return acts;
}

void PutActOn(std::string_view event_id, const EventPlace& act, Draft* draft) {
  std::string key = ActKey(event_id);
  std::string row = draft->Get(key).value_or("");
  row += PackU64(act.position.value());
  row += act.stream;
  row.push_back('\0');
  draft->Put(std::move(key), std::move(row));
}

}  // namespace entente::views
