#include "cli/commands/question.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "domain/dates/uncertain_date.h"
#include "values/recorded_time.h"

namespace entente::cli {
namespace {

Result<std::string> IsoDay(const std::string& text, const char* option) {
  if (const auto day = Day::FromIso(text)) return day->Iso();
  return Fail(Reason::kDateInvalid, option, text, "expected one day, such as 2021-05-05");
}

// A whole list resolved, or the first word that is not known.
template <class Resolve>
Status ResolveAll(const std::vector<std::string>& words, const char* option, Resolve resolve,
                  google::protobuf::RepeatedPtrField<std::string>* out) {
  for (const std::string& word : words) {
    auto resolved = resolve(word);
    if (!resolved) return Fail(std::move(resolved.error()).At(option));
    *out->Add() = *std::move(resolved);
  }
  return {};
}

Result<std::string> Code(const render::Names& names, const std::string& name) {
  auto party = names.parties.Resolve(name);
  if (!party) return Fail(std::move(party.error()));
  return (*party)->code;
}

// JP-IN, Japan-India or IN/JP as the pair's name, codes sorted.
Result<std::string> PairName(const render::Names& names, const std::string& text) {
  // A name may hold a dash itself, so every dash is tried.
  for (std::size_t at = text.find_first_of("-/"); at != std::string::npos;
       at = text.find_first_of("-/", at + 1)) {
    const auto left = Code(names, text.substr(0, at));
    const auto right = Code(names, text.substr(at + 1));
    if (left && right) {
      return fmt::format("{}-{}", std::min(*left, *right), std::max(*left, *right));
    }
  }
  return Fail(Reason::kQueryInvalid, "", text, "expected two parties with a dash, such as JP-IN");
}

Result<std::string> Word(const render::Names& names, domain::WordList list,
                         const std::string& text) {
  auto word = names.vocabulary.Resolve(list, text);
  if (!word) return Fail(std::move(word.error()));
  return (*word)->id;
}

// Words of an enum, as people write them: "called off", "called-off" or "called_off".
std::string EnumWord(std::string text) {
  std::replace(text.begin(), text.end(), ' ', '_');
  std::replace(text.begin(), text.end(), '-', '_');
  return text;
}

Error NotAWordOf(const google::protobuf::EnumDescriptor& values, std::string_view prefix,
                 const char* option, const std::string& text) {
  Error error = Fail(Reason::kWordUnknown, option, text, "").value();
  for (int i = 0; i < values.value_count(); ++i) {
    if (values.value(i)->number() == 0) continue;
    error.suggestions.push_back(values.value(i)->name().substr(prefix.size()));
  }
  return error;
}

Status AddStatuses(const FilterOptions& options, v1::Filter* filter) {
  for (const std::string& text : options.statuses) {
    v1::Meeting::Status status = v1::Meeting::status_unspecified;
    if (!v1::Meeting::Status_Parse("status_" + EnumWord(text), &status) ||
        status == v1::Meeting::status_unspecified) {
      Error unknown = NotAWordOf(*v1::Meeting::Status_descriptor(), "status_", "--status", text);
      std::erase(unknown.suggestions, "withdrawn");  // such meetings are in no list
      return Fail(std::move(unknown));
    }
    filter->add_statuses(status);
  }
  for (const std::string& text : options.changes) {
    v1::ChangeType::Value type = v1::ChangeType::unspecified;
    if (!v1::ChangeType::Value_Parse(EnumWord(text), &type) ||
        type == v1::ChangeType::unspecified) {
      return Fail(NotAWordOf(*v1::ChangeType::Value_descriptor(), "", "--type", text));
    }
    filter->add_change_types(type);
  }
  return {};
}

Status AddWindow(const FilterOptions& options, v1::Filter* filter) {
  for (const auto& [text, option] :
       {std::pair(&options.from, options.from_option), {&options.to, options.to_option}}) {
    if (text->empty()) continue;
    if (auto date = domain::UncertainDate::Parse(*text); !date) {
      return Fail(std::move(date.error()).At(option));
    }
  }
  filter->set_from(options.from);
  filter->set_to(options.to);
  if (options.certain) filter->set_certainty(v1::Filter::certain);
  if (options.possible) filter->set_certainty(v1::Filter::possible);
  return {};
}

}  // namespace

void AddContextOptions(CLI::App* command, ContextOptions* options, AsOfOptions which) {
  const char* const group = "As of";
  if (which != AsOfOptions::kWithoutReported) {
    command
        ->add_option("--as-of", options->as_of, "Only what sources had said by the end of this day")
        ->type_name("DAY")
        ->group(group);
  }
  if (which != AsOfOptions::kWithoutRecorded) {
    command
        ->add_option("--recorded", options->recorded,
                     "Only what our log held at the end of this UTC day, or at this time")
        ->type_name("DAY|TIME")
        ->group(group);
    command
        ->add_option("--position", options->position,
                     "Only what our log held at this position: repeats an answer given there")
        ->type_name("POSITION")
        ->group(group);
  }
  command
      ->add_option("--today", options->today,
                   "The day to call today; else the as-of day, else the clock's")
      ->type_name("DAY")
      ->group(group);
  command
      ->add_option("--at-least", options->at_least,
                   "Answer only once this position of the log is in the views; else the last one "
                   "you appended. 0: answer at once")
      ->type_name("POSITION")
      ->group(group);
}

Result<v1::QueryContext> ToContext(const ContextOptions& options, Day clock) {
  v1::QueryContext context;
  std::string today = clock.Iso();
  if (!options.as_of.empty()) {
    auto day = IsoDay(options.as_of, "--as-of");
    if (!day) return Fail(std::move(day.error()));
    context.mutable_as_of()->set_reported(*day);
    today = *std::move(day);
  }
  if (!options.recorded.empty()) {
    if (!Day::FromIso(options.recorded) && !RecordedTimeFromRfc3339(options.recorded)) {
      return Fail(Reason::kTimeInvalid, "--recorded", options.recorded,
                  "expected a UTC day (2021-05-05) or a time (2021-05-05T09:30:00Z)");
    }
    context.mutable_as_of()->set_recorded(options.recorded);
  }
  if (!options.today.empty()) {
    auto day = IsoDay(options.today, "--today");
    if (!day) return Fail(std::move(day.error()));
    today = *std::move(day);
  }
  context.set_today(today);
  if (options.position > 0) context.mutable_as_of()->set_position(options.position);
  // A position that the views have not reached yet cannot be looked back to.
  context.set_at_least_position(std::max(options.at_least.value_or(0), options.position));
  return context;
}

std::uint64_t AppendedBefore(const Session& session, const ContextOptions& options) {
  return options.at_least || options.position > 0 ? 0 : session.last_append().Read();
}

void WarnOfLateViews(Session& session, client::Client& client, std::uint64_t appended) {
  const auto log = client.Status(client::Client::Service::kIngest);
  if (log && log->durable_position() < appended) return session.last_append().Forget();
  session.Warn(fmt::format(
      "What you appended last, up to position {}, is not in the views yet; this is the answer "
      "without it. (--at-least {} waits, --timeout says how long.)",
      appended, appended));
}

void AddFilterOptions(CLI::App* command, FilterOptions* options, Asks asks) {
  const char* const group = "Which";
  // Of changes `--from` says where in the log to begin.
  const bool changes = asks == Asks::kChanges;
  if (changes) {
    options->from_option = "--day-from";
    options->to_option = "--day-to";
  }
  const auto list = [&](const char* name, std::vector<std::string>* words, const char* text,
                        const char* type) {
    command->add_option(name, *words, text)->type_name(type)->delimiter(',')->group(group);
  };
  list("-c,--country", &options->countries, "Takes part: any of these (codes or names)", "PARTY");
  list("--with", &options->with, "Takes part as well: all of these", "PARTY");
  list("--pair", &options->pairs, "Exactly these two take part, such as JP-IN", "PAIR");
  list("-t,--topic", &options->topics, "Has one of these topics, or a narrower one", "TOPIC");
  list("-k,--kind", &options->kinds, "Kind of meeting, such as two-plus-two", "KIND");
  list("--series", &options->series, "Series, such as a kind with fixed parties", "SERIES");
  // What lapses does so by the calendar: no report says it, and no change.
  list("-s,--status", &options->statuses,
       changes ? "reported, announced, scheduled, postponed, called_off, cancelled, held"
               : "reported, announced, scheduled, lapsed, postponed, called_off, cancelled, held",
       "STATUS");
  if (changes) {
    list("--type", &options->changes, "What happened, such as postponed, held, retracted", "TYPE");
  }
  command
      ->add_option(options->from_option, options->from,
                   "The meeting's first day is on or after this date")
      ->type_name("DATE")
      ->group(group);
  command
      ->add_option(options->to_option, options->to,
                   "The meeting's first day is on or before this date")
      ->type_name("DATE")
      ->group(group);
  auto* certain =
      command->add_flag("--certain", options->certain, "Only those certainly within the dates")
          ->group(group);
  command
      ->add_flag("--possible", options->possible,
                 "Those possibly within the dates, too (the default)")
      ->excludes(certain)
      ->group(group);
  command
      ->add_flag("--members-too", options->members_too,
                 "Also meetings of organisations the country was a member of that day")
      ->group(group);
  command
      ->add_flag("--multi-party", options->multi_party,
                 "Count meetings of three and more among a pair's, too")
      ->group(group);
}

Result<v1::Filter> ToFilter(const FilterOptions& options, const render::Names& names) {
  v1::Filter filter;
  const auto code = [&](const std::string& text) { return Code(names, text); };
  const auto pair = [&](const std::string& text) { return PairName(names, text); };
  const auto word = [&](domain::WordList list) {
    return [&names, list](const std::string& text) { return Word(names, list, text); };
  };
  for (const Status& status :
       {ResolveAll(options.countries, "--country", code, filter.mutable_countries()),
        ResolveAll(options.with, "--with", code, filter.mutable_countries_all()),
        ResolveAll(options.pairs, "--pair", pair, filter.mutable_pairs()),
        ResolveAll(options.topics, "--topic", word(domain::WordList::kTopics),
                   filter.mutable_topics()),
        ResolveAll(options.kinds, "--kind", word(domain::WordList::kKinds), filter.mutable_kinds()),
        ResolveAll(options.series, "--series", word(domain::WordList::kSeries),
                   filter.mutable_series()),
        AddStatuses(options, &filter), AddWindow(options, &filter)}) {
    if (!status) return Fail(status.error());
  }
  filter.set_members_too(options.members_too);
  filter.set_multi_party(options.multi_party);
  return filter;
}

}  // namespace entente::cli
