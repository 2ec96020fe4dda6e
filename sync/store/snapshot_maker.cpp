#include "sync/store/snapshot_maker.h"

#include "core/storage/event_log.h"
#include "core/storage/projections/reference_data.h"
#include "core/wire/feed_name.h"
#include "sync/store/feed_items.h"

#include <algorithm>
#include <set>

namespace cairn::sync {
namespace {

using Rows = std::vector<storage::LoggedRecord>;

Result<Bytes> part_of(const SnapshotHub& hub, const std::string& feed, const Rows& rows) {
  // No generation is left unsaid: so the octets are the same in all of them.
  const FeedSender from{hub.node, {}, &hub.seal};
  return wire::encode_part(
      {feed, hub.node, {}, rows.front().fseq, feed_items(rows, from, std::nullopt)});
}

/// Reads on where the parts that are known to be full end.
Result<> make_feed(storage::EventLog& log, const storage::Feed& at, const SnapshotHub& hub,
                   wire::SnapshotFeed& feed, MadeSnapshot& made) {
  if (!feed.parts.empty()) feed.parts.pop_back();
  std::uint64_t after = feed.parts.empty() ? 0 : feed.parts.back().last;
  feed.head = at.head;
  while (after < at.head) {
    const Rows rows = log.read_feed(at, after, wire::kSnapshotPartTarget);
    if (rows.empty() || feed.parts.size() >= wire::kSnapshotPartsMost) {
      return fail(ErrorCode::kInvalid, "too_many_parts", "a feed is too long for a snapshot");
    }
    auto octets = part_of(hub, at.name, rows);
    if (!octets) return fail(octets.error());
    const crypto::Hash128 hash = crypto::blake2b_128({*octets});
    after = rows.back().fseq;
    feed.parts.push_back({hash, static_cast<std::uint32_t>(octets->size()), after});
    made.fresh_octets += octets->size();
    // The others are made again when they are asked for.
    if (made.fresh_octets <= kFreshOctetsMost) made.fresh.emplace_back(hash, *std::move(octets));
  }
  return {};
}

}  // namespace

Result<MadeSnapshot> make_snapshot(storage::Connection& connection, const SnapshotHub& hub,
                                   const SiteId& site,
                                   const std::vector<wire::SnapshotFeed>& known) {
  storage::EventLog log(connection);
  MadeSnapshot made;
  made.manifest.hub_node = hub.node;
  made.manifest.hub_gen = hub.gen;
  const auto feeds = log.feeds();
  for (const std::string& name : {std::string(wire::kCatalogueFeed), wire::site_feed(site)}) {
    const auto at = std::ranges::find(feeds, name, &storage::Feed::name);
    if (at == feeds.end()) continue;
    const auto before = std::ranges::find(known, name, &wire::SnapshotFeed::feed);
    wire::SnapshotFeed feed = before == known.end() ? wire::SnapshotFeed{name, 0, {}} : *before;
    if (auto ok = make_feed(log, *at, hub, feed, made); !ok) return fail(ok.error());
    made.manifest.feeds.push_back(std::move(feed));
  }
  std::set<NodeId> nodes;
  for (const domain::Node& node : storage::nodes(connection)) {
    if (node.site == site) nodes.insert(node.id);
  }
  for (const storage::Author& author : log.authors()) {
    if (author.head == 0 || !nodes.contains(author.node)) continue;
    made.manifest.authors.push_back({{author.node, author.inc, author.head}, author.chain});
  }
  return made;
}

Result<Bytes> make_part(storage::Connection& connection, const SnapshotHub& hub,
                        const std::string& feed, std::uint64_t after, std::uint64_t last) {
  storage::EventLog log(connection);
  const auto feeds = log.feeds();
  const auto at = std::ranges::find(feeds, feed, &storage::Feed::name);
  if (at == feeds.end()) return Bytes();
  Rows rows = log.read_feed(*at, after, wire::kSnapshotPartTarget);
  std::erase_if(rows, [last](const storage::LoggedRecord& row) { return row.fseq > last; });
  if (rows.empty()) return Bytes();
  return part_of(hub, feed, rows);
}

}  // namespace cairn::sync
