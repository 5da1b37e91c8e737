#include "services/query/subscription/kept_change.h"

#include <gtest/gtest.h>

#include <string>

namespace entente::query {
namespace {

v1::StoredChange Stored() {
  v1::StoredChange stored;
  v1::Change* change = stored.mutable_change()->mutable_change();
  change->set_position(17);
  change->set_subject("meeting/jp-in");
  change->add_terms_after("country/JP");
  stored.mutable_change()->set_text(std::string(300, 'x'));  // its length takes two bytes
  stored.add_kin("meeting/jp-in-again");
  stored.set_deliveries(2);
  stored.set_failures(1);
  stored.set_why("printer on fire");
  stored.set_replayed(true);
  stored.set_later(true);
  return stored;
}

TEST(KeptChange, IsTheBytesOfTheWhole) {
  const KeptChange kept(Stored());
  EXPECT_EQ(kept.Row(), Stored().SerializeAsString());
  EXPECT_EQ(kept.Streams(kept.Change()),
            (std::vector<std::string>{"meeting/jp-in-again", "meeting/jp-in"}));
  EXPECT_EQ(kept.Change().SerializeAsString(), Stored().change().SerializeAsString());
}

TEST(KeptChange, WhatHappensToItIsInTheRow) {
  KeptChange kept(Stored());
  kept.deliveries = 3;
  kept.set_why("");
  v1::StoredChange expected = Stored();
  expected.set_deliveries(3);
  expected.clear_why();
  EXPECT_EQ(kept.Row(), expected.SerializeAsString());
}

}  // namespace
}  // namespace entente::query
