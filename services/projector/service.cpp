#include "services/projector/service.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <thread>
#include <utility>

#include "bus/loop.h"
#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "services/projector/projection.h"
#include "services/projector/replicas.h"
#include "services/settings/data_directory.h"
#include "services/settings/journal.h"
#include "services/settings/version.h"
#include "views/generations/generations.h"

namespace entente::projector {
namespace {

// Everything below is touched by the loop's thread only, from Run until it ends.
class ProjectorService final : public Service {
 public:
  ProjectorService(Config config, std::shared_ptr<views::ViewStore> store)
      : config_(std::move(config)),
        store_(std::move(store)),
        replicas_(loop_, *store_, config_.data / "deltas" / store_->generation()),
        projection_(
            loop_, *store_, [this](const v1::ViewDelta& delta) { replicas_.BeforeWrite(delta); },
            [this](const v1::ViewDelta& delta) { replicas_.OnDelta(delta); }) {}
  ~ProjectorService() override { ProjectorService::Stop(); }

  Status Run(zmq::context_t& context) {
    auto router = bus::Router::Bind(
        loop_, context,
        {.endpoint = config_.listen,
         .allow_plaintext = config_.allow_plaintext,
         .service = "projector"},
        [this](const bus::Caller& caller, bus::Message message) { Handle(caller, message); });
    if (!router) return Fail(std::move(router).error());
    router_ = *std::move(router);
    replicas_.AnswerThrough(*router_);
    if (Status following = projection_.Follow(context, config_.ingest); !following) {
      return following;
    }
    loop_.Add(stop_, [this] {
      replicas_.Stop();
      loop_.Stop();
    });
    journal_.Info("taking requests", {{"endpoint", router_->endpoint()},
                                      {"generation", store_->generation()},
                                      {"position", store_->checkpoint().position.value()}});
    thread_ = std::thread([this] { loop_.Run(); });
    return {};
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    stop_.Notify();
    thread_.join();
    journal_.Info("stopped", {{"position", store_->checkpoint().position.value()}});
  }

  const std::string& endpoint() const override { return router_->endpoint(); }
  std::shared_ptr<views::ViewStore> store() const override { return store_; }

 private:
  void Handle(const bus::Caller& caller, const bus::Message& message) {
    switch (message.header.type) {
      case bus::MessageType::read_deltas_request:
        return replicas_.OnReadDeltas(caller, message);
      case bus::MessageType::read_checkpoint_request:
        return replicas_.OnReadCheckpoint(caller, message);
      case bus::MessageType::status_request:
        return router_->Reply(caller, bus::MessageType::status_reply, message.header.correlation,
                              StatusNow());
      default:
        return router_->ReplyUnknownType(caller, message.header);
    }
  }

  v1::StatusReply StatusNow() const {
    const log::ChainPoint checkpoint = store_->checkpoint();
    v1::StatusReply status;
    status.set_service("projector");
    status.set_version(std::string(settings::Version()));
    status.set_health(v1::StatusReply::green);
    if (const auto& trouble = projection_.trouble()) {
      const bool passing = Describe(trouble->reason).retry == Retry::kLater;
      status.set_health(passing ? v1::StatusReply::amber : v1::StatusReply::red);
      status.add_notes(fmt::format("The log at {} is not being projected: {}", config_.ingest,
                                   trouble->ToString()));
    }
    status.set_parked(projection_.parked());
    if (projection_.parked() > 0) {
      if (status.health() == v1::StatusReply::green) status.set_health(v1::StatusReply::amber);
      status.add_notes(
          fmt::format("{} events could not be folded and were put aside.", projection_.parked()));
    }
    status.set_durable_position(projection_.durable().value());
    status.set_checkpoint(checkpoint.position.value());
    status.set_chain_hash(checkpoint.hash.data(), checkpoint.hash.size());
    status.set_generation(store_->generation());
    if (const auto progress = projection_.last_progress()) {
      *status.mutable_last_progress() =
          google::protobuf::util::TimeUtil::MillisecondsToTimestamp(progress->value());
    }
    status.set_data_directory(config_.data.string());
    status.set_marker(config_.marker);
    return status;
  }

  const Config config_;
  const settings::Journal journal_{"projector"};
  const std::shared_ptr<views::ViewStore> store_;
  bus::Loop loop_;
  bus::Wakeup stop_;
  std::unique_ptr<bus::Router> router_;
  Replicas replicas_;
  Projection projection_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::Start(const Config& given, zmq::context_t& context) {
  Config config = given;
  auto marker = settings::PrepareDataDirectory(config.data, config.marker);
  if (!marker) return Fail(std::move(marker).error());
  config.marker = *std::move(marker);
  auto generations = views::Generations::Open(config.data / "views");
  if (!generations) return Fail(std::move(generations).error());
  auto store = generations->OpenCurrent();
  if (!store) return Fail(std::move(store).error());
  auto service = std::make_unique<ProjectorService>(std::move(config), *std::move(store));
  if (Status running = service->Run(context); !running) return Fail(std::move(running).error());
  return service;
}

}  // namespace entente::projector
