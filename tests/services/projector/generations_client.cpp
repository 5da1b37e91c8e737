#include "tests/services/projector/generations_client.h"

#include <gtest/gtest.h>

#include <utility>

#include "services/query/replica_directory.h"
#include "views/store/digest.h"

namespace entente::spine {

GenerationsReply Ask(Spine& spine, const Change& change) {
  return Wire(spine, spine.endpoints().projector)
      .Ask<v1::GenerationsReply>(bus::MessageType::change_generations_request, change);
}

void Rebuild(Spine& spine, bool hold) {
  Change change;
  change.mutable_rebuild()->set_hold(hold);
  const auto reply = Ask(spine, change);
  EXPECT_TRUE(reply) << reply.error().front().ToString();
}

bool AwaitHeld(Spine& spine) {
  const auto held = [](const v1::StatusReply& status) { return status.building().held(); };
  return held(spine.AwaitStatus(client::Client::Service::kProjector, held));
}

v1::GenerationsReply Generations(Spine& spine) {
  auto reply = Wire(spine, spine.endpoints().projector)
                   .Ask<v1::GenerationsReply>(bus::MessageType::generations_request,
                                              v1::GenerationsRequest());
  if (reply) return *std::move(reply);
  ADD_FAILURE() << reply.error().front().ToString();
  return {};
}

std::string Show(const v1::GenerationsReply& reply) {
  std::string text;
  for (const v1::Generation& one : reply.generations()) {
    text += (text.empty() ? "" : ", ") + one.name() + " " + v1::Generation::State_Name(one.state());
  }
  return text;
}

bool AwaitGeneration(Spine& spine, client::Client::Service service, const std::string& name) {
  const auto there = [&](const v1::StatusReply& status) { return status.generation() == name; };
  return there(spine.AwaitStatus(service, there));
}

log::Digest DigestOfProjector(Spine& spine) {
  return views::DigestOfRows(*spine.projector().store()->TakeSnapshot()).value().sha256;
}

log::Digest DigestOfReplica(Spine& spine) {
  const auto store = query::ReplicaDirectory(spine.data() / "replica").OpenCurrent();
  if (!store || !*store) {
    ADD_FAILURE() << "no replica";
    return {};
  }
  return views::DigestOfRows(*(*store)->TakeSnapshot()).value().sha256;
}

log::Digest DigestFoldedAnew(Spine& spine, projector::Config given) {
  const std::uint64_t position = spine.projector().store()->checkpoint().position.value();
  spine.StopProjector();
  std::filesystem::remove_all(spine.data() / "views");
  spine.StartProjector(std::move(given));
  EXPECT_TRUE(spine.AwaitCheckpoint(client::Client::Service::kProjector, position));
  return DigestOfProjector(spine);
}

}  // namespace entente::spine
