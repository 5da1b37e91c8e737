// Asks a projector about its generations, and waits for what it does with them.
#pragma once

#include <functional>
#include <string>

#include "entente/v1/view.pb.h"
#include "log/digest.h"
#include "tests/services/spine/spine.h"
#include "tests/services/spine/wire.h"

namespace entente::spine {

using Change = v1::ChangeGenerationsRequest;
using GenerationsReply = tl::expected<v1::GenerationsReply, Errors>;

GenerationsReply Ask(Spine& spine, const Change& change);
// EXPECTs that it begins.
void Rebuild(Spine& spine, bool hold = false);
// Until the one being built waits at the head; false after kPatience.
bool AwaitHeld(Spine& spine);
v1::GenerationsReply Generations(Spine& spine);
// Such as "g1 kept, g2 current".
std::string Show(const v1::GenerationsReply& reply);

// Waits until it answers from this generation; false after kPatience.
bool AwaitGeneration(Spine& spine, client::Client::Service service, const std::string& name);

// Of the projector's rows; of a replica's on the disk, whose service is stopped.
log::Digest DigestOfProjector(Spine& spine);
log::Digest DigestOfReplica(Spine& spine);
// Of the rows that a projector makes from nothing, up to where it stands; it goes on with those.
log::Digest DigestFoldedAnew(Spine& spine, projector::Config given = {});

}  // namespace entente::spine
