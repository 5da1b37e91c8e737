// What every reading command asks alike: as of when, about what, how much.
#pragma once

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/render/names.h"
#include "cli/session.h"
#include "client/client.h"
#include "domain/event/stream_name.h"
#include "entente/v1/query.pb.h"
#include "values/day.h"
#include "values/error.h"

namespace entente::cli {

struct ContextOptions {
  std::string as_of;
  std::string recorded;
  std::uint64_t position = 0;  // 0: now
  std::string today;
  std::optional<std::uint64_t> at_least;  // else what this user appended last
};
// Which of them a command has: all, or those that leave open what we had recorded, or what sources
// had said.
enum class AsOfOptions { kAll, kWithoutRecorded, kWithoutReported };
void AddContextOptions(CLI::App* command, ContextOptions* options,
                       AsOfOptions which = AsOfOptions::kAll);
// `today` is the day given, else the as-of day, else `clock`. DATE_INVALID, TIME_INVALID with the
// option as field.
Result<v1::QueryContext> ToContext(const ContextOptions& options, Day clock);

// 0: the question says itself how far the views must be, or nothing was appended lately.
std::uint64_t AppendedBefore(const Session& session, const ContextOptions& options);
// Forgets what was appended where the log is another one by now.
void WarnOfLateViews(Session& session, client::Client& client, std::uint64_t appended);

// Asks. Where the question does not say how far the views must be, they must hold what this user
// appended last; if they do not in time, the answer comes all the same, with a word about it.
template <class Request>
auto Ask(Session& session, client::Client& client, const ContextOptions& options, Request request)
    -> decltype(client.Ask(request)) {
  const std::uint64_t appended = AppendedBefore(session, options);
  if (appended == 0) return client.Ask(request);
  request.mutable_context()->set_at_least_position(appended);
  auto reply = client.Ask(request);
  if (reply || reply.error().front().reason != Reason::kPositionAhead) return reply;
  WarnOfLateViews(session, client, appended);
  request.mutable_context()->set_at_least_position(0);
  return client.Ask(request);
}

// Asks for one thing whole, by the name of its stream, and prints it as JSON or as `render` words
// it. STREAM_INVALID at `option` where the name is none.
template <class Request, class Render>
ExitCode ShowOne(Session& session, const ContextOptions& options, Request request,
                 const std::string& stream, std::string_view option, Render render) {
  auto context = ToContext(options, Session::Today());
  if (!context) return session.Refuse(context.error());
  *request.mutable_context() = *std::move(context);
  if (auto name = domain::ParseStreamName(stream); !name) {
    return session.Refuse(std::move(name.error()).At(option));
  }
  request.set_id(stream);

  auto client = session.Connect();
  if (!client) return session.Complain(client.error());
  const auto reply = Ask(session, **client, options, request);
  if (!reply) return session.Complain(reply.error());
  if (session.json()) {
    session.PrintJson(*reply);
  } else {
    session.Print(render(request, *reply, session.names(), session.style()));
  }
  return ExitCode::kDone;
}

struct FilterOptions {
  std::vector<std::string> countries, with, pairs, topics, kinds, series, statuses, changes;
  std::string from, to;
  const char* from_option = "--from";  // what they are called
  const char* to_option = "--to";
  bool certain = false, possible = false, members_too = false, multi_party = false;
};
// Which of them a command has.
enum class Asks { kMeetings, kChanges };  // kChanges: --from and --to lie in the log
void AddFilterOptions(CLI::App* command, FilterOptions* options, Asks asks);
// Names and words as codes and ids. PARTY_UNKNOWN, PARTY_AMBIGUOUS, PARTY_NOT_A_NAME,
// WORD_UNKNOWN, DATE_INVALID, with the option as field.
Result<v1::Filter> ToFilter(const FilterOptions& options, const render::Names& names);

// Reads page after page with `ask` until `limit` items (0: all) are there. `items` names the list
// in a reply. The reply holds all pages; its token is empty if nothing was left. What is the same
// on every page is asked for on the first alone.
template <class Request, class Items, class AskForPage>
auto ReadPages(Request request, std::uint32_t limit, Items items, AskForPage ask)
    -> decltype(ask(request)) {
  constexpr std::uint32_t kPageMax = 1000;
  decltype(ask(request)) all;
  while (true) {
    const auto held = static_cast<std::uint32_t>(items(*all).size());
    request.set_page_size(limit == 0 ? kPageMax : std::min(kPageMax, limit - held));
    auto page = ask(request);
    if (!page) return page;
    all->clear_next_page_token();
    all->MergeFrom(*page);
    const bool full = limit != 0 && static_cast<std::uint32_t>(items(*all).size()) >= limit;
    if (all->next_page_token().empty() || full) return all;
    request.set_page_token(all->next_page_token());
    if constexpr (requires { request.clear_with_counts(); }) request.clear_with_counts();
  }
}

template <class Request, class Items>
auto AskPages(Session& session, client::Client& client, const ContextOptions& options,
              Request request, std::uint32_t limit, Items items) -> decltype(client.Ask(request)) {
  return ReadPages(std::move(request), limit, items,
                   [&](const Request& page) { return Ask(session, client, options, page); });
}

}  // namespace entente::cli
