#include "sync/store/hub_snapshots.h"

#include "core/wire/feed_name.h"

#include <algorithm>
#include <utility>

namespace cairn::sync {
namespace {

/// A newer one is made for who asks later than this.
constexpr Duration kFresh = std::chrono::minutes(1);
/// An answer of the reader is lost if the loop is full.
constexpr Duration kReadWithin = std::chrono::minutes(1);
constexpr std::size_t kKept = 2;
constexpr std::size_t kWaitingMost = 1024;

/// Where a part begins: the feed, the position before its first.
struct Place {
  std::string feed;
  std::uint64_t after = 0;
  wire::SnapshotPart part;
};

/// `number` from 1.
std::optional<Place> place_of(const wire::SnapshotManifest& manifest, std::uint32_t number) {
  std::size_t left = number - 1;
  for (const wire::SnapshotFeed& feed : manifest.feeds) {
    if (left < feed.parts.size()) {
      return Place{feed.feed, left == 0 ? 0 : feed.parts[left - 1].last, feed.parts[left]};
    }
    left -= feed.parts.size();
  }
  return std::nullopt;
}

}  // namespace

bool HubSnapshots::offered(const SiteId& site, const std::vector<wire::FeedHead>& feeds) {
  if (reader_ == nullptr || records_ == 0) return false;
  std::uint64_t behind = 0;
  std::uint64_t heads = 0;
  for (const wire::FeedHead& feed : feeds) {
    if (feed.feed != wire::kCatalogueFeed && feed.feed != wire::site_feed(site)) continue;
    heads += feed.head;
    behind += feed.head - std::min(feed.head, feed.common);
  }
  if (behind <= records_) return false;
  sites_[site].heads = heads;
  return true;
}

/// Good enough for who asks now.
bool HubSnapshots::fresh(const OfSite& there) const {
  if (there.kept.empty() || env_.clock.mono_now() - there.made_at >= kFresh) return false;
  std::uint64_t reaches = 0;
  for (const wire::SnapshotFeed& feed : there.kept.back().content.feeds) reaches += feed.head;
  return there.heads <= reaches + records_ / 2;
}

void HubSnapshots::ask(const SiteId& site, const wire::Part& part, Answer answer) {
  if (reader_ == nullptr) return answer({{}, part.number, {}});
  OfSite& there = sites_[site];
  const MonoTime now = env_.clock.mono_now();
  if (part.number == 0) {
    if (fresh(there)) return tell_manifest(there, answer);
    if (there.waiting.size() < kWaitingMost) there.waiting.push_back(std::move(answer));
    if (!there.making || now - *there.making > kReadWithin) make(site);
    return;
  }
  const auto of = std::ranges::find(there.kept, *part.snap_id, &Snapshot::id);
  if (of == there.kept.end()) {
    const auto newest = there.kept.empty() ? std::nullopt : std::optional(there.kept.back().id);
    return answer({newest, part.number, {}});
  }
  read_part(site, part, *of, std::move(answer));
}

void HubSnapshots::tell_manifest(const OfSite& there, const Answer& answer) const {
  answer({there.kept.back().id, 0, there.kept.back().manifest});
}

void HubSnapshots::make(const SiteId& site) {
  sites_[site].making = env_.clock.mono_now();
  std::vector<wire::SnapshotFeed> known;
  for (const std::string& name : {std::string(wire::kCatalogueFeed), wire::site_feed(site)}) {
    if (const auto feed = feeds_.find(name); feed != feeds_.end()) known.push_back(feed->second);
  }
  using Outcome = std::optional<Result<MadeSnapshot>>;
  auto outcome = std::make_shared<Outcome>();
  reader_->read(
      [outcome, hub = hub_, site, known](storage::Connection& connection) {
        *outcome = make_snapshot(connection, hub, site, known);
      },
      [this, site, outcome](const Result<>& read) {
        OfSite& there = sites_[site];
        there.making.reset();
        if (read && *outcome && **outcome) return made(site, ***std::move(outcome));
        const Error error = !read ? read.error() : (*outcome)->error();
        env_.log.error("snapshot_not_made", {{"site", site.text()}, {"why", error.message}});
        // A reader that is busy is asked again; what cannot be made will not be the next time.
        for (const Answer& answer : std::exchange(there.waiting, {})) {
          if (read) answer({{}, 0, {}});
        }
      });
}

void HubSnapshots::made(const SiteId& site, MadeSnapshot made) {
  OfSite& there = sites_[site];
  there.made_at = env_.clock.mono_now();
  std::size_t octets = 0;
  for (const wire::SnapshotPart& part : made.manifest.parts()) octets += part.size;
  const std::size_t fresh = made.fresh.size();
  for (auto& [hash, part] : made.fresh) cache_.put(hash, std::move(part));
  for (const wire::SnapshotFeed& feed : made.manifest.feeds) feeds_[feed.feed] = feed;
  Bytes manifest = encode(made.manifest);
  const crypto::Hash128 id = wire::snapshot_id(manifest);
  std::erase_if(there.kept, [&id](const Snapshot& one) { return one.id == id; });
  there.kept.push_back({id, std::move(manifest), std::move(made.manifest)});
  if (there.kept.size() > kKept) there.kept.erase(there.kept.begin());
  env_.metrics.count("sync_snapshots_made_total");
  env_.log.info("snapshot_made",
                {{"site", site.text()},
                 {"parts", std::to_string(there.kept.back().content.parts().size())},
                 {"fresh", std::to_string(fresh)},
                 {"octets", std::to_string(octets)}});
  for (const Answer& answer : std::exchange(there.waiting, {})) tell_manifest(there, answer);
}

void HubSnapshots::read_part(const SiteId& site, const wire::Part& part, const Snapshot& of,
                             Answer answer) {
  const auto place = place_of(of.content, part.number);
  if (!place) return answer({std::nullopt, part.number, {}});
  env_.metrics.count("sync_snapshot_parts_total");
  if (const Bytes* const octets = cache_.find(place->part.hash)) {
    return answer({of.id, part.number, *octets});
  }
  auto octets = std::make_shared<Bytes>();
  reader_->read(
      [octets, hub = hub_, place = *place](storage::Connection& connection) {
        if (auto made = make_part(connection, hub, place.feed, place.after, place.part.last)) {
          *octets = *std::move(made);
        }
      },
      [this, site, octets, id = of.id, number = part.number, hash = place->part.hash,
       answer = std::move(answer)](const Result<>& read) {
        if (!read) return;  // the node asks again
        if (crypto::blake2b_128({*octets}) != hash) {
          forget(site);
          return answer({std::nullopt, number, {}});
        }
        answer({id, number, *octets});
        cache_.put(hash, std::move(*octets));
      });
}

/// What was promised is not there: it is made anew from the beginning.
void HubSnapshots::forget(const SiteId& site) {
  env_.log.error("snapshot_not_kept", {{"site", site.text()}});
  sites_[site].kept.clear();
  feeds_.erase(wire::kCatalogueFeed);
  feeds_.erase(wire::site_feed(site));
}

}  // namespace cairn::sync
