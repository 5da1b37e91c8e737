// Durable subscriptions in text.
#pragma once

#include <string>

#include "cli/render/style.h"
#include "entente/v1/subscription.pb.h"

namespace entente::cli::render {

// A table: where each stands, and what it waits for.
std::string Subscriptions(const v1::ListGroupsReply& reply, const Style& style);
// One parked change, why it is parked, and how to name it.
std::string Parked(const v1::ParkedReply::Parked& parked, const Style& style);

}  // namespace entente::cli::render
