#include "core/wire/record.h"

#include "core/wire/detail/convert.h"

#include <fmt/format.h>

namespace cairn::wire {

Result<Bytes> encode_record(const Record& record) {
  v1::Record proto;
  proto.set_hlc(record.hlc.value);
  proto.set_type(record.type);
  proto.set_sv(record.sv);
  if (!record.actor.value().is_nil()) proto.set_actor(record.actor.value().bytes());
  proto.set_site(record.site.text());
  proto.set_key(record.key);
  for (const EventRef& cause : record.causes) *proto.add_causes() = to_proto(cause);
  for (const std::uint32_t back : record.own_causes) proto.add_own_causes(back);
  proto.set_biz_key(record.biz_key);
  if (record.reissue_of) {
    *proto.mutable_reissue_of() = to_proto(*record.reissue_of);
    proto.set_reissue_hash(record.reissue_hash);
  }
  for (const EventRef& before : record.follows) *proto.add_follows() = to_proto(before);
  proto.set_payload(record.payload);
  Bytes bytes = proto.SerializeAsString();
  if (bytes.size() > kMaxRecordSize) {
    return fail(ErrorCode::kInvalid, "record_too_large",
                fmt::format("the event has {} octets, at most {} can be sent", bytes.size(),
                            kMaxRecordSize));
  }
  return bytes;
}

constexpr std::size_t kHashSize = 16;
/// What a database's signed 64 bits can order.
constexpr std::uint64_t kHlcMost = 0x7FFF'FFFF'FFFF'FFFF;

Result<Record> decode_record(BytesView bytes) {
  const auto bad = [](std::string_view why) {
    return fail(ErrorCode::kCorrupt, "bad_record", fmt::format("record: {}", why));
  };
  if (bytes.size() > kMaxRecordSize) return bad("too large");
  try {
    const auto proto = parse<v1::Record>(bytes);
    Record record;
    record.hlc = Hlc{proto.hlc()};
    require_that(record.hlc.value <= kHlcMost, "the stamp is beyond the year 6000");
    record.type = proto.type();
    record.sv = proto.sv();
    if (!proto.actor().empty()) record.actor = id_from<UserId>(proto.actor());
    if (!proto.site().empty()) record.site = require(SiteId::parse(proto.site()));
    record.key = proto.key();
    for (const auto& cause : proto.causes()) record.causes.push_back(require(from_proto(cause)));
    record.own_causes.assign(proto.own_causes().begin(), proto.own_causes().end());
    record.biz_key = proto.biz_key();
    if (proto.has_reissue_of()) record.reissue_of = require(from_proto(proto.reissue_of()));
    record.reissue_hash = proto.reissue_hash();
    for (const auto& before : proto.follows())
      record.follows.push_back(require(from_proto(before)));
    require_that(record.reissue_hash.size() == (record.reissue_of ? kHashSize : 0),
                 "a reissue has the hash of its original, nothing else has one");
    record.payload = proto.payload();
    return record;
  } catch (const BadField& field) {
    return bad(field.what);
  }
}

}  // namespace cairn::wire
