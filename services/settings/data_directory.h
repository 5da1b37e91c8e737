// The data directory: where it is, and what it is marked as.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "values/error.h"

namespace entente::settings {

// $XDG_DATA_HOME/entente, or ~/.local/share/entente (XDG Base Directory Specification 0.8: a
// relative $XDG_DATA_HOME is ignored). CONFIG_INVALID when there is no home either.
Result<std::filesystem::path> DefaultDataDirectory();

// Makes it, readable by its owner alone, if it is not there. FILE_UNREADABLE.
Status MakeDataDirectory(const std::filesystem::path& data);
// What every service does first: makes it, and gives the word it is marked with, which is the one
// given or else that of its MARKER. FILE_UNREADABLE.
Result<std::string> PrepareDataDirectory(const std::filesystem::path& data,
                                         const std::string& marker);

// The word in DATA/MARKER, such as SAMPLE, so that nobody takes a toy for the real log; empty where
// there is none. FILE_UNREADABLE.
Result<std::string> ReadMarker(const std::filesystem::path& data);
// FILE_UNREADABLE.
Status WriteMarker(const std::filesystem::path& data, std::string_view marker);

// Replaces a file by one of this content: readers see the old one or the new one, whole.
Status ReplaceFile(const std::filesystem::path& file, std::string_view content);

}  // namespace entente::settings
