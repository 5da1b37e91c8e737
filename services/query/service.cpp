#include "services/query/service.h"

#include <fmt/format.h>
#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <optional>
#include <thread>
#include <utility>

#include "bus/loop.h"
#include "bus/publisher.h"
#include "bus/router.h"
#include "entente/v1/log.pb.h"
#include "entente/v1/subscription.pb.h"
#include "services/query/chain_check.h"
#include "services/query/groups.h"
#include "services/query/question.h"
#include "services/query/questions.h"
#include "services/query/replica.h"
#include "services/query/revision.h"
#include "services/query/subscriptions.h"
#include "services/query/tail.h"
#include "services/settings/data_directory.h"
#include "services/settings/journal.h"
#include "services/settings/version.h"
#include "views/feed/recent_changes.h"

namespace entente::query {
namespace {

using Type = bus::MessageType;

// Everything below is touched by the loop's thread only, from Run until it ends.
class QueryService final : public Service {
 public:
  explicit QueryService(Config config) : config_(std::move(config)) {}
  ~QueryService() override { QueryService::Stop(); }

  Status Run(zmq::context_t& context) {
    if (Status built = Build(context); !built) return built;
    loop_.Add(stop_, [this] {
      questions_->Stop();
      subscriptions_->Stop();
      groups_->Stop();
      loop_.Stop();
    });
    journal_.Info("taking requests", {{"endpoint", endpoint()},
                                      {"tail", tail_endpoint()},
                                      {"position", replica_->head().value()}});
    thread_ = std::thread([this] { loop_.Run(); });
    return {};
  }

  void Stop() override {
    if (!thread_.joinable()) return;
    stop_.Notify();
    thread_.join();
    journal_.Info("stopped", {{"position", replica_->head().value()}});
  }

  const std::string& endpoint() const override { return router_->endpoint(); }
  const std::string& tail_endpoint() const override { return publisher_->endpoint(); }

 private:
  Status Build(zmq::context_t& context) {
    auto replica = Replica::Open(loop_, context,
                                 {.directory = config_.data / "replica",
                                  .projector = config_.projector,
                                  .shared_store = config_.shared_store},
                                 {.moved = [this] { OnMoved(); },
                                  .taken_over =
                                      [this](std::shared_ptr<views::ViewStore> before) {
                                        revision_.Begin(std::move(before), replica_->shared());
                                      }});
    if (!replica) return Fail(std::move(replica).error());
    replica_ = *std::move(replica);
    if (!config_.ingest.empty()) {
      auto check = ChainCheck::Begin(loop_, context, config_.ingest, [this] {
        return replica_->store() ? replica_->store()->checkpoint() : log::ChainPoint();
      });
      if (!check) return Fail(std::move(check).error());
      chain_check_ = *std::move(check);
      auto cursors = ChainCheck::Begin(loop_, context, config_.ingest, [this] {
        return groups_ ? groups_->known() : log::ChainPoint();
      });
      if (!cursors) return Fail(std::move(cursors).error());
      cursor_check_ = *std::move(cursors);
    }
    auto router = bus::Router::Bind(loop_, context,
                                    {.endpoint = config_.listen,
                                     .allow_plaintext = config_.allow_plaintext,
                                     .service = "query"},
                                    [this](const bus::Caller& caller, const bus::Message& message) {
                                      Handle(caller, message);
                                    });
    if (!router) return Fail(std::move(router).error());
    router_ = *std::move(router);
    auto publisher = bus::Publisher::Bind(context, config_.tail, config_.allow_plaintext);
    if (!publisher) return Fail(std::move(publisher).error());
    publisher_ = *std::move(publisher);
    questions_.emplace(loop_, *replica_, *router_);
    auto groups =
        Groups::Open(loop_, *replica_, recent_, *router_,
                     {.directory = config_.subscriptions, .elsewhere = config_.subscriptions_at});
    if (!groups) return Fail(std::move(groups).error());
    groups_ = *std::move(groups);
    subscriptions_.emplace(loop_, *replica_, recent_, *router_, *groups_);
    tail_.emplace(loop_, *replica_, recent_, *publisher_);
    return {};
  }

  void OnRevised(const Revision::Notice& notice) {
    const views::ViewStore& views = *replica_->store();
    journal_.Info(
        "another generation took over",
        {{"generation", views.generation()}, {"projection_version", views.projection_version()}});
    subscriptions_->OnRevised(notice);
  }

  void OnMoved() {
    questions_->OnMoved();
    std::optional<std::vector<const v1::Change*>> came;
    const bool read = subscriptions_->open() > 0 || groups_->size() > 0 || publisher_->heard();
    if (read && replica_->store()) came = recent_.Advance(*replica_->store()->TakeSnapshot());
    subscriptions_->OnMoved(came);
    groups_->OnMoved(came);
    tail_->OnMoved();
  }

