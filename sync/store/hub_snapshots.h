#pragma once
// The snapshots that a hub has for its sites (docs/protocol.md, snapshot): which node should take
// one, when one is made, and its parts. Making and reading happen away from the loop. Loop only.

#include "core/base/env.h"
#include "core/storage/snapshot_reader.h"
#include "core/wire/message.h"
#include "sync/store/part_cache.h"
#include "sync/store/snapshot_maker.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::sync {

class HubSnapshots {
 public:
  using Answer = std::function<void(const wire::PartReply&)>;

  /// `reader` null or `records` 0: no node is offered a snapshot. `records`: positions that a node
  /// may be behind and still read its feeds.
  HubSnapshots(Env env, storage::SnapshotReader* reader, std::uint64_t records)
      : env_(env), reader_(reader), records_(records) {}

  /// Before the first question.
  void start(SnapshotHub hub) { hub_ = std::move(hub); }

  /// Whether a node of `site` that says HELLO should ask for a snapshot. `feeds`: where the feeds
  /// stand, and how much of them it has.
  [[nodiscard]] bool offered(const SiteId& site, const std::vector<wire::FeedHead>& feeds);

  /// A node of `site` asks. The answer may take a while, and is lost if it cannot be given: the
  /// node asks again.
  void ask(const SiteId& site, const wire::Part& part, Answer answer);

 private:
  struct Snapshot {
    crypto::Hash128 id{};
    Bytes manifest;
    wire::SnapshotManifest content;
  };
  struct OfSite {
    std::vector<Snapshot> kept;  ///< the last two; the newest one is the last
    MonoTime made_at;
    std::uint64_t heads = 0;         ///< of the feeds that it shares, together, as last seen
    std::optional<MonoTime> making;  ///< since when
    std::vector<Answer> waiting;     ///< for the manifest
  };

  [[nodiscard]] bool fresh(const OfSite& there) const;
  void make(const SiteId& site);
  void made(const SiteId& site, MadeSnapshot made);
  void tell_manifest(const OfSite& there, const Answer& answer) const;
  void read_part(const SiteId& site, const wire::Part& part, const Snapshot& of, Answer answer);
  void forget(const SiteId& site);

  Env env_;
  storage::SnapshotReader* reader_;
  std::uint64_t records_;
  SnapshotHub hub_;
  std::map<SiteId, OfSite> sites_;
  std::map<std::string, wire::SnapshotFeed> feeds_;  ///< as last made
  PartCache cache_{64U << 20U};
};

}  // namespace cairn::sync
