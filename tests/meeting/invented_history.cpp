#include "tests/meeting/invented_history.h"

#include <fmt/format.h>

#include <array>

namespace entente::domain {

namespace {

class Inventor {
 public:
  Inventor(std::uint64_t seed, HistoryShape shape) : random_(seed), shape_(shape) {}

  std::vector<v1::Report> Invent() {
    streams_ = shape_.one_stream ? 1 : Below(3) + 1;
    parties_ = Below(5) + 2;
    const std::size_t count = Below(22) + 2;
    while (reports_.size() < count) reports_.push_back(InventReport());
    return std::move(reports_);
  }

 private:
  std::size_t Below(std::size_t n) {
    return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_);
  }
  bool OneIn(std::size_t n) { return Below(n) == 0; }
  template <class Array>
  auto Pick(const Array& from) {
    return from[Below(from.size())];
  }

  std::string Stream() { return fmt::format("meeting/m-{}", Below(streams_)); }

  // Few days, so that reports meet; often the two on both sides of midnight.
  std::string Date() {
    static constexpr std::array kCoarse = {"2021",
                                           "2021-04",
                                           "2021-05",
                                           "[2021-04-04,2021-04-05]",
                                           "[2021-04-03,2021-05-02]",
                                           "2021-04-02/2021-04-06",
                                           "2021-04-05/..",
                                           "2021-04-XX",
                                           "2021-22",
                                           "2021-04-05~"};
    if (OneIn(3)) return Pick(kCoarse);
    if (OneIn(3)) return Pick(std::array{"2021-04-05", "2021-04-06"});
    return fmt::format("2021-{:02}-{:02}", Below(2) + 4, Below(6) + 1);
  }

  std::string Reported() {
    if (OneIn(12)) return Pick(std::array{"2021-04", "2021", "2021-03-30/2021-04-02"});
    const std::string day = fmt::format("2021-{:02}-{:02}", Below(2) + 4, Below(5) + 1);
    if (!OneIn(3)) return day;
    return fmt::format("{}T{:02}:00:00{}", day, Below(4) + 8, Pick(std::array{"Z", "+09:00"}));
  }

  void Set(v1::MeetingDate& date) {
    date.set_edtf(Date());
    if (!OneIn(3)) date.set_stated_by(Party());
    if (OneIn(8)) date.set_last_day("2021-05-09");
  }

  std::string Party() {
    static constexpr std::array kParties = {"JP", "IN", "US", "GB", "DE", "ID"};
    return kParties[Below(parties_)];
  }

  std::string Reason() { return Pick(std::array{"", "epidemic", "dispute", "unknown"}); }
  v1::Mode::Value Mode() { return static_cast<v1::Mode::Value>(Below(5)); }

  void Identify(v1::MeetingIdentity& identity) {
    identity.set_kind(Pick(std::array{"two-plus-two", "two-plus-two", "summit"}));
    for (std::size_t n = Below(parties_) + 1; n > 0; --n) {
      auto& party = *identity.add_parties();
      party.set_name(Party());
      if (OneIn(5)) party.set_role(static_cast<v1::Party::Role>(Below(6)));
    }
    if (OneIn(4)) identity.set_ordinal(static_cast<std::uint32_t>(Below(3)));
    if (shape_.whatever && OneIn(8)) {
      identity.set_series(Pick(std::array{"jp-in-two-plus-two", "g7-summit"}));
    }
    if (shape_.whatever && OneIn(8)) identity.set_title(Pick(std::array{"Talks", "Dialogue"}));
  }

  std::string Topic() { return Pick(std::array{"maritime-security", "trade", "cyber", "ukraine"}); }

  // What the histories of old do not have.
  void TellWhatever(v1::Facts& facts) {
    switch (Below(7)) {
      case 0: {
        auto& outcome = *facts.mutable_outcome_recorded();
        outcome.set_kind(Pick(std::array{"joint_statement", "agreement"}));
        outcome.set_summary(Pick(std::array{"", "more talks"}));
        outcome.add_topics(Topic());
        if (OneIn(2)) outcome.add_topics(Topic());
        break;
      }
      case 1: {
        auto& claim = *facts.mutable_claim_recorded();
        claim.set_claim(v1::ClaimRecorded::nth_meeting);
        claim.set_value(static_cast<std::uint32_t>(Below(3)) + 1);
        break;
      }
      case 2:
      case 3:
        for (std::size_t n = Below(3) + 1; n > 0; --n) {
          auto& attendee = *facts.mutable_attendees_named()->add_attendees();
          attendee.set_party(Party());
          attendee.set_post(Pick(std::array{"foreign-minister", "defence-minister"}));
          attendee.set_person(Pick(std::array{"", "A. Able", "B. Brave"}));
        }
        break;
      case 4: {
        auto& statement = *facts.mutable_statement_made();
        statement.set_who(Party());
        statement.set_summary(Pick(std::array{"hopes", "regrets", "insists"}));
        statement.add_topics(Topic());
        break;
      }
      case 5: {
        auto& held = *facts.mutable_meeting_held();
        Set(*held.mutable_date());
        held.set_place(Pick(std::array{"", "Tokyo", "Delhi"}));
        held.set_duration(Pick(std::array{"", "PT2H", "P1D"}));
        break;
      }
      default: {
        auto& changed = *facts.mutable_parties_changed();
        changed.set_level(Pick(std::array{"", "ministers", "leaders"}));
        if (OneIn(2)) changed.add_added()->set_name(Party());
        break;
      }
    }
  }

