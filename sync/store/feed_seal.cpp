#include "sync/store/feed_seal.h"

#include "core/crypto/hash.h"
#include "core/wire/little_endian.h"

namespace cairn::sync {
namespace {

constexpr std::size_t kSealSize = 8;

}  // namespace

Bytes FeedSeal::of(const std::string& feed, const EventRef& ref, BytesView record) const {
  Bytes named;
  wire::put_u64(named, ref.inc.value());
  wire::put_u64(named, ref.seq);
  wire::put_u64(named, feed.size());
  const auto hash =
      crypto::blake2b_128({"cairn seal 1", key_, ref.node.value().bytes(), named, feed, record});
  return crypto::to_bytes(hash).substr(0, kSealSize);
}

bool FeedSeal::holds(const std::string& feed, NodeId hub, const wire::HubItem& item) const {
  return item.seal == of(feed, {hub, item.inc, item.seq}, item.record);
}

}  // namespace cairn::sync
