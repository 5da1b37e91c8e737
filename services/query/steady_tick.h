// The clock of subscriptions, and the views as they ask them.
#pragma once

#include <chrono>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "services/query/subscription/subscription.h"
#include "views/answer.h"

namespace entente::query {

inline Tick SteadyNow() {
  return std::chrono::duration_cast<Tick>(std::chrono::steady_clock::now().time_since_epoch());
}

inline views::AnswerContext ContextOf(const views::Snapshot& snapshot) {
  return {.snapshot = snapshot,
          .parties = domain::PartyRegistry::BuiltIn(),
          .vocabulary = domain::Vocabulary::BuiltIn()};
}

}  // namespace entente::query
