// What a damaged write-ahead log still says about itself.
#pragma once

#include <filesystem>
#include <string>

#include "values/position.h"

namespace entente::log {

// RocksDB stops reading a WAL at its first damaged record, and whole records behind it are never
// seen. This looks for whole commits anywhere in a WAL file and returns the highest
// durable_through among them: events up to there were acknowledged. Position() if there is none;
// unreadable files say nothing.
Position DurableThroughInWal(const std::filesystem::path& file);

// The file without the headers at the beginnings of blocks, so that whatever was written in one
// record lies in one piece. Trusts no length: a damaged one must not hide what lies behind it.
std::string ContentOfWal(const std::filesystem::path& file);

}  // namespace entente::log
