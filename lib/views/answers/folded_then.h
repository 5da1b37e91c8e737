// What meetings were as of a bounded question, kept while that question is answered.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "entente/v1/meeting.pb.h"

namespace entente::views {

// Meetings as they were then, folded while one question is answered: the successors of all that
// wait are looked for among the same few. One thread.
class FoldedThen {
 public:
  struct Component {
    std::vector<std::string> streams;
    std::vector<v1::Meeting> meetings;
  };
  // nullptr: it has not been folded, or there was no room to keep it.
  const Component* Find(const std::string& stream) const {
    const auto found = by_stream_.find(stream);
    return found == by_stream_.end() ? nullptr : found->second.get();
  }
  void Keep(Component component) {
    if (by_stream_.size() + component.streams.size() > kStreamsMax) return;
    const auto kept = std::make_shared<const Component>(std::move(component));
    for (const std::string& stream : kept->streams) by_stream_[stream] = kept;
  }

 private:
  static constexpr std::size_t kStreamsMax = 4'096;
  std::unordered_map<std::string, std::shared_ptr<const Component>> by_stream_;
};

}  // namespace entente::views
