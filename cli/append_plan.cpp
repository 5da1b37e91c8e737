#include "cli/append_plan.h"

#include <fmt/format.h>

#include <charconv>
#include <string_view>
#include <utility>

namespace entente::cli {
namespace {

// The index in "events[3].meeting…", and the path behind it.
std::optional<std::size_t> EventIndex(std::string_view field, std::string* rest) {
  constexpr std::string_view kPrefix = "events[";
  if (!field.starts_with(kPrefix)) return std::nullopt;
  field.remove_prefix(kPrefix.size());
  std::size_t index = 0;
  const auto [end, fault] = std::from_chars(field.data(), field.data() + field.size(), index);
  if (fault != std::errc() || end == field.data() + field.size() || *end != ']') {
    return std::nullopt;
  }
  field.remove_prefix(static_cast<std::size_t>(end - field.data()) + 1);
  if (field.starts_with('.')) field.remove_prefix(1);
  *rest = field;
  return index;
}

}  // namespace

std::string RefusedLine::ToString() const {
  std::string text;
  for (const Error& error : errors) {
    text += fmt::format("{}line {}: {}", text.empty() ? "" : "\n", line.number, error.ToString());
  }
  return text;
}

Refusal ReadRefusal(Batch batch, const Errors& errors) {
  Refusal refusal;
  std::map<std::size_t, Errors> faulty;
  for (Error error : errors) {
    std::string rest;
    const auto index = EventIndex(error.field, &rest);
    if (!index || *index >= batch.lines.size()) {
      refusal.others.push_back(std::move(error));
      continue;
    }
    error.field = std::move(rest);
    faulty[*index].push_back(std::move(error));
  }
  if (faulty.empty()) {
    refusal.rest = std::move(batch);
    return refusal;
  }
  Batch& rest = refusal.rest;
  rest.request.set_dry_run(batch.request.dry_run());
  *rest.request.mutable_expected() = std::move(*batch.request.mutable_expected());
  for (std::size_t i = 0; i < batch.lines.size(); ++i) {
    if (const auto it = faulty.find(i); it != faulty.end()) {
      refusal.refused.push_back({std::move(batch.lines[i]), std::move(it->second)});
      continue;
    }
    *rest.request.add_events() = std::move(*batch.request.mutable_events(static_cast<int>(i)));
    rest.lines.push_back(std::move(batch.lines[i]));
  }
  return refusal;
}

Result<v1::Expectation> ParseExpectation(const std::string& text) {
  const auto equals = text.rfind('=');
  v1::Expectation expectation;
  if (equals != std::string::npos && equals > 0) {
    expectation.set_stream(text.substr(0, equals));
    const std::string_view revision = std::string_view(text).substr(equals + 1);
    if (revision == "any") {
      expectation.set_any(true);
      return expectation;
    }
    if (revision == "no_stream") {
      expectation.set_no_stream(true);
      return expectation;
    }
    std::uint64_t exact = 0;
    const auto [end, fault] =
        std::from_chars(revision.data(), revision.data() + revision.size(), exact);
    if (fault == std::errc() && end == revision.data() + revision.size()) {
      expectation.set_exact(exact);
      return expectation;
    }
  }
  return Fail(Reason::kQueryInvalid, "--expect", text,
              "expected STREAM=no_stream, STREAM=any or STREAM=REVISION");
}

BatchBuilder::BatchBuilder(BatchLimits limits, bool dry_run, std::vector<v1::Expectation> expected)
    : limits_(limits), dry_run_(dry_run) {
  for (v1::Expectation& one : expected) {
    const std::string stream = one.stream();
    expected_.insert_or_assign(stream, std::move(one));
  }
}

std::optional<Batch> BatchBuilder::Add(v1::NewEvent event, SourceLine line) {
  std::optional<Batch> full;
  const std::size_t bytes = event.ByteSizeLong();
  if (!next_.lines.empty() &&
      (next_.request.events_size() >= limits_.events || next_.bytes + bytes > limits_.bytes)) {
    full = Take();
  }
  if (const auto it = expected_.find(event.stream()); it != expected_.end()) {
    *next_.request.add_expected() = std::move(it->second);
    expected_.erase(it);
  }
  *next_.request.add_events() = std::move(event);
  next_.lines.push_back(std::move(line));
  next_.bytes += bytes;
  return full;
}

std::optional<Batch> BatchBuilder::Take() {
  if (next_.lines.empty()) return std::nullopt;
  next_.request.set_dry_run(dry_run_);
  return std::exchange(next_, Batch());
}

}  // namespace entente::cli
