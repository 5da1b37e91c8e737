#include "cli/append_lines.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/append_plan.h"
#include "cli/line_reader.h"
#include "cli/progress.h"
#include "cli/render/append_summary.h"
#include "client/client.h"

namespace entente::cli {
namespace {

constexpr std::size_t kBatchBytesMax = 15U << 20;

// Sends batches and keeps count of what becomes of their lines.
class Sender {
 public:
  Sender(Session& session, client::Client& client, const AppendLinesOptions& options)
      : session_(session),
        options_(options),
        pipeline_(client.OpenPipeline(options.atomic ? 1 : options.window)),
        progress_(session.error_is_terminal()) {
    summary_.dry_run = options.dry_run;
  }

  void Send(Batch batch) {
    if (gone_) {
      summary_.not_sent += batch.lines.size();
      return;
    }
    auto sent = std::make_shared<Batch>(std::move(batch));
    pipeline_->Send(sent->request, [this, sent](client::Reply<v1::AppendReply> reply) {
      reply ? Count(*sent, *reply) : Refuse(std::move(*sent), reply.error());
    });
  }

  // Waits for all replies, and sends again what refused batches left over.
  void Finish() {
    pipeline_->Finish();
    while (!again_.empty()) {
      for (Batch& batch : std::exchange(again_, {})) Send(std::move(batch));
      pipeline_->Finish();
    }
  }

  void RefuseLine(const RefusedLine& refused) {
    progress_.Wipe();
    session_.Warn(refused.ToString());
    ++summary_.refused;
    Keep(refused);
  }

  void Summarise() {
    progress_.Wipe();
    session_.Warn(render::Summary(summary_, session_.style()));
  }

  void Show(const LineReader& reader) {
    progress_.Show(summary_.appended + summary_.duplicates, reader.bytes_read(),
                   reader.bytes_total());
  }

  bool gone() const { return gone_; }
  ExitCode exit_code() const {
    if (gone_) return gone_code_;
    return summary_.refused > 0 ? ExitCode::kRefused : ExitCode::kDone;
  }
  render::AppendSummary& summary() { return summary_; }

 private:
  void Count(const Batch& sent, const v1::AppendReply& reply) {
    for (int i = 0; i < reply.events_size(); ++i) {
      const v1::AppendedEvent& event = reply.events(i);
      ++(event.duplicate() ? summary_.duplicates : summary_.appended);
      if (!event.duplicate() && sent.request.events(i).backfill()) ++summary_.backfill;
      if (session_.json()) session_.PrintJson(event);
    }
    summary_.head = std::max<std::uint64_t>(summary_.head, reply.durable_position());
  }

  void Refuse(Batch batch, const Errors& errors) {
    Refusal refusal = ReadRefusal(std::move(batch), errors);
    Batch& rest = refusal.rest;
    if (!refusal.refused.empty()) {
      for (const RefusedLine& refused : refusal.refused) RefuseLine(refused);
      if (options_.atomic) {
        summary_.refused += rest.lines.size();
      } else if (!rest.lines.empty()) {
        again_.push_back(std::move(rest));
      }
      return;
    }
    progress_.Wipe();
    const ExitCode code = session_.Complain(refusal.others);
    if (code != ExitCode::kRefused) {
      summary_.not_sent += rest.lines.size();
      GiveUp(code);
      return;
    }
    summary_.refused += rest.lines.size();
    for (SourceLine& line : rest.lines) Keep({std::move(line), refusal.others});
  }

  void Keep(const RefusedLine& refused) {
    if (options_.quarantine == nullptr) return;
    const Status kept = options_.quarantine->Keep(refused);
    if (!kept && !gone_) GiveUp(session_.Complain(kept.error()));
  }

  void GiveUp(ExitCode code) {
    gone_ = true;
    gone_code_ = code;
  }

  Session& session_;
  const AppendLinesOptions& options_;
  std::unique_ptr<client::Client::Pipeline> pipeline_;
  Progress progress_;
  render::AppendSummary summary_;
  std::vector<Batch> again_;
  bool gone_ = false;
  ExitCode gone_code_ = ExitCode::kUnreachable;
};

bool Blank(std::string_view text) { return text.find_first_not_of(" \t\r") == text.npos; }

void StripByteOrderMark(LineReader::Line* line) {
  if (line->number == 1 && line->text.starts_with("\xef\xbb\xbf")) line->text.erase(0, 3);
}

// Reads the lines into the batches; faults of form are reported and left out.
Status ReadLines(const AppendLinesOptions& options, LineReader& reader, BatchBuilder& batches,
                 Sender& sender) {
  while (!sender.gone()) {
    // What came in through a pipe does not wait for more.
    if (!options.atomic && reader.Starved()) {
      if (auto batch = batches.Take()) sender.Send(*std::move(batch));
      sender.Finish();
    }
    auto next = reader.Next();
    if (!next) return Fail(std::move(next.error()));
    if (!*next) return {};
    LineReader::Line& line = **next;
    if (line.too_long) {
      const char* const why = "the line is longer than 16 MiB";
      sender.RefuseLine({{line.number, ""}, {Fail(Reason::kMessageTooLarge, "", "", why).value()}});
      continue;
    }
    StripByteOrderMark(&line);
    if (Blank(line.text)) continue;
    auto event = options.parse(line.text);
    SourceLine from{line.number, options.quarantine == nullptr ? "" : std::move(line.text)};
    if (!event) {
      sender.RefuseLine({std::move(from), {std::move(event.error())}});
      continue;
    }
    if (!*event) continue;
    if (options.backfill) (*event)->set_backfill(true);
    if (auto full = batches.Add(std::move(**event), std::move(from))) sender.Send(*std::move(full));
    sender.Show(reader);
  }
  return {};
}

}  // namespace

ExitCode AppendLines(const AppendLinesOptions& options, Session& session) {
  std::vector<v1::Expectation> expected;
  for (const std::string& text : options.expected) {
    auto expectation = ParseExpectation(text);
    if (!expectation) return session.Refuse(expectation.error());
    expected.push_back(*std::move(expectation));
  }
  auto reader = LineReader::Open(options.file);
  if (!reader) return session.Refuse(reader.error());
  auto client = session.Connect();
  if (!client) return session.Complain(client.error());

  const BatchLimits limits = options.atomic ? BatchLimits{kBatchEventsMax, kBatchBytesMax}
                                            : BatchLimits{.events = options.batch};
  BatchBuilder batches(limits, options.dry_run, std::move(expected));
  Sender sender(session, **client, options);
  const Status read = ReadLines(options, *reader, batches, sender);
  auto last = batches.Take();
  const bool whole = read.has_value() && sender.summary().refused == 0;
  if (last && options.atomic && !whole) {
    sender.summary().refused += last->lines.size();
  } else if (last) {
    sender.Send(*std::move(last));
  }
  sender.Finish();
  if (!read) session.Complain(read.error());
  sender.Summarise();
  if (!options.dry_run && sender.summary().head > 0) {
    session.last_append().Keep(sender.summary().head);
  }
  return read ? sender.exit_code() : ExitCode::kRefused;
}

}  // namespace entente::cli
