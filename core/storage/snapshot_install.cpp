// The part of Replica that takes a whole snapshot in (docs/protocol.md, snapshot). It is the feeds'
// own way, record by record, so that what holds of records from a feed holds of these; only what a
// single record costs more than it must is done once for all.

#include "core/storage/replica.h"
#include "core/storage/snapshot_parts.h"
#include "core/wire/feed_name.h"

#include <fmt/format.h>

#include <string>
#include <utility>

namespace cairn::storage {
namespace {

tl::unexpected<Error> bad_snapshot(std::string why) {
  return fail(ErrorCode::kCorrupt, "bad_snapshot", std::move(why));
}

}  // namespace

Result<> Replica::install(const wire::SnapshotManifest& manifest) {
  /// A job that fails is undone, but this stays in memory: it ends with the job.
  struct Ends {
    std::optional<Bulk>& bulk;
    ~Ends() { bulk.reset(); }
  };
  const Ends ends{bulk_};
  bulk_.emplace();
  for (const wire::SnapshotFeed& feed : manifest.feeds) {
    if (auto ok = install_feed(manifest, feed); !ok) return ok;
  }
  for (const wire::SnapshotAuthor& author : manifest.authors) {
    const EventRef& last = author.last;
    const Author* const held = event_log_.find_author(last.node, last.inc);
    if (held == nullptr || event_log_.chain_at(*held, last.seq) != author.chain) {
      return bad_snapshot(
          fmt::format("it does not bring what it says of the log of {}", last.node.value().text()));
    }
  }
  event_log_.flush();
  groups_.refresh(bulk_->groups);
  ledgers_.refresh(bulk_->ledgers);
  drop_parts(*writer_);
  all_changed();
  return {};
}

Result<> Replica::install_feed(const wire::SnapshotManifest& manifest,
                               const wire::SnapshotFeed& from) {
  if (from.feed != wire::kCatalogueFeed && from.feed != wire::site_feed(identity_.site)) {
    return bad_snapshot("it holds a feed that this site does not follow: " + from.feed);
  }
  std::uint64_t after = 0;
  for (const wire::SnapshotPart& part : from.parts) {
    const std::uint64_t before = std::exchange(after, part.last);
    if (part.last <= event_log_.feed(from.feed).head) continue;
    const auto octets = read_part(*writer_, part.hash);
    if (!octets) {
      return fail(ErrorCode::kNotFound, "part_missing", "a part of the snapshot is not here");
    }
    const auto frame = wire::decode_part(manifest, from, part, before, *octets);
    if (!frame) return fail(frame.error());
    const auto applied = take_feed(*frame);
    if (!applied) return fail(applied.error());
    if (applied->cursor < part.last) return bad_snapshot("a part of it does not follow the last");
  }
  return {};
}

}  // namespace cairn::storage
