#include "core/wire/record_stream.h"

#include <zstd.h>

#define XXH_INLINE_ALL  // XXH3's streaming state needs its definition to live on the stack
#include "core/base/assert.h"
#include "core/wire/lane.h"

#include <xxhash.h>

namespace cairn::wire {
namespace {

void put_varint(Bytes& out, std::uint64_t value) {
  while (value >= 0x80U) {
    out.push_back(static_cast<char>((value & 0x7FU) | 0x80U));
    value >>= 7U;
  }
  out.push_back(static_cast<char>(value));
}

/// Reads a length of at most five octets; false at a malformed one.
bool take_varint(BytesView& in, std::size_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 35; shift += 7) {
    if (in.empty()) return false;
    const auto octet = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<std::size_t>(octet & 0x7FU) << shift;
    if ((octet & 0x80U) == 0) return true;
  }
  return false;
}

tl::unexpected<Error> bad_compression(const char* why) {
  return fail(ErrorCode::kCorrupt, "bad_compression", why);
}

}  // namespace

Bytes join_stream(const std::vector<Bytes>& messages) {
  Bytes stream;
  for (const Bytes& message : messages) {
    put_varint(stream, message.size());
    stream += message;
  }
  return stream;
}

Result<std::vector<Bytes>> split_stream(BytesView stream, std::size_t most) {
  std::vector<Bytes> messages;
  while (!stream.empty()) {
    std::size_t size = 0;
    if (!take_varint(stream, size) || size > stream.size()) {
      return fail(ErrorCode::kCorrupt, "bad_stream", "a message's length leads past the end");
    }
    if (messages.size() == most) {
      return fail(ErrorCode::kCorrupt, "bad_stream", "more messages than are allowed");
    }
    messages.emplace_back(stream.substr(0, size));
    stream.remove_prefix(size);
  }
  return messages;
}

Body pack_body(BytesView raw, int level) {
  Bytes packed = compress(raw, level);
  if (raw.size() / kFrameRatioMax > packed.size()) return {0, Bytes(raw)};
  return {kFlagZstd, std::move(packed)};
}

Result<Bytes> unpack_body(std::uint8_t flags, BytesView octets, std::size_t raw_size) {
  if ((flags & kFlagZstd) != 0) return decompress(octets, raw_size);
  if (octets.size() != raw_size) return bad_compression("the body has not its announced size");
  return Bytes(octets);
}

Bytes compress(BytesView raw, int level) {
  Bytes compressed(ZSTD_compressBound(raw.size()), '\0');
  const std::size_t size =
      ZSTD_compress(compressed.data(), compressed.size(), raw.data(), raw.size(), level);
  CAIRN_ASSERT(ZSTD_isError(size) == 0, "the destination is large enough by construction");
  compressed.resize(size);
  return compressed;
}

Result<Bytes> decompress(BytesView compressed, std::size_t raw_size) {
  if (raw_size > kFrameRawMax || raw_size / kFrameRatioMax > compressed.size()) {
    return bad_compression("the frame unpacks to more than is allowed");
  }
  Bytes raw(raw_size, '\0');
  const std::size_t size =
      ZSTD_decompress(raw.data(), raw.size(), compressed.data(), compressed.size());
  if (ZSTD_isError(size) != 0 || size != raw_size) {
    return bad_compression("the frame does not unpack to its announced size");
  }
  return raw;
}

std::uint64_t checksum(BytesView header, BytesView body) {
  XXH3_state_t state;
  XXH3_64bits_reset(&state);
  XXH3_64bits_update(&state, header.data(), header.size());
  XXH3_64bits_update(&state, body.data(), body.size());
  return XXH3_64bits_digest(&state);
}

std::uint32_t lane_of(NodeId node) {
  return static_cast<std::uint32_t>(XXH3_64bits(node.value().octets().data(), Uuid::kSize) %
                                    kLanes);
}

}  // namespace cairn::wire
