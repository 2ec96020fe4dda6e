#include "sync/store/snapshot_intake.h"

#include "core/storage/snapshot_parts.h"

#include <fmt/format.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sync {
namespace {

/// After something went wrong the feeds are read for a while, at least.
constexpr Duration kPause = std::chrono::minutes(10);
constexpr Duration kPauseIfNothingNew = std::chrono::minutes(1);
constexpr unsigned kVainMost = 5;

}  // namespace

SnapshotIntake::SnapshotIntake(Env env, storage::Writer& writer, Driver driver)
    : env_(env), writer_(&writer), driver_(std::move(driver)) {}

void SnapshotIntake::greeted(HubGeneration hub_gen, bool offer) {
  const MonoTime now = env_.clock.mono_now();
  open_ = true;
  if (installing_) return;  // it ends by itself
  if (!offer) {
    // The feeds, or a neighbour, were quicker; perhaps in an earlier life.
    if (active_ || !swept_) drop_parts();
    return;
  }
  if (active_ && hub_gen == hub_gen_) return;
  if (not_before_ && now < *not_before_) return;
  if (!active_) begun_ = now;
  vain_ = 0;
  active_ = true;
  hub_gen_ = hub_gen;
  begin();
}

void SnapshotIntake::begin() {
  swept_ = false;
  ++course_;
  fetch_.begin(env_.clock.mono_now());
}

void SnapshotIntake::closed() {
  open_ = false;
  if (installing_) return;
  active_ = false;
  ++course_;
  fetch_.stop();
}

void SnapshotIntake::answered(const wire::PartReply& reply) {
  if (!active_ || installing_) return;
  if (reply.number == 0) return take_manifest(reply);
  take_part(reply);
}

void SnapshotIntake::take_manifest(const wire::PartReply& reply) {
  if (fetch_.stage() != SnapshotFetch::Stage::kManifest || sorting_) return;
  if (!reply.snap_id) return give_up("the hub has none");
  auto manifest = wire::decode_manifest(reply.octets);
  if (!manifest || wire::snapshot_id(reply.octets) != *reply.snap_id) {
    env_.log.warn("bad_message", {{"what", "manifest of a snapshot"}});
    return;  // asked for again
  }
  if (manifest->hub_gen != hub_gen_) return;  // late, or HELLO is about to tell
  id_ = *reply.snap_id;
  manifest_ = *std::move(manifest);
  parts_ = manifest_.parts();
  sort_parts();
}

/// Which parts are here, or not needed: what an earlier snapshot had, too, was kept.
void SnapshotIntake::sort_parts() {
  struct Sorted {
    std::vector<bool> held;  ///< by part
    std::size_t needed = 0;
  };
  sorting_ = true;
  writer_->submit<Sorted>(
      [manifest = manifest_](storage::UnitOfWork& work) -> Result<Sorted> {
        std::set<crypto::Hash128> here = storage::held_parts(work.connection());
        std::set<crypto::Hash128> needed;
        Sorted sorted;
        for (const wire::SnapshotFeed& feed : manifest.feeds) {
          const std::uint64_t cursor = work.replica().log().feed(feed.feed).head;
          for (const wire::SnapshotPart& part : feed.parts) {
            const bool needs = part.last > cursor;
            sorted.held.push_back(!needs || here.contains(part.hash));
            sorted.needed += needs ? 1 : 0;
            if (needs) needed.insert(part.hash);
          }
        }
        for (const crypto::Hash128& hash : here) {
          if (!needed.contains(hash)) storage::drop_part(work.connection(), hash);
        }
        return sorted;
      },
      [this, course = course_](const Result<Sorted>& sorted) {
        sorting_ = false;
        if (course != course_ || !active_) return driver_.changed();
        if (!sorted) return give_up(sorted.error().message);
        if (sorted->needed == 0) {  // a push, or a neighbour, was quicker
          not_before_ = env_.clock.mono_now() + kPauseIfNothingNew;
          return drop_parts();
        }
        fetch_.have_manifest(sorted->held, env_.clock.mono_now());
        env_.metrics.count("sync_snapshots_begun_total");
        env_.log.info("snapshot_begun",
                      {{"snapshot", Uuid::from_bytes(crypto::to_bytes(id_))->text()},
                       {"parts", std::to_string(fetch_.parts())},
                       {"here", std::to_string(fetch_.done())}});
        driver_.changed();
      });
}

