// What every command runs with: where the services are, where output goes and how it looks.
#pragma once

#include <google/protobuf/message.h>

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/last_append.h"
#include "cli/render/names.h"
#include "cli/render/style.h"
#include "client/client.h"
#include "values/day.h"
#include "values/error.h"

namespace entente::cli {

// The options that stand before or behind any command.
struct GlobalOptions {
  std::string data;                      // --data, ENTENTE_DATA; empty: the default of XDG
  std::string ingest, projector, query;  // endpoints that go before those found in the directory
  bool json = false;
  std::string colour = "auto";  // auto, always, never
  unsigned timeout_s = 10;
};

// One run of the command. One thread.
class Session {
 public:
  // CONFIG_INVALID where there is no place for a data directory.
  static Result<Session> Make(GlobalOptions options);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) = delete;
  ~Session();

  const GlobalOptions& options() const { return options_; }
  bool json() const { return options_.json; }
  const std::filesystem::path& data() const { return data_; }
  const render::Style& style() const { return style_; }
  const render::Names& names() const { return names_; }
  bool error_is_terminal() const;
  // The user's home directory; empty where there is none.
  const std::string& home() const { return home_; }
  // The clock's day where the user is.
  static Day Today();

  // To standard output. False: nobody reads it any more.
  bool Print(std::string_view text);
  // One JSON object and a newline.
  bool PrintJson(const google::protobuf::Message& message);

  // To standard error; gives the status to leave with (of the first).
  ExitCode Complain(const Error& error);
  ExitCode Complain(const Errors& errors);
  void Warn(std::string_view text);
  // For a question that is wrong as it stands on the command line.
  ExitCode Refuse(const Error& error);

  // Endpoints from the options, then from the data directory. UNREACHABLE, saying how to start,
  // where neither names them.
  Result<client::Endpoints> FindEndpoints() const;
  // What to say where no service answers: how to start one.
  Error NotRunning() const;
  // Of the log that the options and the data directory name.
  LastAppend last_append() const;
  // Connected when first used; of this session.
  Result<client::Client*> Connect();

 private:
  Session(GlobalOptions options, std::filesystem::path data);

  GlobalOptions options_;
  std::filesystem::path data_;
  std::string home_;
  render::Style style_;
  render::Names names_;
  std::unique_ptr<client::Client> client_;
};

}  // namespace entente::cli
