// What is done with an event that cannot be folded.
#pragma once

namespace entente::projector {

enum class PoisonPolicy {
  kPark,   // it is put aside with its error, and what follows is projected
  kPause,  // the views stay before it until a person has seen to it
};

}  // namespace entente::projector