void SnapshotIntake::take_part(const wire::PartReply& reply) {
  const auto stage = fetch_.stage();
  if (stage != SnapshotFetch::Stage::kParts) return;
  if (reply.octets.empty()) {
    // The hub has another one by now, or made none since it was started.
    if (++vain_ > kVainMost) return give_up("the hub does not have what it promised");
    return begin();
  }
  if (reply.snap_id != id_ || reply.number > parts_.size()) return;  // late
  const wire::SnapshotPart& part = parts_[reply.number - 1];
  if (reply.octets.size() != part.size || crypto::blake2b_128({reply.octets}) != part.hash) {
    env_.metrics.count("sync_snapshot_bad_parts_total");
    env_.log.warn("bad_message", {{"what", "part of a snapshot: another hash"},
                                  {"part", std::to_string(reply.number)}});
    return;  // asked for again
  }
  fetch_.arrived(reply.number);
  writer_->submit<bool>(
      [hash = part.hash, octets = reply.octets](storage::UnitOfWork& work) -> Result<bool> {
        storage::save_part(work.connection(), hash, octets);
        return true;
      },
      [this, course = course_, number = reply.number](const Result<bool>& saved) {
        if (course != course_ || !active_) return;
        if (saved) {
          vain_ = 0;
          fetch_.saved(number);
        } else {
          fetch_.useless(number);
        }
        driver_.changed();
      });
}

void SnapshotIntake::on_time() {
  if (!active_ || installing_ || sorting_) return;
  const MonoTime now = env_.clock.mono_now();
  if (fetch_.stage() == SnapshotFetch::Stage::kComplete) {
    return install();
  }
  if (fetch_.hopeless(now)) return give_up("the hub does not answer");
  for (const std::uint32_t number : fetch_.wanted(now)) {
    fetch_.asked(number, now);
    driver_.ask({number == 0 ? std::nullopt : std::optional(id_), number});
  }
}

void SnapshotIntake::install() {
  using Cursors = std::vector<wire::FeedCursor>;
  installing_ = true;
  writer_->submit<Cursors>(
      [manifest = manifest_](storage::UnitOfWork& work) -> Result<Cursors> {
        if (auto ok = work.replica().install(manifest); !ok) return fail(ok.error());
        Cursors cursors;
        for (const wire::SnapshotFeed& feed : manifest.feeds) {
          const storage::Feed& at = work.replica().log().feed(feed.feed);
          cursors.push_back({at.name, at.hub_gen, at.head});
        }
        return cursors;
      },
      [this, begun = env_.clock.mono_now()](const Result<Cursors>& cursors) {
        installing_ = false;
        if (cursors) return installed(begun, *cursors);
        const Error& error = cursors.error();
        if (error.reason == "unknown_hub") {  // of another generation by now: HELLO tells
          active_ = false;
          return driver_.changed();
        }
        if (error.reason == "part_missing") {  // a feed went back meanwhile
          active_ = open_;                     // else the next HELLO begins it
          if (open_) begin();
          return driver_.changed();
        }
        give_up(error.message);
      });
}

void SnapshotIntake::installed(MonoTime begun, const std::vector<wire::FeedCursor>& cursors) {
  const MonoTime now = env_.clock.mono_now();
  active_ = false;
  ++course_;
  const std::size_t parts = fetch_.parts();
  fetch_.stop();
  env_.metrics.count("sync_snapshots_installed_total");
  env_.log.info("snapshot_installed",
                {{"snapshot", Uuid::from_bytes(crypto::to_bytes(id_))->text()},
                 {"parts", std::to_string(parts)},
                 {"install_ms", std::to_string((now - begun).count() / 1000)},
                 {"all_ms", std::to_string((now - begun_).count() / 1000)}});
  driver_.installed(cursors);
  driver_.changed();
}

void SnapshotIntake::give_up(const std::string& why) {
  not_before_ = env_.clock.mono_now() + kPause;
  env_.metrics.count("sync_snapshots_refused_total");
  env_.log.warn("snapshot_refused", {{"why", why}, {"then", "the feeds are read instead"}});
  drop_parts();
}

void SnapshotIntake::drop_parts() {
  active_ = false;
  swept_ = true;
  ++course_;
  fetch_.stop();
  writer_->submit<bool>(
      [](storage::UnitOfWork& work) -> Result<bool> {
        storage::drop_parts(work.connection());
        return true;
      },
      [](const Result<bool>&) {});
  driver_.changed();
}

std::optional<SnapshotIntake::Progress> SnapshotIntake::progress() const {
  if (!active_) return std::nullopt;
  return Progress{fetch_.done(), fetch_.parts()};
}

}  // namespace cairn::sync
