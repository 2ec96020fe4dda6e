#pragma once
// What neighbours on a site's LAN tell each other besides frames: what each holds, and what it
// lacks (docs/protocol.md, LAN). Plain structs here, Protobuf on the wire. Any thread.

#include "core/crypto/hash.h"
#include "core/wire/message.h"

#include <cstdint>
#include <vector>

namespace cairn::wire {

/// What is held of an author: its first `seq` records, with this chain hash at the last of them.
struct LanVersion {
  NodeId node;
  Incarnation inc;
  std::uint64_t seq = 0;
  crypto::Hash128 chain{};
  friend bool operator==(const LanVersion&, const LanVersion&) = default;
};

struct LanDigest {
  Incarnation writing_inc;
  std::vector<LanVersion> vv;
  /// Of the feeds that all devices of a site share; where some earlier generations were left first.
  std::vector<FeedCursor> cursors;
  friend bool operator==(const LanDigest&, const LanDigest&) = default;
};

/// One frame is wanted for each, as far as there is something after it.
struct LanFetch {
  static constexpr std::size_t kMost = 16;  ///< of each
  std::vector<EventRef> records;            ///< after these
  std::vector<FeedCursor> feeds;            ///< after these
  [[nodiscard]] bool empty() const { return records.empty() && feeds.empty(); }
  friend bool operator==(const LanFetch&, const LanFetch&) = default;
};

Bytes encode(const LanDigest& digest);
Bytes encode(const LanFetch& fetch);

/// Errors of both: kCorrupt "bad_message".
Result<LanDigest> decode_lan_digest(BytesView bytes);
Result<LanFetch> decode_lan_fetch(BytesView bytes);

}  // namespace cairn::wire
