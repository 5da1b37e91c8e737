#include "tests/views/random_history.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>

namespace entente::views {
namespace {

std::string OneOf(Dice* dice, std::vector<std::string> words) {
  return words[static_cast<std::size_t>(Below(dice, static_cast<int>(words.size())))];
}

std::string Country(Dice* dice) { return OneOf(dice, {"JP", "IN", "US", "DE", "quad"}); }
std::string Kind(Dice* dice) { return OneOf(dice, {"two-plus-two", "summit"}); }
std::string Topic(Dice* dice) {
  return OneOf(dice, {"south-china-sea", "maritime-security", "cyber", "ukraine"});
}
v1::ChangeType::Value OneOfTypes(Dice* dice) {
  constexpr v1::ChangeType::Value kTypes[] = {
      v1::ChangeType::announced, v1::ChangeType::postponed,       v1::ChangeType::held,
      v1::ChangeType::retracted, v1::ChangeType::parties_changed, v1::ChangeType::topics_tagged};
  return kTypes[Below(dice, 6)];
}
std::string MeetingStream(Dice* dice) { return fmt::format("meeting/m0{}", Below(dice, 6)); }
std::string SubjectStream(Dice* dice) {
  return OneOf(dice,
               {"kind/two-plus-two", "country/JP", "pair/IN-JP", "series/jp-de-two-plus-two"});
}

void SetDate(Dice* dice, v1::MeetingDate* date) {
  date->set_edtf(OneOf(dice, {"2021-04-24", "2021-04-25", "2021-04", "2021-03-10", "2021",
                              "2021-05-05/2021", "2020-12-31", "2021-21", "../2021-06-01"}));
}

void SetIdentity(Dice* dice, v1::NewEvent* event) {
  event->mutable_meeting()->set_kind(Kind(dice));
  for (int i = Below(dice, 3); i >= 0; --i)
    event->mutable_meeting()->add_parties()->set_name(Country(dice));
}

// A payload that can be said of a meeting, or stand in for another in a correction.
template <class Said>
void SetPayload(Dice* dice, Said* said) {
  switch (Below(dice, 8)) {
    case 0:
      return SetDate(dice, said->mutable_meeting_announced()->mutable_date());
    case 1:
      return SetDate(dice, said->mutable_meeting_scheduled()->mutable_date());
    case 2:
      said->mutable_meeting_postponed()->set_reason("epidemic");
      if (Below(dice, 2) == 0) SetDate(dice, said->mutable_meeting_postponed()->mutable_old_date());
      return;
    case 3:
      said->mutable_meeting_held()->set_mode(v1::Mode::video);
      return SetDate(dice, said->mutable_meeting_held()->mutable_date());
    case 4:
      return said->mutable_meeting_called_off()->set_reason("domestic");
    case 5:
      said->mutable_topics_tagged()->set_topic(Topic(dice));
      said->mutable_topics_tagged()->set_relation("agenda");
      return;
    case 6:
      if (Below(dice, 2) == 0) {
        said->mutable_parties_changed()->add_added()->set_name(Country(dice));
      } else {
        said->mutable_parties_changed()->add_removed(Country(dice));
      }
      return;
    default: {
      v1::StatementMade* statement = said->mutable_statement_made();
      statement->set_who("an official");
      statement->set_summary("Something was said.");
      statement->add_topics(Topic(dice));
      for (int i = Below(dice, 3); i > 0; --i) statement->add_about(MeetingStream(dice));
      if (Below(dice, 3) == 0) statement->add_about(SubjectStream(dice));
    }
  }
}

// Events are e1, e2 …; a target may come later, or never.
std::string Target(Dice* dice, int events) {
  return fmt::format("e{}", 1 + Below(dice, events + 2));
}

v1::NewEvent RandomEvent(Dice* dice, int events) {
  v1::NewEvent event;
  event.set_stream(MeetingStream(dice));
  event.set_reported(fmt::format("2021-04-{:02}", 1 + Below(dice, 28)));
  event.mutable_source()->set_publisher(OneOf(dice, {"The Daily", "The Ministry"}));
  event.mutable_source()->set_class_(static_cast<v1::Source::Class>(1 + Below(dice, 4)));
  event.mutable_source()->set_locator(fmt::format("p. {}", 1 + Below(dice, 3)));
  event.set_backfill(Below(dice, 8) == 0);
  switch (Below(dice, 14)) {
    case 0:
      event.mutable_report_retracted()->set_target(Target(dice, events));
      event.mutable_report_retracted()->set_basis(v1::Basis::source);
      return event;
    case 1: {
      v1::ReportCorrected* corrected = event.mutable_report_corrected();
      corrected->set_target(Target(dice, events));
      corrected->set_basis(Below(dice, 2) == 0 ? v1::Basis::source : v1::Basis::encoding);
      SetPayload(dice, corrected->mutable_replacement());
      return event;
    }
    case 2: {
      const int survivor = Below(dice, 6);
      event.mutable_meetings_merged()->set_survivor(fmt::format("meeting/m0{}", survivor));
      event.mutable_meetings_merged()->set_absorbed(
          fmt::format("meeting/m0{}", (survivor + 1 + Below(dice, 5)) % 6));
      return event;
    }
    case 3: {
      v1::MeetingSplit* split = event.mutable_meeting_split();
      split->set_from(event.stream());
      split->set_to(fmt::format("meeting/s0{}", Below(dice, 2)));
      split->add_event_ids(Target(dice, events));
      return event;
    }
    case 4:
      event.mutable_meeting_linked()->set_other(MeetingStream(dice));
      event.mutable_meeting_linked()->set_relation("successor");
      return event;
    case 5:
      event.set_stream(SubjectStream(dice));
      event.mutable_claim_recorded()->set_claim(v1::ClaimRecorded::most_frequent);
      return event;
    case 6:
      event.set_stream(SubjectStream(dice));
      [[fallthrough]];
    default:
      if (Below(dice, 3) > 0) SetIdentity(dice, &event);
      do {
        SetPayload(dice, &event);
      } while (!event.stream().starts_with("meeting/") && !event.has_statement_made());
      return event;
  }
}

}  // namespace

int Below(Dice* dice, int n) { return static_cast<int>((*dice)() % static_cast<unsigned>(n)); }

void ForSeeds(int count, const std::function<void(Dice*)>& test) {
  const char* const one = std::getenv("ENTENTE_SEED");
  const char* const many = std::getenv("ENTENTE_SEEDS");
  const std::uint64_t first = one != nullptr ? std::strtoull(one, nullptr, 10) : 1;
  const std::uint64_t seeds = one != nullptr    ? 1
                              : many != nullptr ? std::strtoull(many, nullptr, 10)
                                                : static_cast<std::uint64_t>(count);
  for (std::uint64_t seed = first; seed < first + seeds && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(fmt::format("ENTENTE_SEED={}", seed));
    Dice dice(seed);
    test(&dice);
  }
}

History RandomHistory(Dice* dice, int events) {
  History history;
  for (int made = 0; made < events;) {
    std::vector<v1::NewEvent> append;
    for (int i = Below(dice, 4); i >= 0; --i, ++made) append.push_back(RandomEvent(dice, events));
    if (Below(dice, 10) == 0) history.AppendGarbage();
    history.Append(std::move(append));
  }
  return history;
}

v1::Filter RandomFilter(Dice* dice) {
  v1::Filter filter;
  for (int i = Below(dice, 3); i >= 0; --i) {
    switch (Below(dice, 12)) {
      case 0:
        filter.add_countries(Country(dice));
        break;
      case 1:
        filter.add_countries_all(Country(dice));
        break;
      case 2:
        filter.add_topics(OneOf(dice, {"security", "maritime-security", "cyber"}));
        break;
      case 3:
        filter.add_kinds(Kind(dice));
        break;
      case 4:
        filter.add_statuses(static_cast<v1::Meeting::Status>(2 + Below(dice, 8)));
        break;
      case 5:
        filter.set_from(OneOf(dice, {"2021-04-01", "2021-04", "2020"}));
        break;
      case 6:
        filter.set_to(OneOf(dice, {"2021-04-30", "2021"}));
        break;
      case 7:
        filter.add_pairs(OneOf(dice, {"IN-JP", "DE-JP", "JP-US"}));
        break;
      case 8:
        filter.add_series(OneOf(dice, {"jp-in-two-plus-two", "jp-us-two-plus-two"}));
        filter.add_series("jp-de-two-plus-two");
        break;
      case 9:
        filter.add_change_types(OneOfTypes(dice));
        break;
      case 10:
        filter.set_certainty(v1::Filter::possible);
        break;
      default:
        filter.set_certainty(v1::Filter::certain);
    }
  }
  filter.set_members_too(Below(dice, 6) == 0);
  return filter;
}

}  // namespace entente::views
