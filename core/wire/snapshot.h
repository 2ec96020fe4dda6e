#pragma once
// A snapshot: the feeds that all devices of a site share, from their first position on, cut into
// parts that are fetched by number and kept by hash (docs/protocol.md, snapshot). A part is a feed
// frame (feed_frame.h) that names no generation, so that the same positions always give the same
// octets. Any thread.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/crypto/hash.h"
#include "core/wire/feed_frame.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cairn::wire {

/// Records in one part, in octets; a longer record is a part of its own.
inline constexpr std::size_t kSnapshotPartTarget = 256U << 10U;
/// Parts of one snapshot.
inline constexpr std::size_t kSnapshotPartsMost = 10'000;

struct SnapshotPart {
  crypto::Hash128 hash{};  ///< of its octets
  std::uint32_t size = 0;  ///< of its octets, 1 to kFrameSizeMax
  std::uint64_t last = 0;  ///< the last position in it
  friend bool operator==(const SnapshotPart&, const SnapshotPart&) = default;
};

struct SnapshotFeed {
  std::string feed;
  std::uint64_t head = 0;  ///< the last position in the snapshot
  std::vector<SnapshotPart> parts;
  friend bool operator==(const SnapshotFeed&, const SnapshotFeed&) = default;
};

/// So much of an author's log is in the snapshot.
struct SnapshotAuthor {
  EventRef last;
  crypto::Hash128 chain{};
  friend bool operator==(const SnapshotAuthor&, const SnapshotAuthor&) = default;
};

struct SnapshotManifest {
  NodeId hub_node;
  HubGeneration hub_gen;
  std::vector<SnapshotFeed> feeds;
  std::vector<SnapshotAuthor> authors;  ///< the site's nodes
  /// All parts in their order: part number n is the one at n - 1.
  [[nodiscard]] std::vector<SnapshotPart> parts() const;
  friend bool operator==(const SnapshotManifest&, const SnapshotManifest&) = default;
};

Bytes encode(const SnapshotManifest& manifest);
/// The name of the snapshot with this manifest.
crypto::Hash128 snapshot_id(BytesView manifest);
/// Errors: kCorrupt "bad_message".
Result<SnapshotManifest> decode_manifest(BytesView bytes);

/// Errors: kInvalid "frame_too_large".
Result<Bytes> encode_part(FeedFrame frame);
/// As `from` with the positions after `after`, of the hub and generation that the manifest names.
/// Errors: those of decode_feed_frame(), kCorrupt "bad_part" (another hash or size, positions or
/// feed; runs, or the hub's records without their generation).
Result<FeedFrame> decode_part(const SnapshotManifest& manifest, const SnapshotFeed& from,
                              const SnapshotPart& part, std::uint64_t after, BytesView octets);

}  // namespace cairn::wire
