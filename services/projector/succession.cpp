#include "services/projector/succession.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

namespace entente::projector {
namespace {

using views::Building;

// The current one stops when the next is this close: it is then taken over from in a moment.
constexpr std::uint64_t kNear = 2'000;
// If it is not (ingest went away just now), the current one goes on and it is tried again.
constexpr std::chrono::seconds kCloseWithin(10);

Rate::Tick Now() {
  return std::chrono::duration_cast<Rate::Tick>(
      std::chrono::steady_clock::now().time_since_epoch());
}

std::uint64_t BytesIn(const std::filesystem::path& directory) {
  std::uint64_t bytes = 0;
  std::error_code ignored;
  for (const auto& file : std::filesystem::directory_iterator(directory, ignored)) {
    const auto size = file.file_size(ignored);
    if (!ignored) bytes += size;
  }
  return bytes;
}

// A generation that nobody has open: of which version, and where it stands.
Result<std::unique_ptr<views::ViewStore>> LookAt(const views::Generations& generations,
                                                 const std::string& name) {
  return views::ViewStore::OpenToRead(generations.PathOf(name));
}

void Fill(const views::ViewStore& store, std::uint32_t own_version, v1::Generation* generation) {
  const log::ChainPoint at = store.checkpoint();
  generation->set_projection_version(store.projection_version());
  generation->mutable_at()->set_position(at.position.value());
  generation->mutable_at()->set_hash(std::string(log::BytesOf(at.hash)));
  generation->set_of_this_program(store.projection_version() == own_version);
}

}  // namespace

Result<std::unique_ptr<Succession>> Succession::Open(bus::Loop& loop, Options options,
                                                     OnDelta on_delta,
                                                     std::function<void()> on_swap) {
  auto generations = views::Generations::Open(options.views);
  if (!generations) return Fail(std::move(generations).error());
  const std::uint32_t own = options.projection.rules.version;
  auto store = generations->OpenCurrent(own);
  if (!store && store.error().reason == Reason::kStoreFormat) {
    // Rows of another version can be read, if not written; of another layout, neither.
    auto as_it_is = LookAt(*generations, generations->current());
    if (as_it_is && (*as_it_is)->projection_version() != own) store = std::move(as_it_is);
  }
  if (!store) return Fail(std::move(store).error());
  return std::unique_ptr<Succession>(new Succession(loop, std::move(options),
                                                    *std::move(generations), *std::move(store),
                                                    std::move(on_delta), std::move(on_swap)));
}

Succession::Succession(bus::Loop& loop, Options options, views::Generations generations,
                       std::shared_ptr<views::ViewStore> store, OnDelta on_delta,
                       std::function<void()> on_swap)
    : loop_(loop),
      options_(std::move(options)),
      generations_(std::move(generations)),
      on_delta_(std::move(on_delta)),
      on_swap_(std::move(on_swap)),
      store_(std::move(store)),
      builder_options_(options_.projection) {
  loop_.Add(news_, [this] { OnNews(); });
}

Succession::~Succession() { loop_.Remove(news_); }

Status Succession::Follow(zmq::context_t& context) {
  context_ = &context;
  if (store_->projection_version() != options_.projection.rules.version) {
    if (!generations_.building()) {
      if (Status begun = BeginOwnVersion(); !begun) return begun;
    }
  } else if (Status following = FollowCurrent(); !following) {
    return following;
  }
  // One that cannot go on must not keep the current one from being served: status tells.
  if (generations_.building()) (void)StartBuilder();
  return {};
}

Status Succession::FollowCurrent() {
  projection_ = std::make_unique<Projection>(loop_, *store_, options_.projection, on_delta_);
  return projection_->Follow(*context_, options_.ingest);
}

Status Succession::BeginOwnVersion() {
  if (const auto kept = NewestKeptOfOwnVersion()) {
    return generations_.Begin({*kept, Building::Purpose::kRollback});
  }
  return generations_.Begin({generations_.NextName(), Building::Purpose::kRebuild});
}

std::optional<std::string> Succession::NewestKeptOfOwnVersion() const {
  const auto kept = generations_.Kept();
  for (auto name = kept.rbegin(); name != kept.rend(); ++name) {
    const auto store = LookAt(generations_, *name);
    if (store && (*store)->projection_version() == options_.projection.rules.version) return *name;
  }
  return std::nullopt;
}

std::shared_ptr<views::ViewStore> Succession::store() const {
  const std::lock_guard lock(store_mutex_);
  return store_;
}

Status Succession::Change(const v1::ChangeGenerationsRequest& request) {
  switch (request.change_case()) {
    case v1::ChangeGenerationsRequest::kRebuild: {
      builder_options_ = options_.projection;
      if (request.rebuild().stop_at_poison()) builder_options_.poison = PoisonPolicy::kPause;
      return Begin({generations_.NextName(), request.rebuild().hold()
                                                 ? Building::Purpose::kHeld
                                                 : Building::Purpose::kRebuild});
    }
    case v1::ChangeGenerationsRequest::kRollback:
      return Rollback(request.rollback());
    case v1::ChangeGenerationsRequest::kDrop: {
      const auto open = retired_.find(request.drop());
      if (open != retired_.end() && !open->second.expired()) {
        return Fail(Reason::kStoreBusy, "drop", request.drop(),
                    "it is still being read; try again in a moment");
      }
      Status dropped = generations_.Drop(request.drop());
      return dropped ? dropped : Fail(std::move(dropped).error().At("drop"));
    }
    case v1::ChangeGenerationsRequest::kCancel:
      return Cancel();
    case v1::ChangeGenerationsRequest::kSwap: {
      const auto& building = generations_.building();
      if (!building || building->purpose != Building::Purpose::kHeld) {
        return Fail(Reason::kNotFound, "swap", "", "no generation is held");
      }
      if (Status noted = generations_.Begin({building->name, Building::Purpose::kRebuild});
          !noted) {
        return noted;
      }
      OnNews();
      return {};
    }
    case v1::ChangeGenerationsRequest::CHANGE_NOT_SET:
      break;
  }
  return Fail(Reason::kFieldRequired, "change", "", "what is to be changed?");
}

Status Succession::Begin(const Building& building) {
  if (generations_.building()) {
    return Fail(Reason::kStoreBusy, "change", generations_.building()->name,
                fmt::format("{} is being built; wait for it or cancel it",
                            generations_.building()->name));
  }
  if (Status noted = generations_.Begin(building); !noted) return noted;
  Point("noted");
  Status started = StartBuilder();
  // What could not even begin is not to be tried again by every process to come.
  if (!started) (void)generations_.Cancel();
  return started;
}

Status Succession::Rollback(const std::string& name) {
  const auto kept = generations_.Kept();
  if (kept.empty()) return Fail(Reason::kNotFound, "rollback", "", "no generation is kept");
  const std::string& wanted = name.empty() ? kept.back() : name;
  if (std::find(kept.begin(), kept.end(), wanted) == kept.end()) {
    return Fail(Reason::kNotFound, "rollback", wanted, "no such generation is kept");
  }
  builder_options_ = options_.projection;
  return Begin({wanted, Building::Purpose::kRollback});
}

Status Succession::Cancel() {
  if (!generations_.building()) {
    return Fail(Reason::kNotFound, "cancel", "", "no generation is being built");
  }
  if (!projection_) {
    return Fail(Reason::kFieldInvalid, "cancel", generations_.building()->name,
                "the current views are of another projection version: without this one, nothing "
                "new would be projected");
  }
  builder_.reset();
  build_trouble_.reset();
  ResumeCurrent();
  return generations_.Cancel();
}

Status Succession::StartBuilder() {
  const std::string name = generations_.building()->name;
  build_trouble_.reset();
  build_rate_ = Rate();
  const auto open = [&]() -> Result<std::shared_ptr<views::ViewStore>> {
    // Perhaps a replica still reads it.
    if (const auto retired = retired_.find(name); retired != retired_.end()) {
      if (auto store = retired->second.lock()) return store;
    }
    auto store = views::ViewStore::Open(generations_.PathOf(name), name,
                                        options_.projection.rules.version);
    if (!store) return Fail(std::move(store).error());
    return std::shared_ptr<views::ViewStore>(*std::move(store));
  };
  auto store = open();
  if (store) {
    build_at_ = (*store)->checkpoint().position;
    auto builder =
        Builder::Start(*context_, *store, options_.ingest, builder_options_, news_);
    if (builder) {
      builder_ = *std::move(builder);
      return {};
    }
    build_trouble_ = std::move(builder).error();
  } else {
    build_trouble_ = std::move(store).error();
  }
  return Fail(*build_trouble_);
}

void Succession::OnNews() {
  if (!builder_) return;
  const BuildNews news = builder_->news();
  if (news.at.position > build_at_) {
    build_rate_.Add(news.at.position.value() - build_at_.value(), Now());
    build_at_ = news.at.position;
    Point("growing");
  }
  if (generations_.building()->purpose != Building::Purpose::kHeld && MayTakeOver(news)) {
    TakeOver();
  }
}

bool Succession::MayTakeOver(const BuildNews& news) {
  if (!news.durable) return false;
  if (!projection_) return news.at.position >= *news.durable;
  const Position current = store_->checkpoint().position;
  if (news.at.position >= current && !projection_->paused()) {
    projection_->Pause();  // it stays where it is while it is taken over from
    return true;
  }
  if (news.at.position >= current) return true;
  if (!projection_->paused() && !news.trouble &&
      news.at.position.value() + kNear >= current.value()) {
    projection_->Pause();
    closing_ = std::chrono::steady_clock::now();
    Point("closing");
  } else if (closing_ && std::chrono::steady_clock::now() - *closing_ > kCloseWithin) {
    ResumeCurrent();
  }
  return false;
}

void Succession::TakeOver() {
  Point("caught-up");
  auto next = builder_->Stop();
  builder_.reset();
  const std::string name = generations_.building()->name;
  if (Status moved = generations_.MakeCurrent(name); !moved) {
    build_trouble_ = std::move(moved).error();
    return ResumeCurrent();
  }
  Point("swapped");
  projection_.reset();  // before its store
  closing_.reset();
  {
    const std::lock_guard lock(store_mutex_);
    retired_[store_->generation()] = store_;
    store_.swap(next);
  }
  retired_.erase(name);
  next.reset();
  if (Status following = FollowCurrent(); !following) build_trouble_ = following.error();
  on_swap_();
}

void Succession::ResumeCurrent() {
  closing_.reset();
  if (projection_) projection_->Resume();
}

std::optional<v1::GenerationBuild> Succession::building() const {
  const auto& building = generations_.building();
  if (!building) return std::nullopt;
  v1::GenerationBuild said;
  said.set_generation(building->name);
  said.set_purpose(building->purpose == Building::Purpose::kRollback
                       ? v1::GenerationBuild::rollback
                       : v1::GenerationBuild::rebuild);
  said.set_projection_version(options_.projection.rules.version);
  if (build_trouble_) said.set_trouble(build_trouble_->ToString());
  if (!builder_) return said;
  const BuildNews news = builder_->news();
  const std::uint64_t head = news.durable.value_or(Position()).value();
  const double rate = build_rate_.PerSecond(Now());
  said.set_position(news.at.position.value());
  said.set_durable_position(head);
  said.set_events_per_second(rate);
  if (rate > 0 && head > said.position()) {
    said.set_seconds_left(
        static_cast<std::uint64_t>(static_cast<double>(head - said.position()) / rate) + 1);
  }
  said.set_parked(news.parked);
  said.set_held(building->purpose == Building::Purpose::kHeld && news.durable &&
                news.at.position >= *news.durable);
  if (news.trouble) said.set_trouble(news.trouble->ToString());
  return said;
}

v1::GenerationsReply Succession::Describe() const {
  v1::GenerationsReply reply;
  const std::uint32_t own = options_.projection.rules.version;
  for (const std::string& name : generations_.All()) {
    v1::Generation& generation = *reply.add_generations();
    generation.set_name(name);
    generation.set_bytes_on_disk(BytesIn(generations_.PathOf(name)));
    if (name == generations_.current()) {
      generation.set_state(v1::Generation::current);
      Fill(*store_, own, &generation);
    } else if (generations_.building() && name == generations_.building()->name) {
      generation.set_state(v1::Generation::building);
      if (builder_) Fill(builder_->store(), own, &generation);
    } else {
      generation.set_state(v1::Generation::kept);
      const auto store = LookAt(generations_, name);
      if (store) {
        Fill(**store, own, &generation);
      } else {
        generation.set_trouble(store.error().ToString());
      }
    }
  }
  if (auto build = building()) *reply.mutable_building() = *std::move(build);
  return reply;
}

void Succession::Point(std::string_view name) const {
  if (options_.at_point) options_.at_point(name);
}

}  // namespace entente::projector
