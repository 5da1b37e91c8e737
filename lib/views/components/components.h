// Which streams hang together, because some report merges, splits or corrects across them, and so
// are folded as one. Components only grow: a merge that was undone still has to be folded to know
// that it was.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "views/rows/draft.h"

namespace entente::views {

// All streams of the component, sorted; the stream alone where nothing connects it. The first is
// the component's name.
std::vector<std::string> ComponentOf(const Snapshot& snapshot, std::string_view stream);
// Of each of these streams whether nothing connects it.
std::vector<bool> StandAlone(const Snapshot& snapshot, std::span<const std::string> streams);
// Makes one component of those these streams belong to. The rows depend on what is connected, not
// on the order in which it was.
void Connect(std::span<const std::string> streams, Draft* draft);

}  // namespace entente::views
