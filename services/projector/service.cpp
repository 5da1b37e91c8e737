#include "services/projector/service.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "bus/error_reply.h"
#include "bus/loop.h"
#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/view.pb.h"
#include "services/projector/rate.h"
#include "services/projector/replicas.h"
#include "services/projector/succession.h"
#include "services/settings/data_directory.h"
#include "services/settings/journal.h"
#include "services/settings/version.h"
#include "values/recorded_time.h"
#include "views/parked/parked.h"

namespace entente::projector {
namespace {

constexpr std::uint32_t kParkedPageDefault = 100;
constexpr std::uint32_t kParkedPageMax = 1'000;

Rate::Tick SteadyNow() {
  return std::chrono::duration_cast<Rate::Tick>(
      std::chrono::steady_clock::now().time_since_epoch());
}

RecordedTime WallClock() {
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  return RecordedTime(std::chrono::duration_cast<Rate::Tick>(since_1970).count());
}

// Everything below is touched by the loop's thread only, from Run until it ends.
class ProjectorService final : public Service {
 public:
  explicit ProjectorService(Config config)
      : config_(std::move(config)), replicas_(loop_, config_.data / "deltas") {}
  ~ProjectorService() override { ProjectorService::Stop(); }

  Status Run(zmq::context_t& context) {
    if (Status opened = OpenViews(); !opened) return opened;
    auto router = bus::Router::Bind(loop_, context,
                                    {.endpoint = config_.listen,
                                     .allow_plaintext = config_.allow_plaintext,
                                     .service = "projector"},
                                    [this](const bus::Caller& caller, const bus::Message& message) {
                                      Handle(caller, message);
                                    });
    if (!router) return Fail(std::move(router).error());
    router_ = *std::move(router);
    replicas_.AnswerThrough(*router_);
    if (Status following = succession_->Follow(context); !following) return following;
    loop_.Add(stop_, [this] {
      replicas_.Stop();
      succession_->Stop();
      loop_.Stop();
    });
    Journalled("taking requests");
    thread_ = std::thread([this] { loop_.Run(); });
    return {};
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    stop_.Notify();
    thread_.join();
    journal_.Info("stopped", {{"position", store()->checkpoint().position.value()}});
  }

  const std::string& endpoint() const override { return router_->endpoint(); }
  std::shared_ptr<views::ViewStore> store() const override { return succession_->store(); }

 private:
  Status OpenViews() {
    auto succession = Succession::Open(
        loop_,
        {.views = config_.data / "views",
         .ingest = config_.ingest,
         .projection = {.rules = config_.rules,
                        .poison = config_.poison,
                        .far_behind = config_.far_behind},
         .at_point = config_.at_point},
        {.current = {
             .before_write = [this](const views::RowDelta& delta) { replicas_.BeforeWrite(delta); },
             .written = [this](const views::RowDelta& delta) { OnDelta(delta); }},
         .swapped = [this] { OnSwap(); }});
    if (!succession) return Fail(std::move(succession).error());
    succession_ = *std::move(succession);
    replicas_.Serve(store());
    return {};
  }

  void OnDelta(const views::RowDelta& delta) {
    progress_ = {.wall = WallClock(), .steady = SteadyNow()};
    rate_.Add(delta.to.position.value() - delta.from.value(), progress_->steady);
    replicas_.OnDelta(delta);
  }

  void OnSwap() {
    progress_ = {.wall = WallClock(), .steady = SteadyNow()};
    replicas_.Serve(store());
    Journalled("another generation took over");
  }

  void Journalled(std::string_view what) const {
    const auto views = store();
    journal_.Info(what, {{"endpoint", router_->endpoint()},
                         {"generation", views->generation()},
                         {"projection_version", views->projection_version()},
                         {"position", views->checkpoint().position.value()}});
  }

  void Handle(const bus::Caller& caller, const bus::Message& message) {
    switch (message.header.type) {
      case bus::MessageType::read_deltas_request:
        return replicas_.OnReadDeltas(caller, message);
      case bus::MessageType::read_checkpoint_request:
        return replicas_.OnReadCheckpoint(caller, message);
      case bus::MessageType::generations_request:
        return ReplyGenerations(caller, message.header);
      case bus::MessageType::change_generations_request:
        return OnChangeGenerations(caller, message);
      case bus::MessageType::parked_events_request:
        return OnParkedEvents(caller, message);
      case bus::MessageType::status_request:
        return router_->Reply(caller, bus::MessageType::status_reply, message.header.correlation,
                              StatusNow());
      default:
        return router_->ReplyUnknownType(caller, message.header);
    }
  }

  void ReplyGenerations(const bus::Caller& caller, const bus::Header& header) const {
    router_->Reply(caller, bus::MessageType::generations_reply, header.correlation,
                   succession_->Describe());
  }

  void OnChangeGenerations(const bus::Caller& caller, const bus::Message& message) {
    v1::ChangeGenerationsRequest request;
    Status changed = bus::ParseBody(message, &request);
    if (changed) changed = succession_->Change(request);
    if (!changed) {
      return router_->ReplyError(caller, message.header.correlation, {changed.error()});
    }
    journal_.Info("generations changed", {{"request", request.ShortDebugString()}});
    ReplyGenerations(caller, message.header);
  }

