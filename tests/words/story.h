// Short ways to write down the states and reports that sentences are made from.
#pragma once

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <initializer_list>
#include <string>
#include <vector>

#include "entente/v1/meeting.pb.h"
#include "entente/v1/view.pb.h"

namespace entente::domain {

// A meeting's state, built up from left to right: Of("JP IN").On("2021-04-24").Postponed().
class State {
 public:
  // Nothing is known yet.
  State() { meeting_.set_id("meeting/jp-in-2021"); }
  // A two-plus-two of these, announced.
  static State Of(const std::string& codes) {
    State state;
    state.meeting_.mutable_kind()->set_value("two-plus-two");
    state.meeting_.set_standing(v1::Meeting::announced);
    return state.With(codes);
  }
  State With(const std::string& codes, v1::Party::Role role = v1::Party::participant) const {
    State state = *this;
    for (std::size_t i = 0; i < codes.size();) {
      const std::size_t end = std::min(codes.find(' ', i), codes.size());
      auto* party = state.meeting_.add_parties();
      party->set_code(codes.substr(i, end - i));
      party->set_role(role);
      i = end + 1;
    }
    return state;
  }
  State Without(const std::string& code) const {
    return But([&](v1::Meeting& m) {
      for (auto& party : *m.mutable_parties()) {
        if (party.code() == code) party.set_removed(true);
      }
    });
  }
  State On(const std::string& edtf, const std::string& last_day = {}) const {
    return But([&](v1::Meeting& m) {
      m.mutable_date()->set_state(v1::DateFact::dated);
      m.mutable_date()->mutable_fact()->set_value(edtf);
      m.mutable_date()->set_last_day(last_day);
    });
  }
  State Postponed(const std::string& reason = {}, const std::string& until = {}) const {
    return Because(reason).But([&](v1::Meeting& m) {
      m.mutable_date()->set_state(v1::DateFact::postponed);
      if (!until.empty()) m.mutable_until()->set_value(until);
    });
  }
  State Because(const std::string& reason) const {
    return But([&](v1::Meeting& m) {
      if (!reason.empty()) m.mutable_reason()->set_value(reason);
    });
  }
  State Outcome(v1::Meeting::Outcome outcome) const {
    return But([&](v1::Meeting& m) { m.mutable_outcome()->set_value(outcome); });
  }
  State Held() const { return Outcome(v1::Meeting::held); }
  State Reported() const {
    return But([](v1::Meeting& m) { m.set_standing(v1::Meeting::reported); });
  }
  State Withdrawn() const {
    return But([](v1::Meeting& m) { m.set_standing(v1::Meeting::withdrawn); });
  }
  State In(const std::string& place) const {
    return But([&](v1::Meeting& m) { m.mutable_place()->set_value(place); });
  }
  State By(const std::string& mode) const {
    return But([&](v1::Meeting& m) { m.mutable_mode()->set_value(mode); });
  }
  template <class Change>
  State But(Change change) const {
    State state = *this;
    change(state.meeting_);
    return state;
  }

  const v1::Meeting& meeting() const { return meeting_; }

 private:
  v1::Meeting meeting_;
};

// What a report says, in protobuf text form: Says("meeting_postponed { reason: 'epidemic' }").
inline v1::Report Says(const std::string& facts,
                       v1::Source::Class source_class = v1::Source::media) {
  v1::Report report;
  report.set_reported("2021-05-05");
  report.mutable_source()->set_publisher("The Example Daily");
  report.mutable_source()->set_locator("p. 14");
  report.mutable_source()->set_class_(source_class);
  report.set_class_(source_class);
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(facts, report.mutable_facts()))
      << facts;
  return report;
}

inline v1::Change Because(std::initializer_list<v1::ChangeType::Value> reasons,
                          const std::string& subject = "meeting/jp-in-2021") {
  v1::Change change;
  change.set_subject(subject);
  for (const auto reason : reasons) change.add_reasons(reason);
  return change;
}

}  // namespace entente::domain
