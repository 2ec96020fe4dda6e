// The part of NodeSync that follows the hub into another generation (docs/protocol.md,
// generations): the hub was started again, and perhaps its database was put back before that.

#include "core/domain/registry.h"
#include "core/storage/unconfirmed.h"
#include "core/wire/feed_name.h"
#include "core/wire/message.h"
#include "core/wire/record.h"
#include "sync/store/feed_items.h"
#include "sync/store/node_sync.h"
#include "sync/topics.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cairn::sync {
namespace {

constexpr std::size_t kGiftBytes = 128U << 10U;
constexpr Duration kGiftAgain = std::chrono::seconds(2);
/// What has no position in the feed any more travels as if it were here.
constexpr std::uint64_t kAside = 1ULL << 62U;

// What is given back, one after the other: of each feed the positions beyond what is common; of
// each feed the hub's records that an earlier time had to unconfirm, which came behind those
// positions; other nodes' unconfirmed records. So a ship group comes before what was done for it,
// and each author's records in their order.

struct Gift {
  std::uint64_t last = 0;  ///< of the stage, how far it goes
  Bytes frame;             ///< empty: there is no more of this stage
};

Result<Gift> gift_of(const storage::Replica& replica, const storage::Feed& feed, std::uint64_t base,
                     const std::vector<storage::LoggedRecord>& rows, std::uint64_t last) {
  const NodeId hub = replica.identity().hub;
  auto frame = wire::encode_feed_frame({feed.name, hub, feed.hub_gen, base, gift_items(rows, hub)});
  if (!frame) return fail(frame.error());
  return Gift{last, *std::move(frame)};
}

/// The feed that the hub publishes such a record in.
std::string feed_of(const storage::Identity& identity, const Bytes& octets) {
  const auto record = wire::decode_record(octets);
  const auto type = record ? domain::find_event_type(record->type) : std::nullopt;
  const auto feed = type ? type->feed : domain::HubFeed::kSite;
  if (feed == domain::HubFeed::kCatalogue) return wire::kCatalogueFeed;
  if (feed == domain::HubFeed::kNode) return wire::node_feed(identity.node);
  return wire::site_feed(identity.site);
}

/// `after`: how many of the unconfirmed ones were looked at.
Result<Gift> next_unconfirmed(storage::Replica& replica, const storage::Feed& feed, bool of_hub,
                              std::uint64_t after) {
  const storage::Identity& identity = replica.identity();
  if (!replica.holds_unknown()) return Gift{};
  const auto refs =
      storage::unconfirmed_of_others(replica.connection(), identity.node, identity.hub);
  std::vector<storage::LoggedRecord> rows;
  std::size_t bytes = 0;
  for (; after < refs.size() && bytes < kGiftBytes; ++after) {
    const EventRef& ref = refs[after];
    if ((ref.node == identity.hub) != of_hub) continue;
    auto row = replica.log().read(ref);
    if (of_hub && feed_of(identity, row->record) != feed.name) continue;
    bytes += row->record.size();
    rows.push_back(*std::move(row));
  }
  if (rows.empty()) return Gift{};
  return gift_of(replica, feed, kAside, rows, after);
}

Result<Gift> next_gift(storage::Replica& replica, const wire::HelloReply& hub, std::size_t stage,
                       std::uint64_t after) {
  const std::size_t feeds = hub.feeds.size();
  const std::string name =
      stage < 2 * feeds ? hub.feeds[stage % feeds].feed : wire::site_feed(replica.identity().site);
  const storage::Feed feed = replica.log().feed(name);
  if (feed.hub_gen == hub.hub_gen || feed.hub_gen == HubGeneration{}) return Gift{};
  if (stage >= feeds) return next_unconfirmed(replica, feed, stage < 2 * feeds, after);
  const auto rows = replica.log().read_feed(feed, after, kGiftBytes);
  if (rows.empty()) return Gift{};
  return gift_of(replica, feed, rows.front().fseq, rows, rows.back().fseq);
}

}  // namespace

/// A device belongs to one hub: of another one it believes nothing.
wire::HelloReply NodeSync::unless_another_hub(const wire::HelloReply& reply) const {
  const NodeId ours = replica_->identity().hub;
  if (ours == NodeId{} || reply.hub_node == ours) return reply;
  wire::HelloReply refused = reply;
  refused.verdict = wire::Verdict::kRefused;
  refused.detail =
      "unknown_hub: another hub answers than the one this device belongs to; correct the broker's "
      "address, or begin with an empty data directory";
  return refused;
}

void NodeSync::follow(const wire::HelloReply& reply) {
  // The hub answers again because we asked again: the gift is on its way.
  if (giving_ && giving_->hub.hub_gen == reply.hub_gen) return;
  session_->hold_back();
  snapshot_.closed();
  giving_.emplace();
  giving_->hub = reply;
  begin_stage();
  give_next();
}

/// Positions begin where the hub has the feed, by itself or from others.
void NodeSync::begin_stage() {
  const auto& feeds = giving_->hub.feeds;
  giving_->after = 0;
  if (giving_->stage >= feeds.size()) return;
  const wire::FeedHead& told = feeds[giving_->stage];
  giving_->after = std::max(told.common, told.given);
}

