#include "log/append_rules.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <bit>
#include <unordered_set>

namespace entente::log {
namespace {

// Where an id stands first in a batch.
class FirstPlaces {
 public:
  explicit FirstPlaces(const PreparedBatch& batch)
      : batch_(batch), slots_(std::bit_ceil(batch.events.size() * 2)) {}

  // Index of the first event with the id of event i, which may be i itself.
  std::uint32_t Of(std::uint32_t i) {
    const std::string_view id = batch_.id(batch_.events[i]);
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = XXH3_64bits(id.data(), id.size()) & mask;
    for (; slots_[at] != 0; at = (at + 1) & mask) {
      const std::uint32_t other = slots_[at] - 1;
      if (batch_.id(batch_.events[other]) == id) return other;
    }
    slots_[at] = i + 1;
    return i;
  }

 private:
  const PreparedBatch& batch_;
  std::vector<std::uint32_t> slots_;  // index + 1; 0: free
};

Error TwinConflict(std::uint32_t i, std::uint32_t first, std::string_view id) {
  return Fail(Reason::kBatchDuplicateId, fmt::format("events[{}].id", i), std::string(id),
              fmt::format("events[{}] has the same id and other content", first))
      .value();
}

Error IdConflict(std::uint32_t i, Position position, std::string_view id) {
  Error error = Fail(Reason::kIdConflict, fmt::format("events[{}].id", i), std::string(id),
                     fmt::format("position {} holds an event of this id with other content",
                                 position.value()))
                    .value();
  error.position = position;
  return error;
}

std::optional<Error> CheckExpectation(std::size_t i, const v1::Expectation& expected,
                                      Revision last) {
  Revision wanted;
  switch (expected.expected_revision_case()) {
    case v1::Expectation::kAny:
    case v1::Expectation::EXPECTED_REVISION_NOT_SET:
      return std::nullopt;
    case v1::Expectation::kNoStream:
      break;
    case v1::Expectation::kExact:
      wanted = Revision(expected.exact());
      break;
  }
  if (last == wanted) return std::nullopt;
  const std::string found = last == Revision() ? std::string("has no event yet")
                                               : fmt::format("is at revision {}", last.value());
  const std::string expectation =
      wanted == Revision() ? std::string("no event") : fmt::format("revision {}", wanted.value());
  return Fail(Reason::kRevisionConflict, fmt::format("expected[{}]", i), expected.stream(),
              fmt::format("expected {}, but the stream {}", expectation, found))
      .value();
}

}  // namespace

Decision Decide(const PreparedBatch& batch, std::span<const std::optional<KnownEvent>> known,
                const std::function<Revision(std::string_view stream)>& last_revision) {
  Decision decision;
  decision.verdicts.resize(batch.events.size());
  FirstPlaces first_places(batch);
  for (std::uint32_t i = 0; i < batch.events.size(); ++i) {
    const PreparedEvent& event = batch.events[i];
    Verdict& verdict = decision.verdicts[i];
    const std::uint32_t first = first_places.Of(i);
    if (first != i) {
      if (batch.events[first].content != event.content) {
        decision.errors.push_back(TwinConflict(i, first, batch.id(event)));
      }
      verdict = decision.verdicts[first];
      if (verdict.kind == Verdict::Kind::kNew) {
        verdict.kind = Verdict::Kind::kTwin;
        verdict.twin = first;
      }
    } else if (known[i]) {
      if (known[i]->content != event.content) {
        decision.errors.push_back(IdConflict(i, known[i]->position, batch.id(event)));
      }
      verdict.kind = Verdict::Kind::kKnown;
      verdict.known = *known[i];
    } else {
      ++decision.new_events;
    }
  }

  if (decision.new_events > 0 && !batch.expected.empty()) {
    std::unordered_set<std::string_view> sent;
    std::unordered_set<std::string_view> remaining;
    for (std::uint32_t i = 0; i < batch.events.size(); ++i) {
      const std::string_view stream = batch.stream(batch.events[i]);
      sent.insert(stream);
      if (decision.verdicts[i].kind == Verdict::Kind::kNew) remaining.insert(stream);
    }
    for (std::size_t i = 0; i < batch.expected.size(); ++i) {
      const v1::Expectation& expected = batch.expected[i];
      // A stream whose events are all duplicates had its expectation met when they were new.
      if (sent.contains(expected.stream()) && !remaining.contains(expected.stream())) continue;
      auto error = CheckExpectation(i, expected, last_revision(expected.stream()));
      if (error) decision.errors.push_back(std::move(*error));
    }
  }
  return decision;
}

}  // namespace entente::log
