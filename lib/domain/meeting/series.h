// The series that a meeting is one of where no report names it.
#pragma once

#include "domain/meeting/registries.h"
#include "entente/v1/meeting.pb.h"

namespace entente::domain {

// Sets the series that kind and sides make, as doubtful as these are.
void DeriveSeries(const Registries& registries, v1::Meeting& meeting);

}  // namespace entente::domain
