// "name  value  [1] [2]" lines, as `entente meeting` and `entente subject` show facts.
#pragma once

#include <google/protobuf/repeated_field.h>

#include <string>
#include <string_view>

#include "cli/render/names.h"
#include "cli/render/style.h"
#include "cli/render/table.h"
#include "entente/v1/meeting.pb.h"

namespace entente::cli::render {

// "[1] [3]": the reports that say so, as numbered in the list below the facts.
std::string Citations(const google::protobuf::RepeatedField<std::uint32_t>& said_by);

// Collects facts and prints them as one table of name, value and citations.
class FactList {
 public:
  FactList();
  // A name is printed once: repeat it and it stays empty.
  void Add(std::string_view name, std::string value,
           const google::protobuf::RepeatedField<std::uint32_t>& said_by, Tint tint = Tint::kPlain);
  // The fact, marked where it is disputed or unconfirmed, and the values that did not win.
  // `in_words` turns values into words; an empty fact becomes `absent`, or nothing if that is
  // empty too.
  void Add(std::string_view name, const v1::Fact& fact, std::string (*in_words)(std::string_view),
           std::string_view absent);
  void AddStatements(const google::protobuf::RepeatedPtrField<v1::StatementFact>& statements);
  void AddClaims(const google::protobuf::RepeatedPtrField<v1::ClaimFact>& claims,
                 const Names& names);

  std::string Print(const Style& style) const { return table_.Print(style); }

 private:
  Table table_;
  std::string last_name_;
};

// "What does not fit", one line a finding; empty if there is none.
std::string Findings(const google::protobuf::RepeatedPtrField<v1::Finding>& findings,
                     const Style& style);

// The numbered reports with source, class, times, position and fate.
std::string Reports(const google::protobuf::RepeatedPtrField<v1::Report>& reports,
                    const Style& style);

}  // namespace entente::cli::render