  void OnParkedEvents(const bus::Caller& caller, const bus::Message& message) const {
    v1::ParkedEventsRequest request;
    if (Status parsed = bus::ParseBody(message, &request); !parsed) {
      return router_->ReplyError(caller, message.header.correlation, {parsed.error()});
    }
    const std::uint32_t size = request.page_size() == 0
                                   ? kParkedPageDefault
                                   : std::min(request.page_size(), kParkedPageMax);
    const auto views = succession_->StoreOf(request.generation());
    if (!views) return router_->ReplyError(caller, message.header.correlation, {views.error()});
    const auto snapshot = (*views)->TakeSnapshot();
    // One more than is told shows that there are more.
    auto parked = views::ParkedAfter(*snapshot, Position(request.after_position()), size + 1);
    v1::ParkedEventsReply reply;
    reply.set_generation(snapshot->generation());
    reply.set_more(parked.size() > size);
    if (reply.more()) parked.pop_back();
    for (const views::Parked& one : parked) {
      v1::ParkedEventsReply::One& told = *reply.add_parked();
      told.set_position(one.position.value());
      *told.mutable_error() = bus::ToErrorReply({one.error}).errors(0);
    }
    router_->Reply(caller, bus::MessageType::parked_events_reply, message.header.correlation,
                   reply);
  }

  v1::StatusReply StatusNow() const {
    const auto views = store();
    const log::ChainPoint checkpoint = views->checkpoint();
    v1::StatusReply status;
    status.set_service("projector");
    status.set_version(std::string(settings::Version()));
    status.set_health(v1::StatusReply::green);
    status.set_ready(true);
    status.set_checkpoint(checkpoint.position.value());
    status.set_chain_hash(checkpoint.hash.data(), checkpoint.hash.size());
    status.set_generation(views->generation());
    status.set_projection_version(views->projection_version());
    status.set_parked(views::CountParked(*views->TakeSnapshot()));
    if (auto building = succession_->building()) *status.mutable_building() = *std::move(building);
    TellProgress(&status);
    TellTroubles(&status);
    status.set_data_directory(config_.data.string());
    status.set_marker(config_.marker);
    return status;
  }

  void TellProgress(v1::StatusReply* status) const {
    const Projection* projection = succession_->projection();
    status->set_durable_position(projection != nullptr ? projection->durable().value()
                                                       : status->building().durable_position());
    status->set_events_per_second(rate_.PerSecond(SteadyNow()));
    if (!progress_) return;
    *status->mutable_last_progress() =
        google::protobuf::util::TimeUtil::MillisecondsToTimestamp(progress_->wall.value());
    status->set_since_progress_ms(
        static_cast<std::uint64_t>((SteadyNow() - progress_->steady).count()));
  }

  void TellTroubles(v1::StatusReply* status) const {
    const auto note = [status](v1::StatusReply::Health health, std::string text) {
      if (status->health() < health) status->set_health(health);
      status->add_notes(std::move(text));
    };
    const Projection* projection = succession_->projection();
    if (projection == nullptr) {
      note(v1::StatusReply::amber,
           fmt::format("These views are of projection version {} and stand still until those of "
                       "version {}, which this program makes, are built and take over.",
                       status->projection_version(), config_.rules.version));
    } else if (const auto& trouble = projection->trouble()) {
      const bool passing = Describe(trouble->reason).retry == Retry::kLater;
      note(passing ? v1::StatusReply::amber : v1::StatusReply::red,
           fmt::format("The log at {} is not being projected: {}", config_.ingest,
                       trouble->ToString()));
      status->set_paused_at(projection->poison().value_or(Position()).value());
    }
    if (succession_->tells_of_erased()) {
      note(v1::StatusReply::amber,
           "These views were made of an event that was erased since; others are being built and "
           "take over.");
    }
    if (status->parked() > 0) {
      note(v1::StatusReply::amber,
           fmt::format("{} events could not be folded and were put aside.", status->parked()));
    }
    if (status->has_building() && !status->building().trouble().empty()) {
      note(v1::StatusReply::amber,
           fmt::format("Generation {} is not being built: {}", status->building().generation(),
                       status->building().trouble()));
    }
  }

  struct Progress {
    RecordedTime wall;
    Rate::Tick steady{};
  };

  const Config config_;
  const settings::Journal journal_{"projector"};
  bus::Loop loop_;
  bus::Wakeup stop_;
  std::unique_ptr<bus::Router> router_;
  Replicas replicas_;
  std::unique_ptr<Succession> succession_;
  Rate rate_;
  std::optional<Progress> progress_;  // since the start
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::Start(const Config& config, zmq::context_t& context) {
  Config own = config;
  auto marker = settings::PrepareDataDirectory(own.data, own.marker);
  if (!marker) return Fail(std::move(marker).error());
  own.marker = *std::move(marker);
  auto service = std::make_unique<ProjectorService>(std::move(own));
  if (Status running = service->Run(context); !running) return Fail(std::move(running).error());
  return service;
}

}  // namespace entente::projector
