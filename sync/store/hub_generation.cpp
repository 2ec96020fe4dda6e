// The part of HubSync that tells how much of a node's copies is still the hub's own, and takes back
// what it has lost (docs/protocol.md, generations).

#include "core/storage/projections/reference_data.h"
#include "core/wire/feed_name.h"
#include "sync/store/hub_sync.h"
#include "sync/topics.h"

#include <algorithm>
#include <string>
#include <utility>

namespace cairn::sync {
namespace {

/// Feeds of generations of which is known how far they were given back.
constexpr std::size_t kGivenMost = 65'536;

/// The generation in which the feed is followed now; nothing if it never was.
const wire::FeedCursor* last_cursor(const wire::Hello& hello, const std::string& feed) {
  const wire::FeedCursor* last = nullptr;
  for (const wire::FeedCursor& cursor : hello.cursors) {
    if (cursor.feed == feed) last = &cursor;
  }
  return last == nullptr || last->hub_gen == HubGeneration{} ? nullptr : last;
}

}  // namespace

HubGeneration HubSync::generation() const {
  return HubGeneration(replica_->identity().inc.value());
}

std::uint64_t& HubSync::given_through(const FeedOfGeneration& place) {
  // Whoever is registered may make generations up. What is forgotten is given once more.
  if (given_.size() >= kGivenMost && !given_.contains(place)) given_.clear();
  return given_[place];
}

void HubSync::compare_copies(storage::UnitOfWork& work, const wire::Hello& hello,
                             HelloFacts& facts) {
  for (const std::string& name :
       {wire::kCatalogueFeed, wire::site_feed(facts.node->site), wire::node_feed(facts.node->id)}) {
    wire::FeedHead told{name, work.replica().log().feed(name).head, 1};
    if (const wire::FeedCursor* const last = last_cursor(hello, name)) {
      told.common = storage::common_position(work.connection(), name, told.head, hello.cursors);
      facts.follows = facts.follows && last->hub_gen == generation();
      facts.lost = facts.lost || told.common < last->fseq;
      if (last->hub_gen != generation()) {
        std::uint64_t& given = given_through({name, last->hub_gen});
        given = std::max(given, told.common);
        told.given = given;
      }
    }
    facts.feeds.push_back(told);
  }
  facts.lost = facts.lost || hello.acked > facts.author.head;
  if (facts.lost && facts.node->active) {
    if (!losses_told_ && policies_.put_back) policies_.put_back(work);
    storage::note_put_back(work.connection(), generation(), storage::Noticed::kByNode);
  }
}

void HubSync::note_losses(NodeId node, const wire::Hello& hello, const HelloFacts& facts) {
  Peer& peer = peers_[node];
  peer.told_before = hello.acked > facts.author.head ? hello.acked : 0;
  if (!facts.lost || std::exchange(losses_told_, true)) return;
  env_.metrics.count("sync_hub_put_back_total");
  env_.log.warn("database_put_back",
                {{"node", node.value().text()},
                 {"what",
                  "this device has been told of records that are not here: the database is older "
                  "than the hub was; devices give back what they have, orders and imports since "
                  "then have to be sent again"}});
}

void HubSync::on_give(NodeId node, std::uint64_t correlation, const wire::Give& give) {
  // On its way while the hub was put back once more: by now it lacks something else, and what is
  // taken out of turn stands in the feed out of turn.
  if (give.to_gen != generation()) return;
  auto frame = wire::decode_feed_frame(give.frame);
  if (!frame) {
    env_.log.warn("bad_message", {{"node", node.value().text()}, {"why", frame.error().message}});
    return;
  }
  using Given = storage::Replica::Given;
  const std::pair place(frame->feed, frame->hub_gen);
  const std::uint64_t first = frame->base_fseq;
  const std::uint64_t last = frame->last_fseq();
  const std::uint64_t size = frame->items.size();
  writer_->submit<Given>(
      [this, node, frame = *std::move(frame)](storage::UnitOfWork& work) -> Result<Given> {
        const auto known = storage::find_node(work.connection(), node);
        if (!known || !known->active) {
          return fail(ErrorCode::kDenied, "not_registered", "this device is not registered here");
        }
        const bool follows = frame.feed == wire::kCatalogueFeed ||
                             frame.feed == wire::site_feed(known->site) ||
                             frame.feed == wire::node_feed(node);
        if (!follows) {
          return fail(ErrorCode::kInvalid, "not_its_feed", "it does not follow this feed");
        }
        auto given = work.replica().take_given(
            frame, known->site, [this](const std::string& feed, const wire::HubItem& item) {
              return seal_.holds(feed, replica_->identity().node, item);
            });
        if (given && policies_.taken) policies_.taken(work, given->understood);
        return given;
      },
      [this, node, correlation, place, first, last, size](const Result<Given>& given) {
        const auto answer = [&](const wire::GiveReply& reply) {
          transport_->publish(
              {topics::response(node), encode(wire::Response{correlation, reply}), false});
        };
        if (!given) {
          env_.log.warn("gift_not_taken",
                        {{"node", node.value().text()}, {"why", given.error().message}});
          // What is refused as a whole will be refused again: the giver goes on. A full disk will
          // not stay full: it asks again.
          if (given.error().code == ErrorCode::kInvalid) answer({0, size});
          return;
        }
        std::uint64_t& through = given_through(place);
        if (first <= through + 1) through = std::max(through, last);
        // Their logs have grown here without them.
        for (const NodeId author : given->authors) {
          if (const auto peer = peers_.find(author); peer != peers_.end())
            peer->second.lane.reset();
        }
        env_.metrics.count("sync_given_back_total", given->taken);
        answer({given->taken, given->refused});
      });
}

}  // namespace cairn::sync
