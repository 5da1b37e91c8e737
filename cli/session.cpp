#include "cli/session.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <utility>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "formats/json_lines.h"
#include "services/settings/data_directory.h"
#include "services/settings/running.h"

namespace entente::cli {
namespace {

std::string Environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

// Where output is no terminal, COLUMNS says how wide it shall be; else nothing is wrapped.
unsigned OutputWidth(bool terminal) {
  winsize size{};
  if (terminal && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    return size.ws_col;
  }
  const std::string columns = Environment("COLUMNS");
  unsigned width = 0;
  std::from_chars(columns.data(), columns.data() + columns.size(), width);
  if (width > 0) return width;
  return terminal ? 80 : 0;
}

// https://no-color.org: any value that is not empty.
bool WantsColour(const std::string& choice, bool terminal) {
  if (choice == "always") return true;
  if (choice == "never" || !terminal) return false;
  return Environment("NO_COLOR").empty() && Environment("TERM") != "dumb";
}

render::Style StyleFor(const GlobalOptions& options) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  return {.colour = WantsColour(options.colour, terminal), .width = OutputWidth(terminal)};
}

}  // namespace

Result<Session> Session::Make(GlobalOptions options) {
  std::filesystem::path data = options.data;
  if (data.empty()) {
    auto place = settings::DefaultDataDirectory();
    if (!place) return Fail(std::move(place.error()));
    data = *std::move(place);
  }
  return Session(std::move(options), std::move(data));
}

Session::Session(GlobalOptions options, std::filesystem::path data)
    : options_(std::move(options)),
      data_(std::move(data)),
      home_(Environment("HOME")),
      style_(StyleFor(options_)),
      names_{domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn()} {}

Session::Session(Session&&) noexcept = default;
Session::~Session() = default;

bool Session::error_is_terminal() const { return ::isatty(STDERR_FILENO) == 1; }

Day Session::Today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  ::localtime_r(&now, &local);
  const auto today = Day::FromYmd(local.tm_year + 1900, static_cast<unsigned>(local.tm_mon + 1),
                                  static_cast<unsigned>(local.tm_mday));
  return today.value_or(Day());
}

bool Session::Print(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() &&
         std::fflush(stdout) == 0;
}

bool Session::PrintJson(const google::protobuf::Message& message) {
  return Print(formats::ToJsonLine(message) + "\n");
}

Error Session::NotRunning() const {
  return Fail(Reason::kUnreachable, "", "",
              fmt::format("nothing runs on {0}; start it with: entente serve --data {0}",
                          render::PathInWords(data_.string(), home_)))
      .value();
}

Result<client::Endpoints> Session::FindEndpoints() const {
  client::Endpoints endpoints;
  // What runs on the directory does not matter where the endpoints that count were given.
  if (options_.ingest.empty() || options_.query.empty()) {
    const auto running = settings::ReadRunning(data_);
    if (!running) return Fail(running.error());
    for (const auto& [name, service] : *running) {
      if (name == "ingest") endpoints.ingest = service.endpoint;
      if (name == "projector") endpoints.projector = service.endpoint;
      if (name == "query") {
        endpoints.query = service.endpoint;
        endpoints.tail = service.tail;
      }
    }
  }
  if (!options_.ingest.empty()) endpoints.ingest = options_.ingest;
  if (!options_.projector.empty()) endpoints.projector = options_.projector;
  if (!options_.query.empty()) endpoints.query = options_.query;
  if (endpoints.ingest.empty() && endpoints.projector.empty() && endpoints.query.empty()) {
    return Fail(NotRunning());
  }
  return endpoints;
}

LastAppend Session::last_append() const {
  if (!options_.ingest.empty()) return LastAppend(options_.ingest);
  std::error_code ignored;
  return LastAppend(std::filesystem::absolute(data_, ignored).lexically_normal().string());
}

Result<client::Client*> Session::Connect() {
  if (client_ == nullptr) {
    auto endpoints = FindEndpoints();
    if (!endpoints) return Fail(std::move(endpoints.error()));
    client_ = std::make_unique<client::Client>(*std::move(endpoints),
                                               std::chrono::seconds(options_.timeout_s));
  }
  return client_.get();
}

ExitCode Session::Complain(const Error& error) {
  const CatalogueEntry& entry = Describe(error.reason);
  Warn(fmt::format("entente: {}\n  {} (entente explain {})", error.ToString(), entry.next,
                   entry.name));
  return ExitCodeOf(error);
}

ExitCode Session::Complain(const Errors& errors) {
  for (const Error& error : errors) Complain(error);
  return errors.empty() ? ExitCode::kInternal : ExitCodeOf(errors.front());
}

ExitCode Session::Refuse(const Error& error) {
  Complain(error);
  return ExitCode::kUsage;
}

void Session::Warn(std::string_view text) { fmt::print(stderr, "{}\n", text); }

}  // namespace entente::cli
