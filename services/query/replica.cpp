#include "services/query/replica.h"

#include <utility>

#include "entente/v1/view.pb.h"

namespace entente::query {
namespace {

using std::chrono::milliseconds;

// The projector holds a request this long when there is nothing new; see its log_reader.cpp.
constexpr milliseconds kWait(2'000);
constexpr milliseconds kChunkWait(10'000);
constexpr milliseconds kRetryAfter(100);
constexpr milliseconds kRetryAfterRefusal(2'000);
constexpr std::uint32_t kDeltaBytes = 4U << 20;
constexpr std::uint32_t kChunkBytes = 1U << 20;

// The projector is not there, or busy; everything else needs a person.
bool WillPass(Reason reason) {
  return reason == Reason::kUnreachable || reason == Reason::kStopping ||
         reason == Reason::kOverloaded;
}

}  // namespace

Replica::Replica(bus::Loop& loop, Options options, Listener listener)
    : loop_(loop), options_(std::move(options)), listener_(std::move(listener)) {}

Replica::~Replica() {
  if (later_) loop_.Cancel(*later_);
}

Result<std::unique_ptr<Replica>> Replica::Open(bus::Loop& loop, zmq::context_t& context,
                                               Options options, Listener listener) {
  auto replica =
      std::unique_ptr<Replica>(new Replica(loop, std::move(options), std::move(listener)));
  if (replica->options_.shared_store) {
    replica->store_ = replica->options_.shared_store();
  } else {
    replica->directory_.emplace(replica->options_.directory);
    auto store = replica->directory_->OpenCurrent();
    if (!store) return Fail(std::move(store).error());
    replica->store_ = *std::move(store);
    replica->directory_->RemoveOthers();
  }
  if (replica->store_) replica->head_ = replica->store_->checkpoint().position;
  auto dealer = bus::Dealer::Connect(loop, context, replica->options_.projector);
  if (!dealer) return Fail(std::move(dealer).error().At("projector"));
  replica->dealer_ = *std::move(dealer);
  replica->AskForDeltas();
  return replica;
}

void Replica::AskForDeltas() {
  v1::ReadDeltasRequest request;
  request.set_max_bytes(kDeltaBytes);
  request.set_without_rows(bool(options_.shared_store));
  if (const views::ViewStore* store = Following()) {
    const log::ChainPoint at = store->checkpoint();
    request.set_generation(store->generation());
    // Of a shared store: what was told, not what it has reached by now, or that would never be
    // told.
    request.set_from_position(options_.shared_store ? head_.value() : at.position.value());
    request.set_chain_hash(at.hash.data(), at.hash.size());
  }
  dealer_->Request(
      bus::MessageType::read_deltas_request, request, kWait,
      [this](tl::expected<bus::Message, Errors> reply) { OnDeltas(std::move(reply)); });
}

void Replica::OnDeltas(tl::expected<bus::Message, Errors> reply) {
  const auto again = [this] { AskForDeltas(); };
  if (!reply) {
    Trouble(reply.error().front());
    return Later(WillPass(trouble_->reason) ? kRetryAfter : kRetryAfterRefusal, again);
  }
  v1::ReadDeltasReply head;
  Status taken = bus::ParseBody(*reply, &head);
  if (taken) projected_ = Position(head.checkpoint());
  if (taken && head.behind()) {
    trouble_.reset();
    fetch_.emplace();
    return AskForChunk();
  }
  if (taken && Following() == nullptr) {
    taken = Fail(Reason::kMessageMalformed, "", "",
                 "the projector sent deltas to who has nothing to apply them to");
  }
  if (taken) taken = ApplyDeltas(*reply);
  if (taken) taken = UseFetched();
  if (!taken) {
    Trouble(std::move(taken).error());
    return Later(kRetryAfterRefusal, again);
  }
  trouble_.reset();
  if (options_.shared_store) {
    auto shared = options_.shared_store();
    if (shared != store_) TakeOver(std::move(shared));
  }
  TellIfMoved();
  AskForDeltas();
}

Status Replica::ApplyDeltas(const bus::Message& message) {
  for (std::size_t frame = 1; frame < message.body.size(); ++frame) {
    v1::ViewDelta delta;
    const std::string_view bytes = message.frame(frame);
    if (!delta.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return Fail(Reason::kMessageMalformed, "", "", "the projector sent a delta that is none");
    }
    if (Status applied = Following()->Apply(delta); !applied) return applied;
  }
  return {};
}

void Replica::AskForChunk() {
  v1::ReadCheckpointRequest request;
  request.set_checkpoint(fetch_->checkpoint);
  request.set_after_key(fetch_->after_key);
  request.set_max_bytes(kChunkBytes);
  dealer_->Request(bus::MessageType::read_checkpoint_request, request, kChunkWait,
                   [this](tl::expected<bus::Message, Errors> reply) { OnChunk(std::move(reply)); });
}

void Replica::OnChunk(tl::expected<bus::Message, Errors> reply) {
  bool last = false;
  Status taken = reply ? TakeChunk(*reply, &last) : Status(Fail(reply.error().front()));
  if (taken && last) taken = UseFetched();
  if (!taken) {
    // From the beginning: the projector that held the checkpoint may be gone.
    Trouble(std::move(taken).error());
    fetch_.reset();
    return Later(kRetryAfterRefusal, [this] { AskForDeltas(); });
  }
  trouble_.reset();
  last ? AskForDeltas() : AskForChunk();
}

Status Replica::TakeChunk(const bus::Message& message, bool* last) {
  v1::ReadCheckpointReply chunk;
  if (Status parsed = bus::ParseBody(message, &chunk); !parsed) return parsed;
  if (!fetch_->store) {
    if (chunk.projection_version() == 0) {
      return Fail(Reason::kMessageMalformed, "projection_version", "",
                  "the checkpoint does not say which projection made it");
    }
    auto store = directory_->Prepare(chunk.generation(), chunk.projection_version());
    if (!store) return Fail(std::move(store).error());
    fetch_->store = *std::move(store);
    fetch_->checkpoint = chunk.checkpoint();
  }
  if (Status loaded = fetch_->store->Load(chunk); !loaded) return loaded;
  if (chunk.rows_size() > 0) fetch_->after_key = chunk.rows(chunk.rows_size() - 1).key();
  *last = chunk.last();
  return {};
}

Status Replica::UseFetched() {
  if (!fetch_) return {};
  if (store_ && fetch_->store->checkpoint().position < store_->checkpoint().position) return {};
  if (Status used = directory_->UsePrepared(); !used) return used;
  auto next = std::move(fetch_->store);
  fetch_.reset();
  TakeOver(std::move(next));
  return {};
}

void Replica::TakeOver(std::shared_ptr<views::ViewStore> next) {
  auto before = std::exchange(store_, std::move(next));
  if (before && before->generation() != store_->generation()) {
    listener_.taken_over(std::move(before));
  }
  Tell();
}

void Replica::TellIfMoved() {
  if (store_->checkpoint().position != head_) Tell();
}

void Replica::Tell() {
  head_ = store_->checkpoint().position;
  const auto since_1970 = std::chrono::system_clock::now().time_since_epoch();
  last_progress_ = RecordedTime(std::chrono::duration_cast<milliseconds>(since_1970).count());
  progressed_ = std::chrono::steady_clock::now();
  listener_.moved();
}

milliseconds Replica::since_progress() const {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - progressed_);
}

void Replica::Trouble(Error error) {
  // What is still in the socket would be carried out, for nobody, once the projector is back.
  if (error.reason == Reason::kUnreachable) dealer_->Reconnect();
  trouble_ = std::move(error);
}

void Replica::Later(milliseconds delay, std::function<void()> then) {
  later_ = loop_.After(delay, [this, then = std::move(then)] {
    later_.reset();
    then();
  });
}

}  // namespace entente::query
