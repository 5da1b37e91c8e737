// When two spellings are the same name.
#pragma once

#include <string>
#include <string_view>

namespace entente::domain {

// The part of a spelling that tells names apart; two spellings with one key are one name:
//
//     "Côte d'Ivoire"            cote divoire
//     "The St. Kitts & Nevis"    saint kitts and nevis
//     "Guinea-Bissau"            guinea bissau
//     "U.S."                     us
//
// Lower case by Unicode's case folding, compatibility forms and accents resolved (NFKD without
// marks), apostrophes and full stops dropped, all other punctuation a single space, "&" read as
// "and", "st" before another word as "saint", a leading "the" dropped. Empty for text that is not
// UTF-8 or that holds nothing but punctuation. Pure.
std::string NameKey(std::string_view text);

}  // namespace entente::domain
