// Uplink frames: what decodes is what was sealed, and encodes to the same.

#include "core/wire/frame.h"
#include "core/wire/little_endian.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {
namespace {

using wire::FrameHeader;

void check_frame(BytesView octets) {
  const auto header = wire::read_frame_header(octets);
  const auto frame = wire::decode_frame(octets);
  if (!frame) {
    hold(frame.error().code == ErrorCode::kCorrupt, "a bad frame is corrupt and nothing else");
    return;
  }
  hold(header && *header == frame->header, "header and frame agree");
  hold(frame->records.size() == frame->header.count, "as many records as announced");
  const auto again = wire::encode_frame(frame->header, frame->records);
  if (!again) {
    hold(again.error().reason == "frame_too_large", "a frame is refused for its size only");
    return;
  }
  const auto same = wire::decode_frame(*again);
  hold(same && same->header == frame->header && same->records == frame->records,
       "encoding and decoding a frame gives the frame");
  hold(wire::encode_frame(same->header, same->records).value() == *again,
       "what we encode is canonical");
}

/// The input as a sender would have sealed it, so that exploring gets behind checksum and chain.
Bytes sealed_frame(BytesView octets) {
  Bytes frame(octets.substr(0, FrameHeader::kSize));
  const BytesView body = octets.substr(FrameHeader::kSize);
  const auto flags = static_cast<std::uint8_t>(frame[5]);
  wire::HeaderReader in(octets.substr(44));
  const auto before = crypto::hash_from_bytes(in.bytes(16));
  in.bytes(16);
  const std::uint32_t raw_size = in.u32();
  const auto raw = wire::unpack_body(flags, body, raw_size);
  const auto records = wire::split_stream(raw.value_or(Bytes()), wire::kFrameRecordsMax);
  if (raw && records) {
    crypto::Hash128 chain = *before;
    for (const Bytes& record : *records) chain = crypto::chain_next(chain, record);
    Bytes count;
    wire::put_u16(count, static_cast<std::uint16_t>(records->size()));
    frame.replace(42, 2, count);
    frame.replace(60, 16, crypto::to_bytes(chain));
  }
  frame.resize(FrameHeader::kSize - 8);
  wire::put_u64(frame, wire::checksum(frame, body));
  return frame.append(body);
}

}  // namespace

void uplink_frame(BytesView input) {
  check_frame(input);
  if (input.size() > FrameHeader::kSize) check_frame(sealed_frame(input));
  Bytes framed("CRN1\x01", 5);
  framed.append(FrameHeader::kSize - 5, '\0');
  framed[34] = 1;  // base_seq
  Bytes raw_size;
  wire::put_u32(raw_size, static_cast<std::uint32_t>(input.size()));
  framed.replace(76, 4, raw_size);
  framed.append(input);
  if (!input.empty()) check_frame(sealed_frame(framed));
}

}  // namespace cairn::fuzz
