#include "services/query/tail.h"

#include <algorithm>
#include <set>
#include <utility>

#include "domain/parties/party_registry.h"
#include "domain/topics/vocabulary.h"
#include "entente/v1/subscription.pb.h"
#include "services/query/subscription/cursor.h"

namespace entente::query {
namespace {

constexpr std::uint32_t kPageChanges = 64;
constexpr std::string_view kCountry = "country/";

views::FeedFilter Everything() {
  auto filter = *views::FeedFilter::Compile({}, domain::PartyRegistry::BuiltIn(),
                                            domain::Vocabulary::BuiltIn());
  filter.with_confirmations = false;
  filter.with_backfill = false;
  return filter;
}

// `country/JP/`: the slash keeps a listener of one code from hearing longer ones.
std::set<std::string> PrefixesOf(const v1::Change& change) {
  std::set<std::string> prefixes;
  for (const auto* terms : {&change.terms_before(), &change.terms_after()}) {
    for (const std::string& term : *terms) {
      if (term.starts_with(kCountry)) prefixes.insert(term + "/");
    }
  }
  return prefixes;
}

}  // namespace

Tail::Tail(bus::Loop& loop, const Replica& replica, views::RecentChanges& recent,
           bus::Publisher& publisher)
    : loop_(loop),
      replica_(replica),
      recent_(recent),
      publisher_(publisher),
      everything_(Everything()) {
  SkipTo(EndOf(replica.head()));
}

Tail::~Tail() {
  if (turn_) loop_.Cancel(*turn_);
}

void Tail::OnMoved() {
  const Position head = std::max(replica_.head(), recent_.head());
  const bool far_behind = head.value() > published_.position.value() + kBehindMax;
  // Also back, to views that a projector makes anew.
  if (!publisher_.heard() || far_behind || head < published_.position) return SkipTo(EndOf(head));
  ScheduleTurn();
}

void Tail::SkipTo(const Cursor& cursor) {
  published_ = cursor;
  skipped_ = cursor;
  last_of_.clear();
}

void Tail::ScheduleTurn() {
  if (turn_ || published_ >= EndOf(std::max(replica_.head(), recent_.head()))) return;
  turn_ = loop_.After(std::chrono::milliseconds(0), [this] {
    turn_.reset();
    TakeTurn();
    ScheduleTurn();
  });
}

void Tail::TakeTurn() {
  const auto page = recent_.Read(*replica_.store(), replica_.head(), everything_, published_,
                                 kPageChanges, false);
  if (!page) return SkipTo(EndOf(replica_.head()));  // listeners see the gap
  for (const v1::DescribedChange& change : page->changes) Publish(change);
  published_ = page->at_head ? EndOf(page->head) : page->covered_to;
}

void Tail::Publish(const v1::DescribedChange& change) {
  const Cursor cursor = CursorOf(change.change());
  v1::Tail message;
  *message.mutable_change() = change;
  for (const std::string& prefix : PrefixesOf(change.change())) {
    Cursor& last = last_of_.try_emplace(prefix, skipped_).first->second;
    ToWire(last, message.mutable_previous());
    // What does not fit or cannot go is a gap that the next one shows.
    (void)publisher_.Publish(prefix, bus::MakeMessage(bus::MessageType::tail, 0, message));
    last = cursor;
  }
}

}  // namespace entente::query
