// How ingest is. Pure.
#pragma once

#include <string>

#include "entente/v1/log.pb.h"
#include "log/log.h"

namespace entente::ingest {

// Red when the log takes no appends, amber when it has notes.
v1::StatusReply MakeStatus(const log::LogStatus& log, const std::string& data_directory,
                           const std::string& marker);

}  // namespace entente::ingest
