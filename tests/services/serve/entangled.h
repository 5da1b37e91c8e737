// A history in which meetings do not stay what they were, for whoever copies rows.
#pragma once

#include "entente/v1/event.pb.h"

namespace entente::serve {

// The meeting that has a report in every chapter, and hundreds before the first.
inline constexpr const char* kLongLife = "meeting/long-life";
// Reports of its early life, all different.
v1::NewEvent EarlyLife(int n);

// The n-th event of a history without end. Its chapters have a few meetings each, which are
// announced, put off, merged, split, corrected and withdrawn; of every other chapter the merge is
// undone, of every third the split.
v1::NewEvent Entangled(int n);
// The meeting whose merge is not undone, of the first chapter.
inline constexpr const char* kAbsorbed = "meeting/b-0";

}  // namespace entente::serve
