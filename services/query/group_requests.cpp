// What is asked about durable subscriptions, and its answers.
#include <fmt/format.h>

#include <algorithm>

#include "services/query/groups.h"
#include "services/query/steady_tick.h"
#include "services/query/subscription/cursor.h"
#include "services/query/subscription/group_limits.h"

namespace entente::query {
namespace {

using Type = bus::MessageType;

constexpr std::uint32_t kPageDefault = 50;
constexpr std::uint32_t kPageMax = 1'000;
constexpr int kSettledMax = 10'000;
constexpr std::size_t kTokenBytes = 10;

// A page token is the cursor of the last entry.
std::string TokenOf(const Cursor& cursor) {
  std::string token;
  for (int shift = 56; shift >= 0; shift -= 8) {
    token.push_back(static_cast<char>(cursor.position.value() >> shift & 0xff));
  }
  token.push_back(static_cast<char>(cursor.ordinal.value() >> 8));
  token.push_back(static_cast<char>(cursor.ordinal.value() & 0xff));
  return token;
}

std::optional<Cursor> FromToken(const std::string& token) {
  if (token.size() != kTokenBytes) return std::nullopt;
  std::uint64_t position = 0;
  std::uint32_t ordinal = 0;
  for (std::size_t i = 0; i < 8; ++i)
    position = position << 8 | static_cast<unsigned char>(token[i]);
  for (std::size_t i = 8; i < 10; ++i)
    ordinal = ordinal << 8 | static_cast<unsigned char>(token[i]);
  return Cursor{Position(position), Ordinal(static_cast<std::uint16_t>(ordinal))};
}

template <class Request>
Result<Request> Read(const bus::Message& message) {
  Request request;
  if (Status parsed = bus::ParseBody(message, &request); !parsed) {
    return Fail(std::move(parsed).error());
  }
  return request;
}

Status CheckSettled(const v1::SettleRequest& request) {
  if (request.settled_size() > kSettledMax) {
    return Fail(Reason::kFieldInvalid, "settled", std::to_string(request.settled_size()),
                fmt::format("at most {} at once", kSettledMax));
  }
  for (int i = 0; i < request.settled_size(); ++i) {
    const auto how = request.settled(i).how();
    if (how == v1::SettleRequest::unspecified || !v1::SettleRequest::How_IsValid(how)) {
      return Fail(Reason::kFieldInvalid, fmt::format("settled[{}].how", i),
                  std::to_string(static_cast<int>(how)),
                  "one of ack, retry_now, retry_later, park and skip");
    }
  }
  return {};
}

void Describe(const Group& machine, Position head, v1::ListGroupsReply::One* one) {
  const Group::Standing standing = machine.standing();
  *one->mutable_group() = machine.definition();
  ToWire(standing.ack_floor, one->mutable_ack_floor());
  ToWire(standing.considered, one->mutable_considered());
  one->set_head(head.value());
  one->set_in_flight(static_cast<std::uint32_t>(standing.in_flight));
  one->set_out(static_cast<std::uint32_t>(standing.out));
  one->set_waiting(static_cast<std::uint32_t>(standing.waiting));
  one->set_parked(standing.parked);
  one->set_consumers(static_cast<std::uint32_t>(standing.consumers));
  one->set_stalled(standing.stalled);
}

}  // namespace

bool Groups::OnRequest(const bus::Caller& caller, const bus::Message& message) {
  using Handle = void (Groups::*)(const SubscriptionKey&, const bus::Message&);
  Handle handle = nullptr;
  switch (message.header.type) {
    case Type::create_group_request:
      handle = &Groups::Create;
      break;
    case Type::list_groups_request:
      handle = &Groups::List;
      break;
    case Type::delete_group_request:
      handle = &Groups::Delete;
      break;
    case Type::settle_request:
      handle = &Groups::Settle;
      break;
    case Type::parked_request:
      handle = &Groups::ListParked;
      break;
    case Type::replay_parked_request:
      handle = &Groups::Replay;
      break;
    default:
      return false;
  }
  const SubscriptionKey from{caller, message.header.correlation};
  if (!store_) {
    Refuse(from, Elsewhere());
  } else if (const auto broken = store_->broken()) {
    Refuse(from, *broken);
  } else {
    (this->*handle)(from, message);
  }
  return true;
}

Groups::Host* Groups::Find(const SubscriptionKey& from, const std::string& name,
                           const char* field) {
  const auto host = hosts_.find(name);
  if (host != hosts_.end()) return &host->second;
  Error error =
      Fail(Reason::kGroupUnknown, field, name, "no durable subscription has this name").value();
  constexpr std::size_t kNames = 5;
  for (const auto& [known, other] : hosts_) {
    if (error.suggestions.size() < kNames) error.suggestions.push_back(known);
  }
  Refuse(from, error);
  return nullptr;
}

Result<Cursor> Groups::BeginningOf(const v1::CreateGroupRequest& request) const {
  const auto snapshot = replica_.store()->TakeSnapshot();
  switch (request.from_case()) {
    case v1::CreateGroupRequest::kAfter:
      return FromWire(request.after());
    case v1::CreateGroupRequest::kNow:
      return EndOf(snapshot->checkpoint().position);
    case v1::CreateGroupRequest::kRecorded:
      return views::CursorAt(ContextOf(*snapshot), request.recorded());
    default:
      return Cursor();
  }
}

void Groups::Create(const SubscriptionKey& from, const bus::Message& message) {
  auto request = Read<v1::CreateGroupRequest>(message);
  if (!request) return Refuse(from, request.error());
  v1::Group& group = *request->mutable_group();
  if (Status fits = CompleteGroup(&group); !fits) {
    return Refuse(from, std::move(fits).error().At("group"));
  }
  auto filter = views::FeedFilter::Compile(group.filter(), domain::PartyRegistry::BuiltIn(),
                                           domain::Vocabulary::BuiltIn());
  if (!filter) return Refuse(from, std::move(filter).error().At("group"));
  const auto known = hosts_.find(group.name());
  if (known == hosts_.end()) {
    if (hosts_.size() + early_.size() >= kGroupsMax) {
      return Refuse(from, Fail(Reason::kOverloaded, "", "",
                               fmt::format("there are {} groups already", kGroupsMax))
                              .value());
    }
    if (replica_.store() == nullptr) {
      bus::Message copy{.header = message.header, .body = {}};
      copy.body.push_back(bus::MakeFrame(message.frame(0)));
      early_.emplace_back(from, std::move(copy));
      return;
    }
    auto after = BeginningOf(*request);
    if (!after) return Refuse(from, std::move(after).error().At("recorded"));
    AddHost(group.name(), Group(group, *after, replica_.head()));
    Host& host = hosts_.at(group.name());
    Perform(&host, host.machine.Begin());
  } else if (known->second.machine.definition().SerializeAsString() != group.SerializeAsString()) {
    return Refuse(from, Fail(Reason::kGroupExists, "group.name", group.name(), "").value());
  }
  v1::CreateGroupReply reply;
  *reply.mutable_group() = group;
  reply.set_created(known == hosts_.end());
  ToWire(hosts_.at(group.name()).machine.ack_floor(), reply.mutable_ack_floor());
  ReplyWhenDurable([this, from, reply] {
    if (const auto broken = store_->broken()) return Refuse(from, *broken);
    router_.Reply(from.caller, Type::create_group_reply, from.correlation, reply);
  });
}

void Groups::List(const SubscriptionKey& from, const bus::Message& message) {
  const auto request = Read<v1::ListGroupsRequest>(message);
  if (!request) return Refuse(from, request.error());
  v1::ListGroupsReply reply;
  if (!request->name().empty()) {
    const Host* host = Find(from, request->name(), "name");
    if (host == nullptr) return;
    Describe(host->machine, replica_.head(), reply.add_groups());
  } else {
    for (const auto& [name, host] : hosts_) {
      Describe(host.machine, replica_.head(), reply.add_groups());
    }
  }
  router_.Reply(from.caller, Type::list_groups_reply, from.correlation, reply);
}

void Groups::Delete(const SubscriptionKey& from, const bus::Message& message) {
  const auto request = Read<v1::DeleteGroupRequest>(message);
  if (!request) return Refuse(from, request.error());
  Host* host = Find(from, request->name(), "name");
  if (host == nullptr) return;
  for (auto& [id, last] : host->machine.EndAll("the group was deleted")) {
    (void)Send(host->keys.at(id), std::move(last));
    Drop(host, id);
  }
  if (host->due) agenda_.erase({*host->due, host->name});
  interests_.Remove(request->name());
  hosts_.erase(request->name());
  if (Status forgotten = store_->Forget(request->name()); !forgotten) {
    return Refuse(from, forgotten.error());
  }
  ReplyWhenDurable([this, from] {
    if (const auto broken = store_->broken()) return Refuse(from, *broken);
    router_.Reply(from.caller, Type::delete_group_reply, from.correlation, v1::DeleteGroupReply());
  });
}

void Groups::Settle(const SubscriptionKey& from, const bus::Message& message) {
  const auto request = Read<v1::SettleRequest>(message);
  if (!request) return Refuse(from, request.error());
  if (Status fits = CheckSettled(*request); !fits) return Refuse(from, fits.error());
  Host* host = Find(from, request->group(), "group");
  if (host == nullptr) return;
  const auto consumer = consumers_.find({from.caller, request->subscription()});
  if (consumer == consumers_.end() || consumer->second.first != host->name) {
    return Refuse(from, Fail(Reason::kSubscriptionUnknown, "subscription",
                             std::to_string(request->subscription()), "")
                            .value());
  }
  v1::SettleReply reply;
  Perform(host, host->machine.Settle(consumer->second.second, *request, SteadyNow(), &reply));
  ReplyWhenDurable([this, from, reply] {
    if (const auto broken = store_->broken()) return Refuse(from, *broken);
    router_.Reply(from.caller, Type::settle_reply, from.correlation, reply);
  });
  TellDurable(*host);
}

void Groups::ListParked(const SubscriptionKey& from, const bus::Message& message) {
  const auto request = Read<v1::ParkedRequest>(message);
  if (!request) return Refuse(from, request.error());
  const Host* host = Find(from, request->group(), "group");
  if (host == nullptr) return;
  std::optional<Cursor> after;
  if (!request->page_token().empty()) {
    after = FromToken(request->page_token());
    if (!after) {
      return Refuse(from, Fail(Reason::kPageTokenInvalid, "page_token", "", "").value());
    }
  }
  const std::uint32_t asked = request->page_size() == 0 ? kPageDefault : request->page_size();
  const std::size_t limit = std::min(asked, kPageMax);
  auto parked = store_->ReadParked(host->name, after, limit + 1);
  if (!parked) return Refuse(from, parked.error());
  const bool more = parked->size() > limit;
  if (more) parked->pop_back();
  v1::ParkedReply reply;
  for (auto& [cursor, stored] : *parked) {
    v1::ParkedReply::Parked* one = reply.add_parked();
    *one->mutable_change() = std::move(*stored.mutable_change());
    one->set_deliveries(stored.deliveries());
    one->set_why(stored.why());
  }
  if (more) reply.set_next_page_token(TokenOf(parked->back().first));
  router_.Reply(from.caller, Type::parked_reply, from.correlation, reply);
}

void Groups::Replay(const SubscriptionKey& from, const bus::Message& message) {
  const auto request = Read<v1::ReplayParkedRequest>(message);
  if (!request) return Refuse(from, request.error());
  Host* host = Find(from, request->group(), "group");
  if (host == nullptr) return;
  if (request->cursors_size() == 0) return ReplayAll(from, host);
  std::map<Cursor, v1::StoredChange> chosen;
  for (int i = 0; i < request->cursors_size(); ++i) {
    const Cursor cursor = FromWire(request->cursors(i));
    auto stored = store_->FindParked(host->name, cursor);
    if (!stored) return Refuse(from, stored.error());
    if (!*stored) {
      return Refuse(from,
                    Fail(Reason::kNotFound, fmt::format("cursors[{}]", i),
                         fmt::format("{},{}", cursor.position.value(), cursor.ordinal.value()),
                         "the group has no such change parked")
                        .value());
    }
    chosen.emplace(cursor, **std::move(stored));
  }
  const std::size_t replayed = chosen.size();
  Perform(host, host->machine.Replay({std::make_move_iterator(chosen.begin()),
                                      std::make_move_iterator(chosen.end())},
                                     SteadyNow()));
  TellReplayed(from, replayed);
}

void Groups::ReplayAll(const SubscriptionKey& from, Host* host) {
  std::size_t replayed = 0;
  std::optional<Cursor> after;
  while (true) {
    auto page = store_->ReadParked(host->name, after, kPageMax);
    if (!page) return Refuse(from, page.error());
    if (page->empty()) break;
    after = page->back().first;
    replayed += page->size();
    Perform(host, host->machine.Replay(*std::move(page), SteadyNow()));
  }
  TellReplayed(from, replayed);
}

void Groups::TellReplayed(const SubscriptionKey& from, std::size_t replayed) {
  v1::ReplayParkedReply reply;
  reply.set_replayed(static_cast<std::uint32_t>(replayed));
  ReplyWhenDurable([this, from, reply] {
    if (const auto broken = store_->broken()) return Refuse(from, *broken);
    router_.Reply(from.caller, Type::replay_parked_reply, from.correlation, reply);
  });
}

}  // namespace entente::query
