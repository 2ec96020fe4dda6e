#pragma once
// Makes snapshots of a site's feeds (docs/protocol.md, snapshot) from one consistent view of the
// hub's database. What was made of a feed before is taken as it is, but for its last part. Reads
// only; any thread, on a connection of its own.

#include "core/storage/snapshot_reader.h"
#include "core/wire/snapshot.h"
#include "sync/store/feed_seal.h"

#include <utility>
#include <vector>

namespace cairn::sync {

/// The hub whose snapshots these are.
struct SnapshotHub {
  NodeId node;
  HubGeneration gen;
  FeedSeal seal{Bytes()};
};

/// What is kept of the parts that were made now: a device asks for the first ones first.
inline constexpr std::size_t kFreshOctetsMost = 64U << 20U;

struct MadeSnapshot {
  wire::SnapshotManifest manifest;
  std::vector<std::pair<crypto::Hash128, Bytes>> fresh;  ///< parts that were made now, the first
  std::size_t fresh_octets = 0;                          ///< of all that were made now
};

/// `known`: what was made of feeds in this life of the hub. Errors: those of wire::encode_part(),
/// kInvalid "too_many_parts".
Result<MadeSnapshot> make_snapshot(storage::Connection& connection, const SnapshotHub& hub,
                                   const SiteId& site,
                                   const std::vector<wire::SnapshotFeed>& known);

/// The part with the positions after `after` up to `last`. Errors: those of wire::encode_part().
Result<Bytes> make_part(storage::Connection& connection, const SnapshotHub& hub,
                        const std::string& feed, std::uint64_t after, std::uint64_t last);

}  // namespace cairn::sync
