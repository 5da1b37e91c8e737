#include "views/components/components.h"

#include <set>

#include "views/rows/key.h"

namespace entente::views {
namespace {

std::string LeaderKey(std::string_view stream) { return Key(View::kLeader).Text(stream).bytes(); }
std::string MembersKey(std::string_view leader) { return Key(View::kMembers).Text(leader).bytes(); }

}  // namespace

std::vector<std::string> ComponentOf(const Snapshot& snapshot, std::string_view stream) {
  const auto leader = snapshot.Get(LeaderKey(stream));
  const auto row = leader ? snapshot.Get(MembersKey(*leader)) : std::nullopt;
  if (!row) return {std::string(stream)};
  std::vector<std::string> members;
  KeyReader reader(*row);
  while (reader.ok() && !reader.rest().empty()) members.emplace_back(reader.Text());
  return members;
}

std::vector<bool> StandAlone(const Snapshot& snapshot, std::span<const std::string> streams) {
  std::vector<std::string> keys;
  keys.reserve(streams.size());
  for (const std::string& stream : streams) keys.push_back(LeaderKey(stream));
  std::vector<bool> alone;
  for (const auto& leader : snapshot.GetMany(keys)) alone.push_back(!leader);
  return alone;
}

void Connect(std::span<const std::string> streams, Draft* draft) {
  std::set<std::string> members;
  std::set<std::string> leaders;
  for (const std::string& stream : streams) {
    if (members.contains(stream)) continue;
    const auto component = ComponentOf(*draft, stream);
    leaders.insert(component.front());
    members.insert(component.begin(), component.end());
  }
  if (leaders.size() < 2) return;
  const std::string& leader = *members.begin();
  std::string row;
  for (const std::string& member : members) {
    row += member;
    row.push_back('\0');
    draft->Put(LeaderKey(member), leader);
  }
  for (const std::string& former : leaders) draft->Erase(MembersKey(former));
  draft->Put(MembersKey(leader), std::move(row));
}

}  // namespace entente::views
