// Reports to append.
#pragma once

#include <string>
#include <vector>

#include "entente/v1/log.pb.h"

namespace entente::spine {

// Of media, about two-plus-twos.
v1::NewEvent Scheduled(const std::string& meeting, const std::vector<std::string>& parties,
                       const std::string& day, const std::string& reported = "2021-01-02");
v1::NewEvent Postponed(const std::string& meeting, const std::string& reported);
v1::NewEvent Held(const std::string& meeting, const std::vector<std::string>& parties,
                  const std::string& day);

// The n-th of many meetings, all different: India and Japan, or France and Japan where n is odd.
v1::NewEvent Numbered(int n);

v1::AppendRequest Batch(std::vector<v1::NewEvent> events);

}  // namespace entente::spine
