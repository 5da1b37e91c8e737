// The entries of the change feed that one report causes.
#pragma once

#include <optional>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"
#include "views/meetings/component_fold.h"
#include "views/projection/component.h"

namespace entente::views {

// One for each meeting of a component that is another with the report than without it. Without
// ordinals.
void AddMeetingChanges(const domain::FoldedComponent& before, const domain::FoldedComponent& after,
                       const v1::Report& added, std::vector<v1::Change>* changes);

// Of a meeting that was followed. Without an ordinal.
v1::Change MeetingChange(const std::string& id, const News& news, const v1::Report& added);

// Of a subject that is no meeting. Without an ordinal.
v1::Change SubjectChange(const std::string& subject, const v1::Report& added,
                         const domain::Vocabulary& vocabulary);

// Adds to the changes that a correction or retraction caused whom the report it acts on was told
// to: `told`, the changes which that one caused. They need not be backfill because the act is: an
// alert that was wrong is not taken back in silence.
void AddThoseTold(const std::vector<v1::Change>& told, std::vector<v1::Change>* changes);

}  // namespace entente::views
