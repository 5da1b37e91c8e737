#include <fmt/format.h>

#include <memory>
#include <string>

#include "cli/commands/commands.h"
#include "cli/commands/question.h"
#include "cli/render/table.h"
#include "cli/render/vocabulary.h"

namespace entente::cli {
namespace {

struct VocabularyOptions {
  ContextOptions context;
  bool all = false;
};

// The whole vocabulary as it is built in; no service is asked.
std::string BuiltIn(v1::VocabularyRequest::What what, const Session& session) {
  const render::Names& names = session.names();
  render::Table table({{.heading = "word"},
                       {.heading = "name", .flexible = true, .narrowest = 20},
                       {.heading = "also", .flexible = true, .narrowest = 20}});
  if (what == v1::VocabularyRequest::countries) {
    for (const domain::KnownParty& party : names.parties.all()) {
      table.Row({{party.code, render::Tint::kStrong},
                 party.name,
                 party.until ? "until " + party.until->Iso() : ""});
    }
    return table.Print(session.style());
  }
  const auto list = what == v1::VocabularyRequest::topics  ? domain::WordList::kTopics
                    : what == v1::VocabularyRequest::kinds ? domain::WordList::kKinds
                                                           : domain::WordList::kSeries;
  for (const domain::Word& word : names.vocabulary.all(list)) {
    table.Row({{word.id, render::Tint::kStrong},
               word.name,
               fmt::format("{}", fmt::join(word.aliases, ", "))});
  }
  return table.Print(session.style());
}

ExitCode RunVocabulary(v1::VocabularyRequest::What what, const VocabularyOptions& options,
                       Session& session) {
  if (options.all) {
    session.Print(BuiltIn(what, session));
    return ExitCode::kDone;
  }
  v1::VocabularyRequest request;
  auto context = ToContext(options.context, Session::Today());
  if (!context) return session.Refuse(context.error());
  *request.mutable_context() = *std::move(context);
  request.set_what(what);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  auto reply = Ask(session, **client, options.context, request);
  if (!reply) return session.Complain(reply.error());
  if (!session.json()) {
    session.Print(render::VocabularyWords(request, *reply, session.style()));
    return ExitCode::kDone;
  }
  for (const auto& word : reply->words()) session.PrintJson(word);
  reply->clear_words();
  session.PrintJson(*reply);
  return ExitCode::kDone;
}

void AddVocabulary(CLI::App& app, Run* chosen, v1::VocabularyRequest::What what, const char* name,
                   const char* text) {
  auto options = std::make_shared<VocabularyOptions>();
  CLI::App* command = app.add_subcommand(name, text);
  command->add_flag("--all", options->all, "The whole list we know, without asking a service");
  AddContextOptions(command, &options->context);
  command->footer(fmt::format("Examples:\n  entente {0}\n  entente {0} --all", name));
  command->callback([options, chosen, what] {
    *chosen = [options, what](Session& session) { return RunVocabulary(what, *options, session); };
  });
}

}  // namespace

void AddVocabularies(CLI::App& app, Run* chosen) {
  AddVocabulary(app, chosen, v1::VocabularyRequest::countries, "countries",
                "Countries and organisations that meet, and how often");
  AddVocabulary(app, chosen, v1::VocabularyRequest::topics, "topics",
                "Topics of meetings, and how often");
  AddVocabulary(app, chosen, v1::VocabularyRequest::kinds, "kinds",
                "Kinds of meetings, and how often");
  AddVocabulary(app, chosen, v1::VocabularyRequest::series, "series",
                "Series of meetings, and how often");
}

}  // namespace entente::cli
