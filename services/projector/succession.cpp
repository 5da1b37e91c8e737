#include "services/projector/succession.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>
#include <utility>

#include "views/erasures/erasures.h"

namespace entente::projector {
namespace {

using views::Building;

// The current one stops when the next is this close: it is then taken over from in a moment.
constexpr std::uint64_t kNear = 2'000;
// If it is not (ingest went away just now), the current one goes on and it is tried again.
constexpr std::chrono::seconds kCloseWithin(10);
// More than a store without rows takes on the disk.
constexpr std::uint64_t kEmptyBytesMax = 1U << 20;
// One that is to be removed may still be read.
constexpr std::chrono::milliseconds kRemoveAgainAfter(500);

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

void Fill(const views::ViewStore& store, std::uint32_t own_version, v1::Generation* generation) {
  const log::ChainPoint at = store.taken();
  generation->set_projection_version(store.projection_version());
  generation->mutable_at()->set_position(at.position.value());
  generation->mutable_at()->set_hash(std::string(log::BytesOf(at.hash)));
  generation->set_of_this_program(store.projection_version() == own_version);
}

}  // namespace

Result<std::unique_ptr<Succession>> Succession::Open(bus::Loop& loop, Options options,
                                                     Listener listener) {
  auto generations = views::Generations::Open(options.views, options.at_point);
  if (!generations) return Fail(std::move(generations).error());
  auto store = generations->OpenCurrent(options.projection.rules.version);
  if (!store && store.error().reason == Reason::kStoreFormat) {
    // Rows of another version can be served, if not added to; of another layout, neither.
    auto as_it_is = views::ViewStore::Open(generations->PathOf(generations->current()),
                                           generations->current(), views::kWhicheverVersion);
    if (as_it_is) store = std::move(as_it_is);
  }
  if (!store) return Fail(std::move(store).error());
  return std::unique_ptr<Succession>(new Succession(
      loop, std::move(options), *std::move(generations), *std::move(store), std::move(listener)));
}

Succession::Succession(bus::Loop& loop, Options options, views::Generations generations,
                       std::shared_ptr<views::ViewStore> store, Listener listener)
    : loop_(loop),
      options_(std::move(options)),
      generations_(std::move(generations)),
      listener_(std::move(listener)),
      store_(std::move(store)) {
  loop_.Add(news_, [this] { OnNews(); });
}

Succession::~Succession() {
  if (leave_erased_) loop_.Cancel(*leave_erased_);
  if (drop_empty_) loop_.Cancel(*drop_empty_);
  loop_.Remove(news_);
}

Status Succession::Follow(zmq::context_t& context) {
  context_ = &context;
  DropEmptyOnes();
  const bool ours = store_->projection_version() == options_.projection.rules.version;
  if (ours) {
    if (Status following = FollowCurrent(); !following) return following;
  }
  // One that cannot go on must not keep the current one from being served: status tells.
  if (generations_.building() && StartBuilder()) return {};
  if (ours || (generations_.building() &&
               generations_.building()->purpose != Building::Purpose::kRollback)) {
    return {};
  }
  if (generations_.building()) {
    // Back to views that this program cannot fold forward either.
    if (Status cancelled = generations_.Cancel(); !cancelled) return cancelled;
  }
  if (Status begun = BeginOwnVersion(); !begun) return begun;
  (void)StartBuilder();
  return {};
}

Status Succession::FollowCurrent() {
  Projection::Listener listener = listener_.current;
  listener.written = [this](const views::RowDelta& delta) {
    listener_.current.written(delta);
    if (views::TouchesErasures(delta)) LeaveErasedBehindAfter(std::chrono::milliseconds(0));
  };
  listener.far_behind = [this] { OnFarBehind(); };
  projection_ =
      std::make_unique<Projection>(loop_, *store_, options_.projection, std::move(listener));
  LeaveErasedBehindAfter(std::chrono::milliseconds(0));
  return projection_->Follow(*context_, options_.ingest);
}

void Succession::OnFarBehind() {
  // What stops before a poison event is followed up to there.
  if (options_.projection.poison == PoisonPolicy::kPause) return;
  if (!generations_.building() && !Begin({.name = generations_.NextName()})) return;
  if (!builder_ || generations_.building()->purpose != Building::Purpose::kRebuild) return;
  projection_->Pause();
  gives_way_ = true;
}

Status Succession::BeginOwnVersion() {
  if (const auto kept = NewestKeptOfOwnVersion()) {
    return generations_.Begin({.name = *kept, .purpose = Building::Purpose::kRollback});
  }
  return generations_.Begin({.name = generations_.NextName()});
}

std::optional<std::string> Succession::NewestKeptOfOwnVersion() const {
  const auto kept = generations_.Kept();
  const auto own = std::find_if(kept.rbegin(), kept.rend(), [this](const std::string& name) {
    return LookAtKept(name).of_this_program();
  });
  if (own == kept.rend()) return std::nullopt;
  return *own;
}

std::shared_ptr<views::ViewStore> Succession::store() const {
  const std::lock_guard lock(store_mutex_);
  return store_;
}

Status Succession::Change(const v1::ChangeGenerationsRequest& request) {
  switch (request.change_case()) {
    case v1::ChangeGenerationsRequest::kRebuild:
      return Begin({.name = generations_.NextName(),
                    .purpose = request.rebuild().hold() ? Building::Purpose::kHeld
                                                        : Building::Purpose::kRebuild,
                    .stop_at_poison = request.rebuild().stop_at_poison()});
    case v1::ChangeGenerationsRequest::kRollback:
      return Rollback(request.rollback());
    case v1::ChangeGenerationsRequest::kDrop:
      return Drop(request.drop());
    case v1::ChangeGenerationsRequest::kCancel:
      return Cancel();
    case v1::ChangeGenerationsRequest::kSwap:
      return Swap();
    case v1::ChangeGenerationsRequest::CHANGE_NOT_SET:
      break;
  }
  return Fail(Reason::kFieldRequired, "change", "", "say what is to be changed");
}

Status Succession::Begin(const Building& building) {
  if (generations_.building()) {
    return Fail(Reason::kStoreBusy, "change", generations_.building()->name,
                "it is being built; wait for it or cancel it");
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
  if (name.empty() && kept.empty()) {
    return Fail(Reason::kNotFound, "rollback", "", "no generation is kept");
  }
  if (name == generations_.current()) {
    return Fail(Reason::kFieldInvalid, "rollback", name, "it is the current one");
  }
  const std::string& wanted = name.empty() ? kept.back() : name;
  if (std::ranges::find(kept, wanted) == kept.end()) {
    return Fail(Reason::kNotFound, "rollback", wanted, "no such generation is kept");
  }
  const auto store = OpenKept(wanted);
  if (store && TellsOfErased(**store)) {
    return Fail(Reason::kFieldInvalid, "rollback", wanted,
                "it was made of an event that was erased since, and is being removed");
  }
  return Begin({.name = wanted, .purpose = Building::Purpose::kRollback});
}

Status Succession::Drop(const std::string& name) {
  const auto open = retired_.find(name);
  if (open != retired_.end() && !open->second.expired()) {
    return Fail(Reason::kStoreBusy, "drop", name, "it is still being read; try again in a moment");
  }
  Status dropped = generations_.Drop(name);
  if (!dropped) return Fail(std::move(dropped).error().At("drop"));
  kept_.erase(name);
  return {};
}

Status Succession::Swap() {
  const auto& building = generations_.building();
  if (!building || building->purpose != Building::Purpose::kHeld) {
    return Fail(Reason::kNotFound, "swap", "", "no generation is held");
  }
  Building released = *building;
  released.purpose = Building::Purpose::kRebuild;
  if (Status noted = generations_.Begin(released); !noted) return noted;
  OnNews();
  return {};
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
  if (tells_of_erased()) {
    return Fail(Reason::kFieldInvalid, "cancel", generations_.building()->name,
                "the current views were made of an event that was erased since: without this one "
                "they would go on to tell of it");
  }
  return GiveUpBuilding();
}

Status Succession::GiveUpBuilding() {
  builder_.reset();
  build_trouble_.reset();
  kept_.erase(generations_.building()->name);
  ResumeCurrent();
  return generations_.Cancel();
}

Status Succession::StartBuilder() {
  build_trouble_.reset();
  build_rate_ = Rate();
  Projection::Options projection = options_.projection;
  if (generations_.building()->stop_at_poison) projection.poison = PoisonPolicy::kPause;
  auto store = OpenBuilding();
  if (store) {
    build_at_ = (*store)->taken().position;
    auto builder = Builder::Start(*context_, *store, options_.ingest, std::move(projection), news_);
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

Result<std::shared_ptr<views::ViewStore>> Succession::OpenBuilding() const {
  // Perhaps a replica still reads it.
  if (const auto retired = retired_.find(generations_.building()->name);
      retired != retired_.end()) {
    if (auto store = retired->second.lock()) return store;
  }
  auto store = generations_.OpenBuilding(options_.projection.rules.version);
  if (!store) return Fail(std::move(store).error());
  return std::shared_ptr<views::ViewStore>(*std::move(store));
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
  if (news.stage != views::Stage::kWhole) return false;
  const Position current = store_->checkpoint().position;
  if (gives_way_) {
    // It is empty: whatever is nearly there is better.
    return news.durable && news.at.position > Position() &&
           news.at.position.value() + kNear >= news.durable->value();
  }
  if (!projection_) {
    // It stands still already; views that end before it would be a step back.
    return news.durable && news.at.position >= std::max(*news.durable, current);
  }
  if (closing_ && std::chrono::steady_clock::now() - *closing_ > kCloseWithin) {
    ResumeCurrent();  // and it is tried again from where they are then
    return false;
  }
  if (!closing_) {
    // One that stands at position 0 is whole as well, and all of it is still to come.
    const bool begun = news.at.position > Position() || news.durable == Position();
    if (news.trouble || !begun || news.at.position.value() + kNear < current.value()) return false;
    Close();
  }
  return news.at.position >= current;
}

void Succession::Close() {
  projection_->Pause();
  closing_ = std::chrono::steady_clock::now();
  Point("closing");
}

void Succession::TakeOver() {
  Point("caught-up");
  auto next = builder_->Stop();
  builder_.reset();
  const std::string name = generations_.building()->name;
  Status moved = next->Sync();
  if (moved) moved = generations_.MakeCurrent(name);
  if (!moved) {
    build_trouble_ = std::move(moved).error();
    return ResumeCurrent();
  }
  Point("swapped");
  projection_.reset();  // before its store
  closing_.reset();
  const bool was_empty = store_->taken().position == Position();
  const bool is_empty = next->taken().position == Position();
  const std::string before = store_->generation();
  {
    const std::lock_guard lock(store_mutex_);
    retired_[store_->generation()] = store_;
    store_.swap(next);
  }
  retired_.erase(name);
  kept_.erase(name);
  next.reset();
  if (Status following = FollowCurrent(); !following) build_trouble_ = following.error();
  listener_.swapped();
  gives_way_ = false;
  if (was_empty && !is_empty) DropEmpty(before);
}

// Of a process that ended before it could drop the one that gave way.
void Succession::DropEmptyOnes() {
  if (store_->taken().position == Position()) return;
  for (const std::string& name : generations_.Kept()) {
    // To open a large one takes longer than a start may.
    if (BytesIn(generations_.PathOf(name)) > kEmptyBytesMax) continue;
    const v1::Generation& kept = LookAtKept(name);
    if (kept.trouble().empty() && kept.at().position() == 0) (void)Drop(name);
  }
}

void Succession::DropEmpty(const std::string& name) {
  const Status dropped = Drop(name);
  if (dropped || dropped.error().reason != Reason::kStoreBusy) return;
  drop_empty_ = loop_.After(kRemoveAgainAfter, [this, name] {
    drop_empty_.reset();
    DropEmpty(name);
  });
}

bool Succession::tells_of_erased() const { return TellsOfErased(*store_); }

bool Succession::TellsOfErased(const views::ViewStore& store) const {
  return views::TellOfErased(*store.TakeSnapshot(), *store_->TakeSnapshot());
}

void Succession::LeaveErasedBehindAfter(std::chrono::milliseconds delay) {
  if (leave_erased_) return;
  leave_erased_ = loop_.After(delay, [this] {
    leave_erased_.reset();
    LeaveErasedBehind();
  });
}

void Succession::LeaveErasedBehind() {
  // Without a projection the current one is about to be left in any case.
  if (!projection_ || !views::KnowOfErasures(*store_->TakeSnapshot())) return;
  Status status;
  if (builder_ && TellsOfErased(*builder_->store())) status = GiveUpBuilding();
  if (status && tells_of_erased()) {
    if (!generations_.building()) {
      status = Begin({.name = generations_.NextName()});
    } else if (generations_.building()->purpose == Building::Purpose::kHeld) {
      status = Swap();
    }
  }
  for (const std::string& name : generations_.Kept()) {
    // What this program cannot read may tell of it just as well.
    const bool stays = [&] {
      const auto store = OpenKept(name);
      return store ? !TellsOfErased(**store) : store.error().reason == Reason::kStoreIo;
    }();
    if (stays) continue;
    if (Status dropped = Drop(name); !dropped) status = dropped;
  }
  if (!status) LeaveErasedBehindAfter(kRemoveAgainAfter);
}

void Succession::ResumeCurrent() {
  closing_.reset();
  gives_way_ = false;
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
  said.set_folding(news.stage == views::Stage::kFolding);
  said.set_held(building->purpose == Building::Purpose::kHeld && news.durable &&
                news.stage == views::Stage::kWhole && news.at.position >= *news.durable);
  if (news.trouble) said.set_trouble(news.trouble->ToString());
  return said;
}

v1::GenerationsReply Succession::Describe() const {
  v1::GenerationsReply reply;
  const std::uint32_t own = options_.projection.rules.version;
  for (const std::string& name : generations_.All()) {
    v1::Generation& generation = *reply.add_generations();
    if (name == generations_.current()) {
      generation.set_state(v1::Generation::current);
      Fill(*store_, own, &generation);
    } else if (generations_.building() && name == generations_.building()->name) {
      generation.set_state(v1::Generation::building);
      if (builder_) Fill(*builder_->store(), own, &generation);
    } else {
      generation = LookAtKept(name);
      generation.set_state(v1::Generation::kept);
    }
    generation.set_name(name);
    generation.set_bytes_on_disk(BytesIn(generations_.PathOf(name)));
  }
  if (auto build = building()) *reply.mutable_building() = *std::move(build);
  return reply;
}

const v1::Generation& Succession::LookAtKept(const std::string& name) const {
  const auto [known, is_new] = kept_.try_emplace(name);
  if (!is_new) return known->second;
  const std::uint32_t own = options_.projection.rules.version;
  const auto store = OpenKept(name);
  if (store) {
    Fill(**store, own, &known->second);
  } else {
    known->second.set_trouble(store.error().ToString());
  }
  return known->second;
}

Result<std::shared_ptr<const views::ViewStore>> Succession::OpenKept(
    const std::string& name) const {
  if (const auto retired = retired_.find(name); retired != retired_.end()) {
    if (auto store = retired->second.lock()) return store;
  }
  auto store = views::ViewStore::OpenToRead(generations_.PathOf(name));
  if (!store) return Fail(std::move(store).error());
  return std::shared_ptr<const views::ViewStore>(*std::move(store));
}

Result<std::shared_ptr<const views::ViewStore>> Succession::StoreOf(const std::string& name) const {
  if (name.empty() || name == generations_.current()) return store();
  if (builder_ && generations_.building() && name == generations_.building()->name) {
    return builder_->store();
  }
  const auto kept = generations_.Kept();
  if (std::ranges::find(kept, name) != kept.end()) return OpenKept(name);
  Error error = Fail(Reason::kNotFound, "generation", name, "there is none of this name").value();
  error.suggestions = generations_.All();
  return Fail(std::move(error));
}

void Succession::Point(std::string_view name) const {
  if (options_.at_point) options_.at_point(name);
}

}  // namespace entente::projector
