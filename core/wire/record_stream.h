#pragma once
// The body of every frame: length-delimited messages, compressed as one zstd block. Any thread.

#include "core/base/bytes.h"

#include <cstdint>
#include <vector>

namespace cairn::wire {

/// Limits of docs/protocol.md, frames.
inline constexpr std::size_t kFrameRecordsMax = 512;
inline constexpr std::size_t kFrameRawTarget = 64U << 10U;  ///< a batch stops here...
inline constexpr std::size_t kFrameSizeMax =
    512U << 10U;  ///< ...one frame on the wire never exceeds this
inline constexpr std::size_t kFrameRawMax = 4U << 20U;  ///< nor this once unpacked
inline constexpr std::size_t kFrameRatioMax = 200;      ///< bomb guard: raw_len / compressed

/// Varint length and octets, for each.
Bytes join_stream(const std::vector<Bytes>& messages);
/// At most `most` messages: each takes memory, and one octet of the stream is enough for an empty
/// one. Errors: kCorrupt "bad_stream".
Result<std::vector<Bytes>> split_stream(BytesView stream, std::size_t most);

/// Flags of a frame: how to read its body. The other bits are reserved and 0.
inline constexpr std::uint8_t kFlagZstd = 1;

struct Body {
  std::uint8_t flags = 0;
  Bytes octets;
};
inline constexpr int kFrameLevel = 1;  ///< of zstd: frames are packed while somebody waits

/// Compressed, unless a receiver would have to take that for a bomb. `level`: of zstd.
Body pack_body(BytesView raw, int level = kFrameLevel);
/// `flags` and `raw_size` as announced by the header. Errors: kCorrupt "bad_compression".
Result<Bytes> unpack_body(std::uint8_t flags, BytesView octets, std::size_t raw_size);

Bytes compress(BytesView raw, int level = kFrameLevel);
/// `raw_size` as announced by the header. Errors: kCorrupt "bad_compression" (also when a limit is
/// exceeded or the size is not the announced one).
Result<Bytes> decompress(BytesView compressed, std::size_t raw_size);

/// XXH3-64 of all octets of a frame but the checksum itself.
std::uint64_t checksum(BytesView header, BytesView body);

}  // namespace cairn::wire
