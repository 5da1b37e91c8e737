#include "views/projection/changes.h"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/event/stream_name.h"
#include "domain/meeting/change.h"
#include "views/postings/term.h"

namespace entente::views {
namespace {

v1::Change Begin(const std::string& subject, const v1::Report& added) {
  v1::Change change;
  change.set_position(added.position());
  change.set_subject(subject);
  change.set_backfill(added.backfill());
  return change;
}

void SetReasons(const std::vector<v1::ChangeType::Value>& reasons,
                std::set<std::string> terms_after, v1::Change* change) {
  for (const v1::ChangeType::Value reason : reasons) {
    change->add_reasons(reason);
    terms_after.insert(TermText(TermKind::kType, v1::ChangeType::Value_Name(reason)));
  }
  for (const std::string& term : terms_after) change->add_terms_after(term);
}

// A meeting is another with every report that is laid to it. Where a report lies is no part of its
// state.
bool Same(const v1::Meeting& a, const v1::Meeting& b) {
  if (a.reports_size() != b.reports_size() || a.last_position() != b.last_position()) return false;
  const auto state = [](v1::Meeting meeting) {
    for (v1::Report& report : *meeting.mutable_reports()) report.clear_stream();
    return meeting.SerializeAsString();
  };
  return state(a) == state(b);
}

// What a subject that is no meeting is found under: its own name, the countries of a pair, and
// the topics of what was said.
std::set<std::string> TermsOfSubject(const std::string& subject) {
  std::set<std::string> terms = {subject};
  const auto name = domain::ParseStreamName(subject);
  if (name && name->kind == domain::StreamKind::kPair) {
    const std::size_t dash = name->id.find('-');
    terms.insert(TermText(TermKind::kCountry, name->id.substr(0, dash)));
    if (dash != std::string_view::npos) {
      terms.insert(TermText(TermKind::kCountry, name->id.substr(dash + 1)));
    }
  }
  return terms;
}

}  // namespace

void AddMeetingChanges(const domain::FoldedComponent& before, const domain::FoldedComponent& after,
                       const v1::Report& added, std::vector<v1::Change>* changes) {
  std::set<std::string> ids;
  for (const v1::Meeting& meeting : before.meetings) ids.insert(meeting.id());
  for (const v1::Meeting& meeting : after.meetings) ids.insert(meeting.id());
  for (const std::string& id : ids) {
    static const v1::Meeting kNone;
    const v1::Meeting* const old = MeetingIn(before, id);
    const v1::Meeting* const now = MeetingIn(after, id);
    const v1::Meeting& was = old != nullptr ? *old : kNone;
    const v1::Meeting& is = now != nullptr ? *now : kNone;
    if (Same(was, is)) continue;
    v1::Change change = Begin(id, added);
    for (const auto& [term, possibly] : domain::TermsOf(was)) change.add_terms_before(term);
    std::set<std::string> terms_after;
    for (const auto& [term, possibly] : domain::TermsOf(is)) terms_after.insert(term);
    // Of a meeting that became another, nothing else is to be told: its facts are the other's now.
    const auto reasons = now == nullptr && after.absorbed.contains(id)
                             ? std::vector{v1::ChangeType::merged}
                             : domain::ReasonsFor(was, is, added);
    SetReasons(reasons, std::move(terms_after), &change);
    changes->push_back(std::move(change));
  }
}

v1::Change MeetingChange(const std::string& id, const News& news, const v1::Report& added) {
  v1::Change change = Begin(id, added);
  for (const auto& [term, possibly] : *news.terms_before) change.add_terms_before(term);
  std::vector<std::string> types;
  for (const v1::ChangeType::Value reason : news.reasons) {
    change.add_reasons(reason);
    types.push_back(TermText(TermKind::kType, v1::ChangeType::Value_Name(reason)));
  }
  std::ranges::sort(types);
  auto type = types.begin();
  for (const auto& [term, possibly] : *news.terms_after) {
    for (; type != types.end() && *type < term; ++type) change.add_terms_after(std::move(*type));
    change.add_terms_after(term);
  }
  for (; type != types.end(); ++type) change.add_terms_after(std::move(*type));
  return change;
}

v1::Change SubjectChange(const std::string& subject, const v1::Report& added,
                         const domain::Vocabulary& vocabulary) {
  v1::Change change = Begin(subject, added);
  std::set<std::string> terms = TermsOfSubject(subject);
  for (const std::string& term : terms) change.add_terms_before(term);
  for (const std::string& topic : added.facts().statement_made().topics()) {
    const auto word = vocabulary.Resolve(domain::WordList::kTopics, topic);
    if (word) terms.insert(TermText(TermKind::kTopic, (*word)->id));
  }
  SetReasons(domain::ReasonsForSubject(added), std::move(terms), &change);
  return change;
}

void AddThoseTold(const std::vector<v1::Change>& told, std::vector<v1::Change>* changes) {
  const auto is_of = [](const std::string& subject) {
    return [&subject](const v1::Change& change) { return change.subject() == subject; };
  };
  for (v1::Change& change : *changes) {
    std::set<std::string> terms(change.terms_before().begin(), change.terms_before().end());
    for (const v1::Change& one : told) {
      // What was told of a meeting that is another's now belongs to all that the act changes.
      const bool elsewhere =
          one.subject() != change.subject() && std::ranges::any_of(*changes, is_of(one.subject()));
      if (elsewhere) continue;
      terms.insert(one.terms_before().begin(), one.terms_before().end());
      terms.insert(one.terms_after().begin(), one.terms_after().end());
      if (!one.backfill()) change.set_backfill(false);
    }
    change.clear_terms_before();
    for (const std::string& term : terms) change.add_terms_before(term);
  }
}

}  // namespace entente::views
