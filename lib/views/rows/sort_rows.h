// Sorts the rows of a batch.
#pragma once

#include <vector>

#include "views/row_delta.h"

namespace entente::views {

// By key. Keys of one view share long beginnings, which a sort by whole keys compares again and
// again; this one compares eight bytes at a time and those that are alike no further than need be
// (multikey quicksort of Bentley and Sedgewick, "Fast Algorithms for Sorting and Searching
// Strings", 1997, with eight bytes for a letter). What comes in order, as a feed does, is left.
void SortByKey(std::vector<RowChange>* rows);

}  // namespace entente::views
