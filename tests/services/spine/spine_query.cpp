#include <gtest/gtest.h>

#include <utility>

#include "tests/services/spine/spine.h"

namespace entente::spine {

void Spine::StartQuery(const std::string& subscriptions_at) {
  const bool here = subscriptions_at.empty();
  auto service = query::Service::Start({.data = data(),
                                        .projector = endpoints_.projector,
                                        .ingest = endpoints_.ingest,
                                        .listen = endpoints_.query,
                                        .tail = endpoints_.tail,
                                        .subscriptions = here ? data() / "subscriptions" : "",
                                        .subscriptions_at = subscriptions_at,
                                        .marker = "",
                                        .shared_store = nullptr},
                                       context_);
  ASSERT_TRUE(service) << service.error().ToString();
  query_ = *std::move(service);
}

void Spine::StartAll() {
  StartIngest();
  StartProjector();
  StartQuery();
}

}  // namespace entente::spine
