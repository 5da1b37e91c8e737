#include <algorithm>
#include <map>
#include <set>

#include "views/answer.h"
#include "views/answers/filter.h"
#include "views/answers/question.h"
#include "views/answers/roster.h"
#include "views/terms/terms.h"

namespace entente::views {
namespace {

// Meetings under each word, broader topics included, as far as the log holds any.
using Words = std::map<std::string, MatchCount>;

std::optional<TermKind> KindOf(v1::VocabularyRequest::What what) {
  switch (what) {
    case v1::VocabularyRequest::countries:
      return TermKind::kCountry;
    case v1::VocabularyRequest::topics:
      return TermKind::kTopic;
    case v1::VocabularyRequest::kinds:
      return TermKind::kKind;
    case v1::VocabularyRequest::series:
      return TermKind::kSeries;
    default:
      return std::nullopt;
  }
}

// A meeting counts once under a topic, however many narrower ones it has.
Words FoldBroader(const AnswerContext& context, const Question& question, const Words& topics) {
  Words all;
  for (const auto& [topic, meetings] : topics) {
    for (const std::string& broader : context.vocabulary.BroaderTopics(topic)) all[broader] = {};
  }
  for (auto& [topic, meetings] : all) {
    CompiledFilter filter;
    CompiledFilter::Group group;
    for (std::string& narrower : context.vocabulary.NarrowerTopics(topic)) {
      group.terms.push_back({TermKind::kTopic, std::move(narrower)});
    }
    if (group.terms.empty()) group.terms.push_back({TermKind::kTopic, topic});
    if (group.terms.size() == 1) {
      const auto own = topics.find(topic);
      meetings = own == topics.end() ? MatchCount() : own->second;
      continue;
    }
    filter.groups.push_back(std::move(group));
    VisitMatches(context, question, filter, false, nullptr, kEveryMatch,
                 [&meetings = meetings](Match& match) {
                   meetings.Add(match.certain);
                   return true;
                 });
  }
  return all;
}

Words CountWords(const AnswerContext& context, const Question& question, TermKind kind) {
  Words words;
  if (!question.as_of.bounded()) {
    for (const auto& [name, count] : AllTerms(context.snapshot, kind)) {
      words[name] = {count.meetings - count.only_possibly, count.meetings};
    }
  } else {
    VisitStates(context, question, {}, [&](const v1::Meeting& meeting, bool) {
      for (const auto& [term, possibly] : TermsOfListed(meeting)) {
        if (term.kind == kind) words[term.name].Add(!possibly);
      }
    });
  }
  return kind == TermKind::kTopic ? FoldBroader(context, question, words) : words;
}

void Describe(const AnswerContext& context, TermKind kind, v1::VocabularyReply::Word* word) {
  if (kind == TermKind::kCountry) {
    const domain::KnownParty* party = context.parties.Find(word->id());
    word->set_name(party != nullptr ? party->name : word->id());
    return;
  }
  const auto list = kind == TermKind::kTopic  ? domain::WordList::kTopics
                    : kind == TermKind::kKind ? domain::WordList::kKinds
                                              : domain::WordList::kSeries;
  const domain::Word* known = context.vocabulary.Find(list, word->id());
  word->set_name(known != nullptr ? known->name : word->id());
  if (known != nullptr && kind == TermKind::kTopic) word->set_broader(known->broader);
}

}  // namespace

Result<v1::VocabularyReply> Answer(const AnswerContext& context,
                                   const v1::VocabularyRequest& request) {
  auto question = ReadContext(context, request.context(), Today::kOptional);
  if (!question) return Fail(std::move(question.error()));
  const auto kind = KindOf(request.what());
  if (!kind) {
    return Fail(Reason::kFieldRequired, "what", "", "countries, topics, kinds or series?");
  }
  v1::VocabularyReply reply;
  for (const auto& [id, meetings] : CountWords(context, *question, *kind)) {
    v1::VocabularyReply::Word& word = *reply.add_words();
    word.set_id(id);
    word.set_meetings(meetings.possible);
    word.set_certain(meetings.certain);
    Describe(context, *kind, &word);
  }
  *reply.mutable_answered() = AnsweredAt(context, *question);
  return reply;
}

}  // namespace entente::views
