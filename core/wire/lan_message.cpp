#include "core/wire/lan_message.h"

#include "core/wire/detail/convert.h"

#include "sync.pb.h"

#include <fmt/format.h>

namespace cairn::wire {
namespace {

constexpr int kLanListed = 4096;  // versions or cursors in one digest
constexpr std::uint64_t kSeqMost = INT64_MAX;

void fill(v1::Cursor& proto, const FeedCursor& cursor) {
  proto.set_feed(cursor.feed);
  proto.set_hub_gen(cursor.hub_gen.value());
  proto.set_fseq(cursor.fseq);
}

FeedCursor cursor_from(const v1::Cursor& proto) {
  require_that(proto.fseq() <= kSeqMost, "position out of range");
  return {proto.feed(), HubGeneration(proto.hub_gen()), proto.fseq()};
}

template <class T, class Reader>
Result<T> read_message(Reader reader) {
  try {
    return reader();
  } catch (const BadField& field) {
    return fail(ErrorCode::kCorrupt, "bad_message", fmt::format("message: {}", field.what));
  }
}

}  // namespace

Bytes encode(const LanDigest& digest) {
  v1::LanDigest proto;
  proto.set_writing_inc(digest.writing_inc.value());
  for (const LanVersion& version : digest.vv) {
    auto& entry = *proto.add_vv();
    entry.set_node(version.node.value().bytes());
    entry.set_inc(version.inc.value());
    entry.set_seq(version.seq);
    entry.set_chain(crypto::to_bytes(version.chain));
  }
  for (const FeedCursor& cursor : digest.cursors) fill(*proto.add_cursors(), cursor);
  return proto.SerializeAsString();
}

Bytes encode(const LanFetch& fetch) {
  v1::LanFetch proto;
  for (const EventRef& after : fetch.records) {
    auto& entry = *proto.add_records();
    entry.set_node(after.node.value().bytes());
    entry.set_inc(after.inc.value());
    entry.set_after(after.seq);
  }
  for (const FeedCursor& after : fetch.feeds) fill(*proto.add_feeds(), after);
  return proto.SerializeAsString();
}

Result<LanDigest> decode_lan_digest(BytesView bytes) {
  return read_message<LanDigest>([bytes]() -> LanDigest {
    const auto proto = parse<v1::LanDigest>(bytes);
    require_that(proto.vv_size() <= kLanListed && proto.cursors_size() <= kLanListed,
                 "too many entries");
    LanDigest digest{Incarnation(proto.writing_inc()), {}, {}};
    for (const auto& entry : proto.vv()) {
      require_that(entry.seq() <= kSeqMost, "sequence out of range");
      digest.vv.push_back({id_from<NodeId>(entry.node()), Incarnation(entry.inc()), entry.seq(),
                           require(crypto::hash_from_bytes(entry.chain()))});
    }
    for (const auto& entry : proto.cursors()) digest.cursors.push_back(cursor_from(entry));
    return digest;
  });
}

Result<LanFetch> decode_lan_fetch(BytesView bytes) {
  return read_message<LanFetch>([bytes]() -> LanFetch {
    const auto proto = parse<v1::LanFetch>(bytes);
    constexpr int kMost = static_cast<int>(LanFetch::kMost);
    require_that(proto.records_size() <= kMost && proto.feeds_size() <= kMost, "too many entries");
    LanFetch fetch;
    for (const auto& entry : proto.records()) {
      require_that(entry.after() < kSeqMost, "sequence out of range");
      fetch.records.push_back(
          {id_from<NodeId>(entry.node()), Incarnation(entry.inc()), entry.after()});
    }
    for (const auto& entry : proto.feeds()) fetch.feeds.push_back(cursor_from(entry));
    return fetch;
  });
}

}  // namespace cairn::wire
