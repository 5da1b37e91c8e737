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

domain::WordList ListOf(v1::VocabularyRequest::What what) {
  if (what == v1::VocabularyRequest::topics) return domain::WordList::kTopics;
  return what == v1::VocabularyRequest::kinds ? domain::WordList::kKinds
                                              : domain::WordList::kSeries;
}

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
  for (const domain::Word& word : names.vocabulary.all(ListOf(what))) {
    table.Row({{word.id, render::Tint::kStrong},
               word.name,
               fmt::format("{}", fmt::join(word.aliases, ", "))});
  }
  return table.Print(session.style());
}

// The same for programs: one Word a line, as of a reply.
void PrintBuiltInAsJson(v1::VocabularyRequest::What what, Session& session) {
  const render::Names& names = session.names();
  v1::VocabularyReply::Word line;
  if (what == v1::VocabularyRequest::countries) {
    for (const domain::KnownParty& party : names.parties.all()) {
      line.set_id(party.code);
      line.set_name(party.name);
      session.PrintJson(line);
    }
    return;
  }
  for (const domain::Word& word : names.vocabulary.all(ListOf(what))) {
    line.set_id(word.id);
    line.set_name(word.name);
    line.set_broader(what == v1::VocabularyRequest::topics ? word.broader : "");
    session.PrintJson(line);
  }
}

ExitCode RunVocabulary(v1::VocabularyRequest::What what, const VocabularyOptions& options,
                       Session& session) {
  if (options.all) {
    session.json() ? PrintBuiltInAsJson(what, session)
                   : static_cast<void>(session.Print(BuiltIn(what, session)));
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