void NodeSync::give_next() {
  if (giving_->stage > 2 * giving_->hub.feeds.size()) return enter_generation();
  writer_->submit<Gift>(
      [hub = giving_->hub, stage = giving_->stage, after = giving_->after](
          storage::UnitOfWork& work) { return next_gift(work.replica(), hub, stage, after); },
      [this, gen = giving_->hub.hub_gen](const Result<Gift>& gift) {
        if (!giving_ || giving_->hub.hub_gen != gen) return;
        if (!gift) {
          env_.log.error("gift_not_built", {{"why", gift.error().message}});
          giving_.reset();  // the next HELLO begins anew
          return;
        }
        if (gift->frame.empty()) {
          ++giving_->stage;
          begin_stage();
          return give_next();
        }
        giving_->last = gift->last;
        giving_->frame = gift->frame;
        send_gift();
      });
}

/// Until it is answered, or something else is on its way.
void NodeSync::send_gift() {
  const std::uint64_t correlation = env_.random.next();
  giving_->correlation = correlation;
  transport_->publish(
      {topics::request(node_),
       encode(wire::Request{correlation, wire::Give{giving_->frame, giving_->hub.hub_gen}}),
       false});
  env_.executor.after(kGiftAgain, [this, correlation] {
    if (giving_ && giving_->correlation == correlation) send_gift();
  });
}

void NodeSync::on_give_reply(std::uint64_t correlation, const wire::GiveReply& reply) {
  if (!giving_ || giving_->correlation != correlation) return;
  giving_->correlation = 0;
  giving_->after = giving_->last;
  giving_->taken += reply.taken;
  give_next();
}

void NodeSync::enter_generation() {
  using Cursors = std::vector<wire::FeedCursor>;
  writer_->submit<Cursors>(
      [hub = giving_->hub](storage::UnitOfWork& work) -> Result<Cursors> {
        work.replica().enter_generation(hub.hub_gen, hub.feeds);
        Cursors cursors;
        for (const wire::FeedHead& told : hub.feeds) {
          const storage::Feed& feed = work.replica().log().feed(told.feed);
          cursors.push_back({feed.name, feed.hub_gen, feed.head});
        }
        return cursors;
      },
      [this](const Result<Cursors>& cursors) {
        const auto given = std::exchange(giving_, std::nullopt);
        if (!cursors) {
          env_.log.error("generation_not_entered", {{"why", cursors.error().message}});
          return;
        }
        if (given && given->taken > 0) {
          env_.metrics.count("sync_given_back_total", given->taken);
          env_.log.warn("hub_put_back",
                        {{"given_back", std::to_string(given->taken)},
                         {"what", "the hub had lost records that it had told this device of"}});
        }
        try {
          holds_unknown_ = replica_->holds_unknown();
        } catch (const storage::SqlFailure& failure) {
          env_.log.error("generation_not_entered", {{"why", failure.message}});
        }
        change_lane(*cursors);
      });
}

void NodeSync::follow_neighbour(const wire::FeedCursor& from, wire::FeedFrame frame) {
  if (giving_ || live() || std::exchange(following_in_work_, true)) return;
  const HubGeneration fresh = frame.hub_gen;
  using Head = std::optional<std::uint64_t>;  // nothing: we are somewhere else by now
  writer_->submit<Head>(
      [from, frame = std::move(frame)](storage::UnitOfWork& work) -> Result<Head> {
        storage::Replica& replica = work.replica();
        const storage::Feed& feed = replica.log().feed(from.feed);
        // A feed of which nothing has come yet was told of, and no more.
        const bool there = feed.hub_gen == from.hub_gen || feed.hub_gen == HubGeneration{};
        if (!there || feed.head != from.fseq) return Head();
        replica.enter_generation(frame.hub_gen, {{from.feed, from.fseq, 1, from.fseq}});
        const auto taken = replica.take_feed(frame);
        if (!taken) return fail(taken.error());
        return Head(taken->cursor);
      },
      [this, feed = from.feed, fresh](const Result<Head>& followed) {
        following_in_work_ = false;
        if (!followed) {
          env_.log.error("feed_stopped", {{"feed", feed}, {"why", followed.error().message}});
          return;
        }
        if (!*followed || giving_) return;
        env_.metrics.count("lan_generations_followed_total");
        auto cursors = session_->downlink().cursors();
        for (wire::FeedCursor& cursor : cursors) {
          if (cursor.feed == feed) cursor = {feed, fresh, **followed};
        }
        change_lane(cursors);
      });
}

/// Everything that the hub knows is here: what it has not confirmed of its own it does not know.
void NodeSync::drop_unknown() {
  if (!holds_unknown_ || session_->state() != LinkState::kLive) return;
  if (session_->downlink().behind() > 0 || session_->downlink().generation_in_doubt()) return;
  holds_unknown_ = false;
  writer_->submit<std::size_t>(
      [](storage::UnitOfWork& work) -> Result<std::size_t> {
        return work.replica().drop_unknown();
      },
      [this](const Result<std::size_t>& dropped) {
        if (!dropped) {
          holds_unknown_ = true;
          env_.log.error("unknown_not_dropped", {{"why", dropped.error().message}});
        } else if (*dropped > 0) {
          env_.log.warn("unknown_dropped",
                        {{"records", std::to_string(*dropped)},
                         {"what", "the hub was put back and does not know them any more"}});
        }
      });
}

}  // namespace cairn::sync
