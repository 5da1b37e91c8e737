#include "views/projection_rules.h"

#include <memory>

namespace entente::views {

const ProjectionRules& ProjectionRules::BuiltIn() {
  static const ProjectionRules rules{
      kProjectionVersion, []() -> Projecting {
        auto projector = std::make_shared<Projector>(domain::PartyRegistry::BuiltIn(),
                                                     domain::Vocabulary::BuiltIn());
        return [projector](const Snapshot& before, std::span<const log::CommitView> commits) {
          return projector->Project(before, commits);
        };
      }};
  return rules;
}

}  // namespace entente::views
