// The rows of durable subscriptions, byte by byte (docs/format.md).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "log/chain_point.h"
#include "services/query/subscription/group.h"
#include "values/error.h"

namespace entente::query {

// Keys are big-endian and prefix-free: a name holds no zero byte.
//
//     00                                   GroupHead
//     01 NAME 00                           StoredGroup
//     02 NAME 00 position u64 ordinal u16  StoredChange, in flight
//     03 NAME 00 position u64 ordinal u16  StoredChange, parked
inline constexpr char kHeadKey = 0;
std::string PrefixOf(Group::Row::Kind kind, const std::string& group);
std::string KeyOf(Group::Row::Kind kind, const std::string& group, const Cursor& cursor);
Cursor CursorOfKey(std::string_view key);

// Row 00, written anew with every batch. It says what has to be there beside it, so that rows
// without a batch that they should hold are not taken for whole.
struct GroupHead {
  log::ChainPoint known;      // where the log's chain was
  std::uint64_t batch = 0;    // counts the batches ever written, from 1
  std::uint64_t durable = 0;  // the last of them that was known to be on disk
  std::uint64_t sum = 0;      // of DigestOf all other rows, modulo 2^64
  bool summed = true;         // false of format 1, which had nothing but `known`
};

std::string EncodeHead(const GroupHead& head);
// STORE_FORMAT names the format found; STORE_DAMAGED.
Result<GroupHead> DecodeHead(std::string_view bytes);
std::uint64_t DigestOf(std::string_view key, std::string_view value);

// The highest `durable` of all whole heads anywhere in a WAL file, also behind damage; 0 if none.
std::uint64_t DurableInWal(const std::filesystem::path& file);

}  // namespace entente::query