  void Handle(const bus::Caller& caller, const bus::Message& message) {
    const bus::Header& header = message.header;
    if (header.type == Type::status_request) {
      return router_->Reply(caller, Type::status_reply, header.correlation, StatusNow());
    }
    const bool asks = IsQuestion(header.type);
    if ((asks || header.type == Type::subscribe_request) && Refusal()) {
      return router_->ReplyError(caller, header.correlation, {*Refusal()});
    }
    if (asks) return questions_->OnQuestion(caller, message);
    if (cursor_check_ && cursor_check_->refusal() && IsOfGroups(message)) {
      return router_->ReplyError(caller, header.correlation, {*cursor_check_->refusal()});
    }
    if (groups_->OnRequest(caller, message)) return;
    switch (header.type) {
      case Type::subscribe_request:
        return subscriptions_->OnSubscribe(caller, message);
      case Type::credit:
        return subscriptions_->OnCredit(caller, message);
      case Type::unsubscribe:
        return subscriptions_->OnUnsubscribe(caller, message);
      default:
        return router_->ReplyUnknownType(caller, header);
    }
  }

  static bool IsOfGroups(const bus::Message& message) {
    switch (message.header.type) {
      case Type::create_group_request:
      case Type::list_groups_request:
      case Type::settle_request:
      case Type::parked_request:
      case Type::replay_parked_request:
        return true;
      case Type::subscribe_request: {
        v1::SubscribeRequest request;
        return bus::ParseBody(message, &request) && !request.group().empty();
      }
      default:
        return false;
    }
  }

  // Why these views are not to be answered from; nullptr: they are.
  const Error* Refusal() const {
    if (chain_check_ && chain_check_->refusal()) return &*chain_check_->refusal();
    const auto& trouble = replica_->trouble();
    return trouble && trouble->reason == Reason::kLogDiverged ? &*trouble : nullptr;
  }

  v1::StatusReply StatusNow() const {
    v1::StatusReply status;
    status.set_service("query");
    status.set_version(std::string(settings::Version()));
    status.set_health(v1::StatusReply::green);
    const auto note = [&status](v1::StatusReply::Health health, std::string text) {
      if (status.health() < health) status.set_health(health);
      status.add_notes(std::move(text));
    };
    if (const Error* refusal = Refusal()) {
      note(v1::StatusReply::red,
           fmt::format("Answers nothing, since its views do not fit the log: {}",
                       refusal->ToString()));
    } else if (const auto& trouble = replica_->trouble()) {
      note(v1::StatusReply::amber, fmt::format("Nothing new comes from the projector at {}: {}",
                                               config_.projector, trouble->ToString()));
    }
    if (replica_->store() == nullptr) {
      note(v1::StatusReply::amber, "Has no views yet; questions wait for them.");
    } else {
      const log::ChainPoint checkpoint = replica_->store()->checkpoint();
      status.set_checkpoint(checkpoint.position.value());
      status.set_chain_hash(checkpoint.hash.data(), checkpoint.hash.size());
      status.set_generation(replica_->store()->generation());
      status.set_projection_version(replica_->store()->projection_version());
    }
    status.set_ready(replica_->store() != nullptr && !Refusal());
    if (replica_->fetching()) {
      note(v1::StatusReply::amber, "Reads a checkpoint of the views from the projector.");
    }
    if (const auto& progress = replica_->last_progress()) {
      status.set_since_progress_ms(static_cast<std::uint64_t>(replica_->since_progress().count()));
      *status.mutable_last_progress() =
          google::protobuf::util::TimeUtil::MillisecondsToTimestamp(progress->value());
    }
    const Position durable = chain_check_ ? chain_check_->durable() : Position();
    status.set_durable_position(std::max(durable, replica_->projected()).value());
    status.set_subscriptions(
        static_cast<std::uint32_t>(subscriptions_->open() + groups_->consumers()));
    if (const auto trouble = groups_->trouble()) {
      note(v1::StatusReply::red,
           fmt::format("Durable subscriptions stand still until a restart: {}",
                       trouble->ToString()));
    }
    if (cursor_check_ && cursor_check_->refusal()) {
      note(v1::StatusReply::red, fmt::format("Durable subscriptions do not fit the log: {}",
                                             cursor_check_->refusal()->ToString()));
    }
    status.set_data_directory(config_.data.string());
    status.set_marker(config_.marker);
    return status;
  }

  const Config config_;
  const settings::Journal journal_{"query"};
  bus::Loop loop_;
  bus::Wakeup stop_;
  Revision revision_{loop_, [this](const Revision::Notice& notice) { OnRevised(notice); }};
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<ChainCheck> chain_check_;
  std::unique_ptr<bus::Router> router_;
  std::unique_ptr<bus::Publisher> publisher_;
  std::optional<Questions> questions_;
  views::RecentChanges recent_{domain::PartyRegistry::BuiltIn(), domain::Vocabulary::BuiltIn(), {}};
  std::unique_ptr<ChainCheck> cursor_check_;
  std::unique_ptr<Groups> groups_;
  std::optional<Subscriptions> subscriptions_;
  std::optional<Tail> tail_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Service>> Service::Start(const Config& given, zmq::context_t& context) {
  Config config = given;
  auto marker = settings::PrepareDataDirectory(config.data, config.marker);
  if (!marker) return Fail(std::move(marker).error());
  config.marker = *std::move(marker);
  auto service = std::make_unique<QueryService>(std::move(config));
  if (Status running = service->Run(context); !running) return Fail(std::move(running).error());
  return service;
}

}  // namespace entente::query
