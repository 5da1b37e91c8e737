#include "services/serve/serve.h"

#include <cstdlib>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>
#include <zmq.hpp>

#include "services/ingest/service.h"
#include "services/projector/service.h"
#include "services/query/service.h"
#include "services/settings/running.h"

namespace entente::serve {
namespace {

// A directory that may have to go at the end.
class DataDirectory {
 public:
  static Result<DataDirectory> Prepare(const Config& config) {
    if (config.ephemeral) return MakeTemporary(config);
    if (config.data.empty()) {
      return Fail(Reason::kConfigInvalid, "data", "",
                  "no data directory is named; name one, or ask for an ephemeral one");
    }
    std::error_code fault;
    std::filesystem::create_directories(config.data, fault);
    if (fault) {
      return Fail(Reason::kFileUnreadable, "data", config.data.string(),
                  "the data directory cannot be made: " + fault.message());
    }
    return DataDirectory(config.data, false);
  }

  DataDirectory(DataDirectory&& other) noexcept
      : path_(std::move(other.path_)), temporary_(std::exchange(other.temporary_, false)) {}
  DataDirectory& operator=(DataDirectory&&) = delete;
  ~DataDirectory() {
    std::error_code ignored;
    if (temporary_) std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }

 private:
  DataDirectory(std::filesystem::path path, bool temporary)
      : path_(std::move(path)), temporary_(temporary) {}

  static Result<DataDirectory> MakeTemporary(const Config& config) {
    if (!config.data.empty()) {
      return Fail(Reason::kConfigInvalid, "data", config.data.string(),
                  "an ephemeral server makes its own directory; leave out one of the two");
    }
    std::error_code fault;
    std::string name = (std::filesystem::temp_directory_path(fault) / "entente-XXXXXX").string();
    if (fault || ::mkdtemp(name.data()) == nullptr) {
      return Fail(Reason::kFileUnreadable, "ephemeral", name,
                  "a temporary directory cannot be made here; set TMPDIR to one that is writable");
    }
    return DataDirectory(name, true);
  }

  std::filesystem::path path_;
  bool temporary_;
};

// The members' order is the order of starting; destroyed the other way round.
class RunningServer final : public Server {
 public:
  explicit RunningServer(DataDirectory data) : data_(std::move(data)) {}
  ~RunningServer() override { RunningServer::Stop(); }

  Status Run(const Config& config) {
    const bool plaintext = config.allow_plaintext;
    auto ingest = ingest::Service::Start({.data = data_.path(),
                                          .listen = config.ingest,
                                          .allow_plaintext = plaintext,
                                          .marker = config.marker},
                                         context_);
    if (!ingest) return Fail(std::move(ingest).error());
    ingest_ = *std::move(ingest);

    auto projector = projector::Service::Start({.data = data_.path(),
                                                .ingest = Nearest(ingest_->endpoint()),
                                                .listen = config.projector,
                                                .allow_plaintext = plaintext,
                                                .marker = config.marker,
                                                .poison = config.poison},
                                               context_);
    if (!projector) return Fail(std::move(projector).error());
    projector_ = *std::move(projector);

    auto query = query::Service::Start(
        {.data = data_.path(),
         .projector = Nearest(projector_->endpoint()),
         .ingest = Nearest(ingest_->endpoint()),
         .listen = config.query,
         .tail = config.tail,
         .subscriptions =
             config.subscriptions.empty() ? data_.path() / "subscriptions" : config.subscriptions,
         .subscriptions_at = "",
         .allow_plaintext = plaintext,
         .marker = config.marker,
         .shared_store = [projector = projector_.get()] { return projector->store(); }},
        context_);
    if (!query) return Fail(std::move(query).error());
    query_ = *std::move(query);

    endpoints_ = {.ingest = Nearest(ingest_->endpoint()),
                  .projector = Nearest(projector_->endpoint()),
                  .query = Nearest(query_->endpoint()),
                  .tail = Nearest(query_->tail_endpoint())};
    return Enter();
  }

  void Stop() override {
    entries_.clear();
    if (query_) query_->Stop();
    if (projector_) projector_->Stop();
    if (ingest_) ingest_->Stop();
  }

  const client::Endpoints& endpoints() const override { return endpoints_; }
  const std::filesystem::path& data() const override { return data_.path(); }

 private:
  // So that other programs find the parts by the data directory.
  Status Enter() {
    for (const auto& [service, endpoint, tail] :
         {std::tuple("ingest", endpoints_.ingest, std::string()),
          std::tuple("projector", endpoints_.projector, std::string()),
          std::tuple("query", endpoints_.query, endpoints_.tail)}) {
      auto entry = settings::RunningEntry::Enter(data_.path(), service, endpoint, tail);
      if (!entry) return Fail(std::move(entry).error());
      entries_.push_back(*std::move(entry));
    }
    return {};
  }

  // The first of several endpoints; from this machine, "every interface" is reached as loopback.
  static std::string Nearest(const std::string& bound) {
    std::string endpoint = bound.substr(0, bound.find(','));
    const std::string everywhere = "tcp://0.0.0.0:";
    if (endpoint.starts_with(everywhere)) {
      endpoint.replace(0, everywhere.size(), "tcp://127.0.0.1:");
    }
    return endpoint;
  }

  DataDirectory data_;
  zmq::context_t context_;
  std::unique_ptr<ingest::Service> ingest_;
  std::unique_ptr<projector::Service> projector_;
  std::unique_ptr<query::Service> query_;
  client::Endpoints endpoints_;
  std::vector<settings::RunningEntry> entries_;
};

}  // namespace

Result<std::unique_ptr<Server>> Server::Start(const Config& config) {
  auto data = DataDirectory::Prepare(config);
  if (!data) return Fail(std::move(data).error());
  auto server = std::make_unique<RunningServer>(*std::move(data));
  if (auto started = server->Run(config); !started) return Fail(std::move(started).error());
  return server;
}

}  // namespace entente::serve
