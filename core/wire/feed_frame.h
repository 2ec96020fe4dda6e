#pragma once
// A feed frame: a run of one feed's positions as the hub sends them (docs/protocol.md, feed frame).
// The chain is not repeated here: every author's own chain seals its records. Any thread.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/wire/record_stream.h"

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace cairn::wire {

/// A record the hub wrote; its seq in the hub's own log.
struct HubItem {
  std::uint64_t seq = 0;
  Bytes record;
  Incarnation inc{};  ///< the generation that wrote it; 0: the frame's own
  Bytes seal{};       ///< 8 octets by which the hub knows its own hand; empty: none
  friend bool operator==(const HubItem&, const HubItem&) = default;
};

/// A node's record, verbatim.
struct AuthorItem {
  EventRef ref;
  Bytes record;
  Bytes chain{};  ///< the author's chain hash there; only in what a node gives back
  friend bool operator==(const AuthorItem&, const AuthorItem&) = default;
};

/// Confirms records `first.seq` to `last_seq` that the site's nodes are known to hold.
struct AuthorRun {
  EventRef first;
  std::uint64_t last_seq = 0;
  Bytes chain{};  ///< the author's chain hash at last_seq; empty: not told (versions before 0.2)
  friend bool operator==(const AuthorRun&, const AuthorRun&) = default;
};

using FeedItem = std::variant<HubItem, AuthorItem, AuthorRun>;

/// How many positions of the feed the item takes.
std::uint64_t positions_of(const FeedItem& item);

/// On the wire, little-endian:
///   0 magic "CRF1" | 4 version u8 = 1 | 5 flags u8 (bit 0: zstd) | 6 hub_node[16] | 22 hub_gen u64
///   | 30 base_fseq u64 | 38 count u32 (positions) | 42 raw_len u32 | 46 feed name length u8 | 47
///   feed name | then XXH3-64 of everything before and the body | body
struct FeedFrame {
  std::string feed;  ///< "cat", "site:<site>" or "n:<node>"
  NodeId hub_node;
  HubGeneration hub_gen;
  std::uint64_t base_fseq = 0;  ///< position of the first item, >= 1
  std::vector<FeedItem> items;

  /// Positions covered.
  [[nodiscard]] std::uint64_t count() const;
  [[nodiscard]] std::uint64_t last_fseq() const { return base_fseq + count() - 1; }
  friend bool operator==(const FeedFrame&, const FeedFrame&) = default;
};

/// Errors: kInvalid "frame_too_large".
Result<Bytes> encode_feed_frame(const FeedFrame& frame);

/// Errors: kCorrupt "bad_feed_frame", "bad_compression", "bad_stream".
Result<FeedFrame> decode_feed_frame(BytesView bytes);

}  // namespace cairn::wire
