// Feed frames, likewise.

#include "core/wire/feed_frame.h"

#include "core/wire/little_endian.h"
#include "tests/fuzzing/target.h"

namespace cairn::fuzz {
namespace {

constexpr std::size_t kNameAt = 46;  // of its length

void check_feed_frame(BytesView octets) {
  const auto frame = wire::decode_feed_frame(octets);
  if (!frame) {
    hold(frame.error().code == ErrorCode::kCorrupt, "a bad frame is corrupt and nothing else");
    return;
  }
  hold(frame->last_fseq() - frame->base_fseq + 1 == frame->count(), "positions add up");
  const auto again = wire::encode_feed_frame(*frame);
  if (!again) {
    hold(again.error().reason == "frame_too_large", "a frame is refused for its size only");
    return;
  }
  const auto same = wire::decode_feed_frame(*again);
  hold(same && *same == *frame, "encoding and decoding a feed frame gives the frame");
  hold(wire::encode_feed_frame(*same).value() == *again, "what we encode is canonical");
}

/// With the checksum that fits.
Bytes sealed_feed_frame(BytesView octets) {
  const std::size_t head = kNameAt + 1 + static_cast<unsigned char>(octets[kNameAt]);
  if (octets.size() < head + 8) return Bytes(octets);
  Bytes frame(octets.substr(0, head));
  const BytesView body = octets.substr(head + 8);
  wire::put_u64(frame, wire::checksum(frame, body));
  return frame.append(body);
}

/// The input as the body of a frame of so many positions.
Bytes as_feed_frame(BytesView body, std::uint32_t positions) {
  Bytes frame("CRF1\x01", 5);
  frame.append(17, '\0');
  wire::put_u64(frame, 1);  // hub_gen
  wire::put_u64(frame, 1);  // base_fseq
  wire::put_u32(frame, positions);
  wire::put_u32(frame, static_cast<std::uint32_t>(body.size()));
  wire::put_u8(frame, 3);
  frame += "cat";
  wire::put_u64(frame, wire::checksum(frame, body));
  return frame.append(body);
}

}  // namespace

void feed_frame(BytesView input) {
  check_feed_frame(input);
  if (input.size() > kNameAt) check_feed_frame(sealed_feed_frame(input));
  for (const std::uint32_t positions : {1U, 2U, 3U})
    check_feed_frame(as_feed_frame(input, positions));
}

}  // namespace cairn::fuzz
