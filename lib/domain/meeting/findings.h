// What does not fit together, collected while folding and told in sentences.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/meeting/said.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

class Findings {
 public:
  void Add(v1::Finding::Kind kind, std::string_view facet, std::string text,
           const std::vector<std::uint32_t>& reports);
  // What a settled fact has to say for itself: disputed, or an unconfirmed change. `what` is the
  // fact in words ("the date"), `reports` the meeting's, which it cites, and `in_words` tells a
  // value so that "has the date as 24 April" reads well.
  using InWords = std::function<std::string(const std::string& value)>;
  void AddFor(std::string_view facet, std::string_view what, const v1::Fact& fact,
              std::span<const Said> reports, const InWords& in_words = {});

  // By kind, facet and text, each once.
  void MoveTo(google::protobuf::RepeatedPtrField<v1::Finding>& findings) &&;

 private:
  void AddUnconfirmed(std::string_view facet, std::string_view what, const v1::Fact& fact,
                      const v1::Fact::Rival& rival, std::span<const Said> reports,
                      const InWords& in_words);

  std::vector<v1::Finding> findings_;
};

// "Kyodo (2021-05-05)", the report's publisher and the day as reported.
std::string NameOf(const Said& said);
// "Kyodo (2021-05-05), Jiji (2021-05-05)" for indexes into `reports`; at most three by name.
std::string NamesOf(const google::protobuf::RepeatedField<std::uint32_t>& said_by,
                    std::span<const Said> reports);
std::string NamesOf(std::span<const Said* const> said);

}  // namespace entente::domain
