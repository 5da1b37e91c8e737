#include "views/projection/memory.h"

#include <algorithm>
#include <vector>

#include "views/components/components.h"

namespace entente::views {

std::shared_ptr<Component> Components::Of(const std::string& stream, const Snapshot& views,
                                          const Registries& registries) {
  auto& component = by_stream_[stream];
  if (!component) {
    component = std::make_shared<Component>(Read(stream, views, registries));
    Put(std::shared_ptr<Component>(component));
  }
  component->used_last = batch_;
  ++asked_;
  return component;
}

Component Components::Read(const std::string& stream, const Snapshot& views,
                           const Registries& registries) {
  if (seen_ && !seen_->Add(stream)) return Component::New(stream, stage_);
  std::vector<std::string> streams = ComponentOf(views, stream);
  return stage_ == Stage::kGathering
             ? Component::Unfolded(views, std::move(streams), stage_, registries)
             : Component::Read(views, std::move(streams), registries);
}

void Components::Put(const std::shared_ptr<Component>& component) {
  component->used_last = batch_;
  for (const std::string& stream : component->streams()) by_stream_[stream] = component;
  if (!seen_ || component->streams().size() == 1) return;
  for (const std::string& stream : component->streams()) seen_->Add(stream);
}

Components::Forgotten Components::Trim(std::size_t bytes_max) {
  ++batch_;
  // To count them is to visit all, which is not worth it as long as there must be room.
  if (bytes_ + asked_ * kGrowth <= bytes_max) return {};
  asked_ = 0;
  bytes_ = 0;
  for (const auto& [stream, component] : by_stream_) {
    bytes_ += component->bytes() / component->streams().size();
  }
  if (bytes_ <= bytes_max) return {};
  std::vector<std::pair<std::uint64_t, std::size_t>> by_use;  // with its share of the bytes
  by_use.reserve(by_stream_.size());
  for (const auto& [stream, component] : by_stream_) {
    by_use.emplace_back(component->used_last, component->bytes() / component->streams().size());
  }
  std::ranges::sort(by_use);
  // Well below the bound, so as not to be here again with the next batch.
  std::uint64_t forget_up_to = 0;
  for (const auto& [used_last, share] : by_use) {
    if (bytes_ <= bytes_max / 4 * 3) break;
    bytes_ -= share;
    forget_up_to = used_last;
  }
  Forgotten forgotten;
  std::erase_if(by_stream_, [&](auto& entry) {
    if (entry.second->used_last > forget_up_to) return false;
    forgotten.push_back(std::move(entry.second));
    return true;
  });
  return forgotten;
}

}  // namespace entente::views
