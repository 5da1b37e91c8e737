#include "views/projection_rules.h"

namespace entente::views {

const ProjectionRules& ProjectionRules::BuiltIn() {
  static const ProjectionRules rules{kProjectionVersion, [] {
                                       return std::make_unique<Projector>(
                                           domain::PartyRegistry::BuiltIn(),
                                           domain::Vocabulary::BuiltIn());
                                     }};
  return rules;
}

}  // namespace entente::views
