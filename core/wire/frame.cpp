#include "core/wire/frame.h"

#include "core/base/assert.h"
#include "core/wire/little_endian.h"

#include <fmt/format.h>

namespace cairn::wire {
namespace {

constexpr BytesView kMagic = "CRN1";
constexpr std::uint8_t kVersion = 1;

struct Parts {
  FrameHeader header;
  std::uint8_t flags = 0;
  std::uint32_t raw_size = 0;
  BytesView body;
};

tl::unexpected<Error> bad(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "bad_frame", fmt::format("frame: {}", why));
}

Result<Parts> take_apart(BytesView bytes) {
  if (bytes.size() <= FrameHeader::kSize || bytes.size() > kFrameSizeMax) return bad("wrong size");
  HeaderReader in(bytes);
  Parts parts;
  if (in.bytes(kMagic.size()) != kMagic) return bad("wrong magic");
  if (in.u8() != kVersion) return bad("unknown version");
  parts.flags = in.u8();
  if ((parts.flags & ~kFlagZstd) != 0) return bad("unknown flags");
  parts.header.node = NodeId(*Uuid::from_bytes(in.bytes(Uuid::kSize)));
  parts.header.inc = Incarnation(in.u64());
  if (in.u32() != 0) return bad("leases are reserved");
  parts.header.base_seq = in.u64();
  parts.header.count = in.u16();
  parts.header.chain_before = *crypto::hash_from_bytes(in.bytes(16));
  parts.header.chain_after = *crypto::hash_from_bytes(in.bytes(16));
  parts.raw_size = in.u32();
  const std::uint64_t expected = in.u64();
  parts.body = in.rest();
  if (checksum(bytes.substr(0, FrameHeader::kSize - 8), parts.body) != expected) {
    return bad("wrong checksum");
  }
  if (parts.header.count == 0 || parts.header.count > kFrameRecordsMax ||
      parts.header.base_seq == 0 ||
      parts.header.base_seq > static_cast<std::uint64_t>(INT64_MAX) - kFrameRecordsMax) {
    return bad("sequence or count out of range");
  }
  return parts;
}

}  // namespace

Result<Bytes> encode_frame(FrameHeader header, const std::vector<Bytes>& records) {
  CAIRN_ASSERT(!records.empty() && records.size() <= kFrameRecordsMax, "1 to 512 records a frame");
  header.count = static_cast<std::uint16_t>(records.size());
  header.chain_after = header.chain_before;
  for (const Bytes& record : records) {
    header.chain_after = crypto::chain_next(header.chain_after, record);
  }
  const Bytes raw = join_stream(records);
  const Body body = pack_body(raw);

  Bytes bytes(kMagic);
  put_u8(bytes, kVersion);
  put_u8(bytes, body.flags);
  bytes += header.node.value().bytes();
  put_u64(bytes, header.inc.value());
  put_u32(bytes, 0);
  put_u64(bytes, header.base_seq);
  put_u16(bytes, header.count);
  bytes += crypto::to_bytes(header.chain_before);
  bytes += crypto::to_bytes(header.chain_after);
  put_u32(bytes, static_cast<std::uint32_t>(raw.size()));
  put_u64(bytes, checksum(bytes, body.octets));
  bytes += body.octets;
  if (bytes.size() > kFrameSizeMax || raw.size() > kFrameRawMax) {
    return fail(ErrorCode::kInvalid, "frame_too_large",
                fmt::format("a frame of {} octets", bytes.size()));
  }
  return bytes;
}

Result<FrameHeader> read_frame_header(BytesView bytes) {
  const auto parts = take_apart(bytes);
  if (!parts) return fail(parts.error());
  return parts->header;
}

Result<Frame> decode_frame(BytesView bytes) {
  const auto parts = take_apart(bytes);
  if (!parts) return fail(parts.error());
  const auto raw = unpack_body(parts->flags, parts->body, parts->raw_size);
  if (!raw) return fail(raw.error());
  auto records = split_stream(*raw, kFrameRecordsMax);
  if (!records) return fail(records.error());
  if (records->size() != parts->header.count) return bad("count is wrong");
  crypto::Hash128 chain = parts->header.chain_before;
  for (const Bytes& record : *records) chain = crypto::chain_next(chain, record);
  if (chain != parts->header.chain_after) return bad("the chain does not close");
  return Frame{parts->header, *std::move(records)};
}

}  // namespace cairn::wire
