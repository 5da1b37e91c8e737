// What was found out about one picture of the rows, and is asked of it again with every question.
#pragma once

#include <any>
#include <memory>
#include <mutex>
#include <typeindex>
#include <unordered_map>
#include <utility>

namespace entente::views {

// Thread-safe. Two that ask at the same moment may both look, and find the same.
class Memo {
 public:
  // What `find` gives; looked for once. One `Finding` of each type.
  template <class Finding, class Find>
  Finding Once(const Find& find) {
    const std::type_index type = typeid(Finding);
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = found_.find(type); known != found_.end()) {
        return std::any_cast<const Finding&>(known->second);
      }
    }
    Finding finding = find();
    const std::lock_guard lock(mutex_);
    found_.emplace(type, finding);
    return finding;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::type_index, std::any> found_;
};

// One `Shared` for all that ask the same memo; of one's own where nothing is kept.
template <class Shared>
std::shared_ptr<Shared> SharedIn(Memo* memo) {
  if (memo == nullptr) return std::make_shared<Shared>();
  return memo->Once<std::shared_ptr<Shared>>([] { return std::make_shared<Shared>(); });
}

}  // namespace entente::views
