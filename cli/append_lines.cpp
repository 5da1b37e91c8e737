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
      reply ? Count(*reply) : Refuse(std::move(*sent), reply.error());
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

  void RefuseLine(const LineFault& fault) {
    progress_.Wipe();
    session_.Warn(fault.ToString());
    if (fault.line != last_refused_) ++summary_.refused;
    last_refused_ = fault.line;
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
  void Count(const v1::AppendReply& reply) {
    for (const v1::AppendedEvent& event : reply.events()) {
      ++(event.duplicate() ? summary_.duplicates : summary_.appended);
      if (session_.json()) session_.PrintJson(event);
    }
    summary_.head = std::max<std::uint64_t>(summary_.head, reply.durable_position());
  }

  void Refuse(Batch batch, const Errors& errors) {
    const std::size_t lines = batch.lines.size();
    Refusal refusal = ReadRefusal(std::move(batch), errors);
    for (const LineFault& fault : refusal.faults) RefuseLine(fault);
    if (!refusal.faults.empty() && options_.atomic) {
      summary_.refused = lines;
      return;
    }
    if (!refusal.faults.empty()) {
      if (refusal.rest) again_.push_back(*std::move(refusal.rest));
      return;
    }
    progress_.Wipe();
    const ExitCode code = session_.Complain(refusal.others);
    if (code == ExitCode::kRefused) {
      summary_.refused += lines;
      return;
    }
    summary_.not_sent += lines;
    gone_ = true;
    gone_code_ = code;
  }

  Session& session_;
  const AppendLinesOptions& options_;
  std::unique_ptr<client::Client::Pipeline> pipeline_;
  Progress progress_;
  render::AppendSummary summary_;
  std::vector<Batch> again_;
  std::uint64_t last_refused_ = 0;
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
    auto line = reader.Next();
    if (!line) return Fail(std::move(line.error()));
    if (!*line) return {};
    if ((*line)->too_long) {
      sender.RefuseLine(
          {(*line)->number,
           Fail(Reason::kMessageTooLarge, "", "", "the line is longer than 16 MiB").value()});
      continue;
    }
    StripByteOrderMark(&**line);
    if (Blank((*line)->text)) continue;
    auto event = options.parse((*line)->text);
    if (!event) {
      sender.RefuseLine({(*line)->number, std::move(event.error())});
      continue;
    }
    if (!*event) continue;
    if (options.backfill) (*event)->set_backfill(true);
    if (auto full = batches.Add(std::move(**event), (*line)->number)) sender.Send(*std::move(full));
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
