// Which reports exist for a question that is put as of a day.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "domain/meeting/fold.h"
#include "domain/meeting/said.h"

namespace entente::domain {

// What the log held and what of that the sources had said.
struct Visible {
  // Lowest rank first. As of a recorded time or position: what the log held then; all of it,
  // because whether a target is known is a question to the log.
  std::vector<Said> recorded;
  // For each of these: the sources had said it by the reported day asked for. Acts of ours count
  // as said always; a correction or retraction with basis `encoding` as soon as its target does.
  std::vector<bool> said;
  // The questions as of which just this is there.
  AsOfSpan span;
};

Visible WhatWasThere(std::span<const v1::Report* const> reports, const AsOf& as_of);

// What we did rather than what a source said: merge, split, link, coverage, and corrections of
// our own mistakes. Identification of today applies to every day asked about.
bool IsActOfOurs(const v1::Facts& facts);

}  // namespace entente::domain
