// The words that grow: kinds, series, topics, reasons, relations, posts, outcomes. Kept in data/,
// built into the program.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "values/error.h"

namespace entente::domain {

enum class WordList { kKinds, kSeries, kTopics, kReasons, kRelations, kPosts, kOutcomes, kLevels };

struct Word {
  std::string id;      // such as two-plus-two
  std::string name;    // for people: "two-plus-two"
  std::string plural;  // "two-plus-twos"; empty where it makes no sense
  std::vector<std::string> aliases;
  std::string broader;               // topics: the parent's id
  std::string level;                 // kinds: the level at which the offices sit
  std::string kind;                  // series: its kind
  std::vector<std::string> parties;  // series: codes, sorted
  std::string iptc;                  // topics: the nearest IPTC Media Topic, eight digits
  std::string use;                   // relations: of a "topic" or a "meeting"
};

// Immutable; thread-safe.
class Vocabulary {
 public:
  static const Vocabulary& BuiltIn();

  Vocabulary();
  ~Vocabulary();
  Vocabulary(const Vocabulary&) = delete;
  Vocabulary& operator=(const Vocabulary&) = delete;

  // By id, name or alias, whatever the case and punctuation. WORD_UNKNOWN with the nearest three
  // ids as suggestions, or with the whole list where it is short. The field of the error is empty.
  // The word lives as long as the vocabulary.
  Result<const Word*> Resolve(WordList list, std::string_view id_or_alias) const;
  const Word* Find(WordList list, std::string_view id) const;
  std::span<const Word> all(WordList list) const;  // by id
  // The topic itself and all narrower ones, by id.
  std::vector<std::string> NarrowerTopics(std::string_view topic) const;
  // The topic itself and all broader ones, nearest first.
  std::vector<std::string> BroaderTopics(std::string_view topic) const;
  // The series of a kind with exactly these parties (codes, any order, each once); nullptr if none
  // is named.
  const Word* SeriesOf(std::string_view kind, std::span<const std::string> codes) const;

 private:
  struct Tables;
  std::unique_ptr<const Tables> tables_;
};

}  // namespace entente::domain
