#include "core/wire/snapshot.h"

#include "core/wire/detail/convert.h"

#include "sync.pb.h"

#include <fmt/format.h>

namespace cairn::wire {
namespace {

constexpr int kFeedsMost = 3;
constexpr int kAuthorsMost = 10'000;
constexpr std::uint64_t kPositionMost = INT64_MAX;

tl::unexpected<Error> bad_part(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "bad_part", fmt::format("part of a snapshot: {}", why));
}

/// Throws BadField.
SnapshotFeed read_feed(const v1::SnapshotFeed& in) {
  require_that(in.parts_size() <= static_cast<int>(kSnapshotPartsMost), "too many parts");
  require_that(in.head() <= kPositionMost, "position out of range");
  SnapshotFeed feed{in.feed(), in.head(), {}};
  std::uint64_t after = 0;
  for (const auto& part : in.parts()) {
    require_that(part.last() > after, "parts out of order");
    require_that(part.size() >= 1 && part.size() <= kFrameSizeMax, "part of a wrong size");
    feed.parts.push_back({require(crypto::hash_from_bytes(part.hash())), part.size(), part.last()});
    after = part.last();
  }
  require_that(after == feed.head, "parts do not reach the end");
  return feed;
}

/// Throws BadField.
SnapshotManifest read_manifest(BytesView bytes) {
  const auto proto = parse<v1::SnapshotManifest>(bytes);
  require_that(proto.feeds_size() <= kFeedsMost && proto.authors_size() <= kAuthorsMost,
               "too many entries");
  SnapshotManifest manifest;
  manifest.hub_node = id_from<NodeId>(proto.hub_node());
  require_that(proto.hub_gen() >= 1 && proto.hub_gen() <= kPositionMost, "generation out of range");
  manifest.hub_gen = HubGeneration(proto.hub_gen());
  std::size_t parts = 0;
  for (const auto& feed : proto.feeds()) {
    for (const SnapshotFeed& before : manifest.feeds) {
      require_that(before.feed != feed.feed(), "a feed twice");
    }
    manifest.feeds.push_back(read_feed(feed));
    parts += manifest.feeds.back().parts.size();
  }
  require_that(parts <= kSnapshotPartsMost, "too many parts");
  for (const auto& author : proto.authors()) {
    require_that(author.seq() <= kPositionMost, "sequence out of range");
    manifest.authors.push_back(
        {{id_from<NodeId>(author.node()), Incarnation(author.inc()), author.seq()},
         require(crypto::hash_from_bytes(author.chain()))});
  }
  return manifest;
}

}  // namespace

std::vector<SnapshotPart> SnapshotManifest::parts() const {
  std::vector<SnapshotPart> all;
  for (const SnapshotFeed& feed : feeds) {
    all.insert(all.end(), feed.parts.begin(), feed.parts.end());
  }
  return all;
}

Bytes encode(const SnapshotManifest& manifest) {
  v1::SnapshotManifest proto;
  proto.set_hub_node(manifest.hub_node.value().bytes());
  proto.set_hub_gen(manifest.hub_gen.value());
  for (const SnapshotFeed& feed : manifest.feeds) {
    auto& out = *proto.add_feeds();
    out.set_feed(feed.feed);
    out.set_head(feed.head);
    for (const SnapshotPart& part : feed.parts) {
      auto& entry = *out.add_parts();
      entry.set_hash(crypto::to_bytes(part.hash));
      entry.set_size(part.size);
      entry.set_last(part.last);
    }
  }
  for (const SnapshotAuthor& author : manifest.authors) {
    auto& entry = *proto.add_authors();
    entry.set_node(author.last.node.value().bytes());
    entry.set_inc(author.last.inc.value());
    entry.set_seq(author.last.seq);
    entry.set_chain(crypto::to_bytes(author.chain));
  }
  return proto.SerializeAsString();
}

crypto::Hash128 snapshot_id(BytesView manifest) { return crypto::blake2b_128({manifest}); }

Result<SnapshotManifest> decode_manifest(BytesView bytes) {
  try {
    return read_manifest(bytes);
  } catch (const BadField& field) {
    return fail(ErrorCode::kCorrupt, "bad_message", fmt::format("manifest: {}", field.what));
  }
}

Result<Bytes> encode_part(FeedFrame frame) {
  frame.hub_gen = {};
  return encode_feed_frame(frame);
}

Result<FeedFrame> decode_part(const SnapshotManifest& manifest, const SnapshotFeed& from,
                              const SnapshotPart& part, std::uint64_t after, BytesView octets) {
  if (octets.size() != part.size) return bad_part("another size");
  if (crypto::blake2b_128({octets}) != part.hash) return bad_part("another hash");
  auto frame = decode_feed_frame(octets);
  if (!frame) return frame;
  if (frame->feed != from.feed || frame->hub_node != manifest.hub_node) {
    return bad_part("of another feed");
  }
  if (frame->base_fseq != after + 1 || frame->last_fseq() != part.last) {
    return bad_part("other positions");
  }
  for (const FeedItem& item : frame->items) {
    const auto* const own = std::get_if<HubItem>(&item);
    const bool whole =
        own != nullptr ? own->inc != Incarnation{} : std::holds_alternative<AuthorItem>(item);
    if (!whole) return bad_part("a record is not told whole");
  }
  frame->hub_gen = manifest.hub_gen;
  return frame;
}

}  // namespace cairn::wire
