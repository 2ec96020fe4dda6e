#include "core/wire/log_segment.h"

#include "core/base/assert.h"
#include "core/wire/little_endian.h"
#include "core/wire/record_stream.h"

#include "log_segment.pb.h"

#include <algorithm>
#include <map>

namespace cairn::wire {
namespace {

/// It is packed once and read seldom: better than frames, which are packed while somebody waits.
constexpr int kLevel = 6;
constexpr std::size_t kHeader = 5;  // flags, size unpacked

tl::unexpected<Error> bad(const char* why) { return fail(ErrorCode::kCorrupt, "bad_segment", why); }

bool lists_fit(const v1::LogSegment& proto) {
  const int count = proto.records_size();
  return count > 0 && static_cast<std::size_t>(count) <= kSegmentRecordsMost &&
         proto.seq_steps_size() == count && proto.key_places_size() == count &&
         proto.feeds_size() == count && proto.fseq_steps_size() == count &&
         (proto.seals_size() == 0 || proto.seals_size() == count);
}

}  // namespace

Bytes encode_segment(const std::vector<FoldedRecord>& records) {
  CAIRN_ASSERT(!records.empty() && records.size() <= kSegmentRecordsMost, "1 to 4,096 records");
  v1::LogSegment proto;
  std::map<BytesView, std::uint32_t> places;
  const bool sealed = std::ranges::any_of(records, [](const auto& r) { return !r.seal.empty(); });
  std::uint64_t seq = 0;
  std::uint64_t fseq = 0;
  for (const FoldedRecord& one : records) {
    CAIRN_ASSERT(one.seq > seq, "by rising number");
    proto.add_seq_steps(one.seq - seq);
    seq = one.seq;
    std::uint32_t place = 0;
    if (!one.key.empty()) {
      const auto [known, added] =
          places.emplace(one.key, static_cast<std::uint32_t>(places.size() + 1));
      if (added) proto.add_keys(one.key);
      place = known->second;
    }
    proto.add_key_places(place);
    proto.add_feeds(one.feed);
    proto.add_fseq_steps(static_cast<std::int64_t>(one.fseq - fseq));
    fseq = one.fseq;
    if (sealed) proto.add_seals(one.seal);
    proto.add_records(one.record);
  }
  const Bytes raw = proto.SerializeAsString();
  const Body body = pack_body(raw, kLevel);
  Bytes octets;
  put_u8(octets, body.flags);
  put_u32(octets, static_cast<std::uint32_t>(raw.size()));
  return octets + body.octets;
}

Result<std::vector<FoldedRecord>> decode_segment(BytesView octets) {
  if (octets.size() < kHeader) return bad("it is too short");
  HeaderReader in(octets);
  const std::uint8_t flags = in.u8();
  if ((flags & ~kFlagZstd) != 0) return bad("unknown flags");
  const std::uint32_t raw_size = in.u32();
  const auto raw = unpack_body(flags, in.rest(), raw_size);
  if (!raw) return fail(raw.error());
  v1::LogSegment proto;
  if (!proto.ParseFromString(*raw) || !lists_fit(proto)) return bad("its lists do not fit");
  std::vector<FoldedRecord> records(static_cast<std::size_t>(proto.records_size()));
  std::uint64_t seq = 0;
  std::uint64_t fseq = 0;
  int at = 0;
  for (FoldedRecord& one : records) {
    if (proto.seq_steps(at) == 0) return bad("a number is there twice");
    const auto place = proto.key_places(at);
    if (place > static_cast<std::uint32_t>(proto.keys_size())) return bad("a key is missing");
    one.seq = seq += proto.seq_steps(at);
    one.feed = proto.feeds(at);
    one.fseq = fseq += static_cast<std::uint64_t>(proto.fseq_steps(at));
    if (place > 0) one.key = proto.keys(static_cast<int>(place) - 1);
    if (proto.seals_size() > 0) one.seal = std::move(*proto.mutable_seals(at));
    one.record = std::move(*proto.mutable_records(at));
    ++at;
  }
  return records;
}

}  // namespace cairn::wire
