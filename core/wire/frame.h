#pragma once
// An uplink frame: a run of one author's records as they travel (docs/protocol.md, frame). Any
// thread.

#include "core/base/bytes.h"
#include "core/base/ids.h"
#include "core/crypto/hash.h"
#include "core/wire/record_stream.h"

#include <vector>

namespace cairn::wire {

/// 88 octets on the wire, little-endian:
///   0 magic "CRN1" | 4 version u8 = 1 | 5 flags u8 (bit 0: zstd) | 6 node[16] | 22 inc u64 |
///   30 lease u32 (reserved, 0) | 34 base_seq u64 | 42 count u16 | 44 chain_before[16] |
///   60 chain_after[16] | 76 raw_len u32 | 80 XXH3-64 of octets 0-79 and the body | 88 body
struct FrameHeader {
  static constexpr std::size_t kSize = 88;

  NodeId node;
  Incarnation inc;
  std::uint64_t base_seq = 0;      ///< of the first record, >= 1
  std::uint16_t count = 0;         ///< 1 to kFrameRecordsMax
  crypto::Hash128 chain_before{};  ///< h of record base_seq - 1
  crypto::Hash128 chain_after{};   ///< h of the last record

  [[nodiscard]] std::uint64_t last_seq() const { return base_seq + count - 1; }
  friend bool operator==(const FrameHeader&, const FrameHeader&) = default;
};

struct Frame {
  FrameHeader header;
  std::vector<Bytes> records;
};

/// Builds a frame; the header's count and chain_after are worked out from the records.
/// `records`: 1 to kFrameRecordsMax. Errors: kInvalid "frame_too_large".
Result<Bytes> encode_frame(FrameHeader header, const std::vector<Bytes>& records);

/// Reads only the header, after checking magic, version, flags, limits and checksum.
/// Errors: kCorrupt "bad_frame".
Result<FrameHeader> read_frame_header(BytesView bytes);

/// The whole frame; the records chain from chain_before to chain_after or it is refused.
/// Errors: kCorrupt "bad_frame", "bad_compression", "bad_stream".
Result<Frame> decode_frame(BytesView bytes);

}  // namespace cairn::wire
