// What is done with an event that cannot be folded.
#pragma once

#include <string_view>

namespace entente::projector {

enum class PoisonPolicy {
  kPark,   // it is put aside with its error, and what follows is projected
  kPause,  // the views stay before it until a person has seen to it
};

// As the settings say it, which have checked the word.
inline PoisonPolicy PoisonPolicyOf(std::string_view word) {
  return word == "pause" ? PoisonPolicy::kPause : PoisonPolicy::kPark;
}

}  // namespace entente::projector