  void Tell(v1::Facts& facts) {
    if (OneIn(2)) Identify(*facts.mutable_meeting());
    if (shape_.whatever && OneIn(3)) return TellWhatever(facts);
    switch (Below(15)) {
      case 0:
        if (OneIn(2)) Set(*facts.mutable_meeting_announced()->mutable_date());
        if (OneIn(3)) facts.mutable_meeting_announced()->add_announced_by(Party());
        facts.mutable_meeting_announced()->set_mode(Mode());
        break;
      case 1:
      case 2:
        Set(*facts.mutable_meeting_scheduled()->mutable_date());
        break;
      case 3:
        if (OneIn(2)) Set(*facts.mutable_meeting_rescheduled()->mutable_previous_date());
        Set(*facts.mutable_meeting_rescheduled()->mutable_new_date());
        break;
      case 4:
        if (OneIn(2)) Set(*facts.mutable_meeting_postponed()->mutable_old_date());
        facts.mutable_meeting_postponed()->set_reason(Reason());
        if (OneIn(3)) facts.mutable_meeting_postponed()->set_until(Date());
        break;
      case 5:
        facts.mutable_meeting_called_off()->set_reason(Reason());
        break;
      case 6:
        facts.mutable_meeting_cancelled()->set_reason(Reason());
        break;
      case 7:
        facts.mutable_meeting_reinstated();
        if (OneIn(2)) Set(*facts.mutable_meeting_reinstated()->mutable_date());
        break;
      case 8:
        facts.mutable_meeting_moved()->set_mode(Mode());
        facts.mutable_meeting_moved()->set_place(Pick(std::array{"", "Tokyo", "Delhi"}));
        break;
      case 9:
      case 10: {
        auto& held = *facts.mutable_meeting_held();
        Set(*held.mutable_date());
        held.set_mode(Mode());
        auto& attendee = *held.add_attendees();
        attendee.set_party(Party());
        attendee.set_post("foreign-minister");
        attendee.set_person(Pick(std::array{"", "A. Able", "B. Brave"}));
        break;
      }
      case 11: {
        auto& not_held = *facts.mutable_meeting_not_held();
        if (OneIn(2)) Set(*not_held.mutable_date());
        not_held.set_instead(static_cast<v1::MeetingNotHeld::Instead>(Below(5)));
        break;
      }
      case 12:
        facts.mutable_parties_changed()->add_removed(Party());
        if (OneIn(2)) facts.mutable_parties_changed()->add_added()->set_name(Party());
        break;
      case 13:
        facts.mutable_topics_tagged()->set_topic("maritime-security");
        facts.mutable_topics_tagged()->set_relation("agenda");
        facts.mutable_topics_tagged()->set_remove(OneIn(3));
        break;
      default:
        facts.mutable_statement_made()->set_who(Party());
        facts.mutable_statement_made()->set_summary(Pick(std::array{"hopes", "regrets"}));
        if (!shape_.one_stream && OneIn(2)) facts.mutable_statement_made()->add_about(Stream());
        break;
    }
  }

  // An event that there is, will be, or never was.
  std::string Target() { return OneIn(10) ? "nobody" : Name(Below(reports_.size() + 3)); }
  static std::string Name(std::size_t n) { return fmt::format("e{:02}", (n * 37) % 61); }

  v1::Basis::Value Basis() {
    return shape_.acts_of_ours && OneIn(2) ? v1::Basis::encoding : v1::Basis::source;
  }

  void Act(v1::Facts& facts) {
    switch (Below(shape_.acts_of_ours ? 6 : 3)) {
      case 0:
        facts.mutable_report_retracted()->set_target(Target());
        facts.mutable_report_retracted()->set_basis(Basis());
        break;
      case 1:
      case 2: {
        auto& corrected = *facts.mutable_report_corrected();
        corrected.set_target(Target());
        corrected.set_basis(Basis());
        Tell(*corrected.mutable_replacement());
        // Mostly of the right type: another word of the report aimed at.
        for (const auto& report : reports_) {
          if (report.event_id() != corrected.target() || OneIn(5)) continue;
          *corrected.mutable_replacement() = report.facts();
          if (report.facts().has_meeting_scheduled()) {
            Set(*corrected.mutable_replacement()->mutable_meeting_scheduled()->mutable_date());
          }
        }
        break;
      }
      case 3:
        facts.mutable_meetings_merged()->set_survivor(Stream());
        facts.mutable_meetings_merged()->set_absorbed(Stream());
        break;
      case 4: {
        auto& split = *facts.mutable_meeting_split();
        split.set_from(Stream());
        split.set_to(fmt::format("meeting/m-{}", 7 + Below(2)));
        for (std::size_t n = Below(3) + 1; n > 0; --n) split.add_event_ids(Target());
        break;
      }
      default:
        facts.mutable_meeting_linked()->set_other(Stream());
        facts.mutable_meeting_linked()->set_relation("successor");
        break;
    }
  }

  v1::Report InventReport() {
    v1::Report report;
    report.set_position(reports_.size() + 1);
    report.set_event_id(Name(reports_.size()));
    report.set_stream(Stream());
    report.set_reported(Reported());
    report.set_class_(static_cast<v1::Source::Class>(Pick(std::array{1, 1, 1, 2, 2, 2, 2, 3, 4})));
    report.set_publisher(Pick(std::array{"Kyodo", "Jiji", "Ministry", "Embassy"}));
    if (shape_.acts && OneIn(4)) {
      Act(*report.mutable_facts());
    } else {
      Tell(*report.mutable_facts());
    }
    return report;
  }

  std::mt19937_64 random_;
  HistoryShape shape_;
  std::size_t streams_ = 1;
  std::size_t parties_ = 2;
  std::vector<v1::Report> reports_;
};

}  // namespace

std::vector<v1::Report> InventHistory(std::uint64_t seed, HistoryShape shape) {
  return Inventor(seed, shape).Invent();
}

}  // namespace entente::domain
