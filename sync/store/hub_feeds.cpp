// The part of HubSync that tells sites what is new: pushes feeds and rings doorbells
// (docs/protocol.md, downlink).

#include "core/wire/feed_name.h"
#include "core/wire/message.h"
#include "sync/store/feed_items.h"
#include "sync/store/hub_sync.h"
#include "sync/topics.h"

#include <algorithm>
#include <utility>

namespace cairn::sync {
namespace {

constexpr std::uint64_t kPushBehindMost = 2048;  ///< further behind, nodes fetch at their own pace
constexpr Duration kRingDelay = std::chrono::milliseconds(100);
/// Behind a push a doorbell only tells of its loss; at thousands of sites it must not cost as much
/// as the push.
constexpr Duration kRingBehindPush = std::chrono::seconds(1);

std::optional<SiteId> site_of_feed(const std::string& feed) {
  constexpr std::string_view kPrefix = "site:";
  if (!feed.starts_with(kPrefix)) return std::nullopt;
  const auto site = SiteId::parse(std::string_view(feed).substr(kPrefix.size()));
  return site ? std::optional(*site) : std::nullopt;
}

std::optional<NodeId> node_of_feed(const std::string& feed) {
  constexpr std::string_view kPrefix = "n:";
  if (!feed.starts_with(kPrefix)) return std::nullopt;
  const auto node = Uuid::parse(std::string_view(feed).substr(kPrefix.size()));
  return node ? std::optional(NodeId(*node)) : std::nullopt;
}

}  // namespace

/// A part of a feed, ready to be published.
struct HubSync::Push {
  std::uint64_t last = 0;
  std::uint64_t head = 0;
  Bytes frame;  ///< empty: only the doorbell
};

void HubSync::on_commit(const storage::Changes& changes) {
  for (const std::string& feed : changes.feeds) {
    if (const auto node = node_of_feed(feed)) {
      const auto changed = refresh_node(*node);
      if (!changed) env_.log.error("sites_not_read", {{"why", changed.error().message}});
      // The node has to introduce itself again, or is not to be here any more.
      const auto peer = peers_.find(*node);
      if (peer != peers_.end() && changed.value_or(true)) peer->second.lane.reset();
    }
    push_feed(feed);
  }
}

void HubSync::push_feed(const std::string& feed) {
  if (!connected_ || push_in_work_.contains(feed)) return;
  push_in_work_.insert(feed);
  const auto from = pushed_.find(feed);
  const std::optional<std::uint64_t> after =
      from == pushed_.end() ? std::nullopt : std::optional(from->second);
  const auto site = site_of_feed(feed);
  const auto nodes = site ? sites_.find(*site) : sites_.end();
  const auto holder = nodes != sites_.end() && nodes->second.size() == 1
                          ? std::optional(nodes->second.front())
                          : std::nullopt;
  writer_->submit<Push>(
      [feed, after, holder, from = FeedSender{replica_->identity().node, generation(), &seal_}](
          storage::UnitOfWork& work) -> Result<Push> {
        storage::Replica& replica = work.replica();
        const storage::Feed state = replica.log().feed(feed);
        Push push{state.head, state.head, {}};
        // The first push after a start covers what the last commit brought; older news is fetched.
        const std::uint64_t begin =
            after.value_or(state.head - std::min<std::uint64_t>(state.head, 64));
        if (begin >= state.head || state.head - begin > kPushBehindMost) return push;
        const auto rows = replica.log().read_feed(state, begin, wire::kFrameRawTarget);
        auto frame = wire::encode_feed_frame(
            {feed, from.hub, from.gen, rows.front().fseq, feed_items(rows, from, holder)});
        if (!frame) return fail(frame.error());
        push.last = rows.back().fseq;
        push.frame = *std::move(frame);
        return push;
      },
      [this, feed](const Result<Push>& push) {
        push_in_work_.erase(feed);
        if (push) {
          publish_push(feed, *push);
        } else {
          env_.log.error("feed_not_pushed", {{"feed", feed}, {"why", push.error().message}});
        }
      });
}

void HubSync::publish_push(const std::string& feed, const Push& push) {
  pushed_[feed] = push.last;
  if (const auto node = node_of_feed(feed)) {
    const wire::FetchReply pushed{feed, push.frame, push.head, 1};
    transport_->publish({topics::response(*node), encode(wire::Response{0, pushed}), false});
  } else {
    const auto only = site_of_feed(feed);
    for (const auto& [site, nodes] : sites_) {
      if (only && site != *only) continue;
      if (!push.frame.empty()) {
        transport_->publish({topics::site_feed(site, only ? "site" : "cat"), push.frame, false});
        ring_later(site);
      } else {
        ring(site);
      }
    }
  }
  if (push.last < push.head) push_feed(feed);
}

void HubSync::ring(const SiteId& site) {
  to_ring_.insert(site);
  if (std::exchange(ring_scheduled_, true)) return;
  env_.executor.after(kRingDelay, [this] {
    ring_scheduled_ = false;
    ring_now();
  });
}

void HubSync::ring_later(const SiteId& site) {
  to_ring_later_.insert(site);
  if (std::exchange(later_scheduled_, true)) return;
  env_.executor.after(kRingBehindPush, [this] {
    later_scheduled_ = false;
    for (const SiteId& waiting : std::exchange(to_ring_later_, {})) ring(waiting);
  });
}

void HubSync::ring_now() {
  using Bells = std::vector<BusMessage>;
  writer_->submit<Bells>(
      [sites = std::exchange(to_ring_, {}),
       hub_gen = generation()](storage::UnitOfWork& work) -> Result<Bells> {
        storage::EventLog& log = work.replica().log();
        const std::uint64_t catalogue = log.feed(wire::kCatalogueFeed).head;
        Bells bells;
        for (const SiteId& site : sites) {
          const std::string name = wire::site_feed(site);
          const wire::Doorbell doorbell{
              hub_gen, {{wire::kCatalogueFeed, catalogue, 1}, {name, log.feed(name).head, 1}}};
          bells.push_back({topics::doorbell(site), encode(doorbell), true});
        }
        return bells;
      },
      [this](Result<Bells> bells) {
        if (!bells) return;
        for (BusMessage& bell : *bells) transport_->publish(std::move(bell));
      });
}

}  // namespace cairn::sync
