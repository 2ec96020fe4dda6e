#include "sync/store/hub_sync.h"

#include "core/storage/projections/reference_data.h"
#include "core/storage/quarantine.h"
#include "core/wire/feed_name.h"
#include "core/wire/message.h"
#include "sync/store/feed_items.h"
#include "sync/topics.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace cairn::sync {
namespace {

constexpr std::uint64_t kCreditEvents = 65'536;
constexpr std::uint64_t kCreditBytes = 8U << 20U;
constexpr std::uint32_t kFetchBytesMost = 256U << 10U;
constexpr std::size_t kParkedTold = 16;  ///< in an ack

constexpr const char* kTwins =
    "two devices use this identity: both go on and lose nothing, but one of them needs a node id "
    "and "
    "an empty data directory of its own";

/// What an ack tells a node of its records that are without effect here.
std::vector<wire::ParkedRecord> parked_records(storage::Connection& connection, NodeId node,
                                               Incarnation inc) {
  std::vector<wire::ParkedRecord> parked;
  for (storage::SetAsideRecord& aside : storage::set_aside(connection, node, inc, kParkedTold)) {
    parked.push_back({aside.seq, std::move(aside.reason)});
  }
  return parked;
}

}  // namespace

/// What is in the database for good, and may be acknowledged.
struct HubSync::Committed {
  std::uint64_t hwm = 0;
  crypto::Hash128 chain{};
  std::vector<wire::ParkedRecord> parked;
};

HubSync::HubSync(Env env, storage::Writer& writer, storage::Replica& replica, Transport& transport,
                 HubPolicies policies, storage::SnapshotReader* reader,
                 std::uint64_t snapshot_records)
    : env_(env),
      writer_(&writer),
      replica_(&replica),
      transport_(&transport),
      policies_(std::move(policies)),
      reader_(reader),
      snapshots_(env, reader, snapshot_records) {}

Result<> HubSync::start() {
  if (auto ok = refresh_sites(replica_->connection()); !ok) return ok;
  try {
    seal_ = FeedSeal(storage::seal_key(replica_->connection(), env_.random));
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  snapshots_.start({replica_->identity().node, generation(), seal_});
  writer_->on_commit([this](const storage::Changes& changes) { on_commit(changes); });
  transport_->start(
      {[this] { on_connected(); }, [this] { connected_ = false; },
       [this](const std::string& topic, BytesView payload) { on_message(topic, payload); }},
      [] {
        return Transport::Session{
            {std::string(topics::kAllUplinks), std::string(topics::kAllRequests),
             std::string(topics::kAllPresence)},
            std::nullopt};
      });
  return {};
}

HubSync::NodeStatus HubSync::status(NodeId node) const {
  const auto found = peers_.find(node);
  if (found == peers_.end()) return {};
  NodeStatus status = found->second.status;
  if (found->second.lane) status.hwm = found->second.lane->hwm();
  status.head = std::max(status.head, status.hwm);
  if (found->second.twins.two_devices(env_.clock.mono_now())) status.problem = kTwins;
  if (status.problem.empty() && !status.differs.empty()) {
    status.problem = fmt::format("its copy differs from the hub's in {}: if this stays, restart it",
                                 fmt::join(status.differs, ", "));
  }
  return status;
}

Result<> HubSync::refresh_sites(storage::Connection& connection) {
  try {
    sites_.clear();
    for (const domain::Node& node : storage::nodes(connection)) {
      if (node.active) sites_[node.site].push_back(node.id);
    }
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
  return {};
}

/// One of thousands: the others are as they were. A device stays at its site. True: it has come or
/// gone.
Result<bool> HubSync::refresh_node(NodeId id) {
  try {
    const auto node = storage::find_node(replica_->connection(), id);
    if (!node) return false;
    std::vector<NodeId>& there = sites_[node->site];
    const bool was_active = std::erase(there, id) > 0;
    if (node->active) there.push_back(id);
    return node->active != was_active;
  } catch (const storage::SqlFailure& failure) {
    return fail(failure.error());
  }
}

void HubSync::on_connected() {
  connected_ = true;
  // What was not pushed while we were away is fetched: the doorbells tell.
  pushed_.clear();
  for (const auto& [site, nodes] : sites_) ring(site);
}

void HubSync::on_message(const std::string& topic, BytesView payload) {
  const auto from = topics::parse_from_node(topic);
  if (!from) return;
  switch (from->kind) {
    case topics::FromNode::Kind::kUplink:
      on_uplink(from->node, payload);
      break;
    case topics::FromNode::Kind::kRequest:
      on_request(from->node, payload);
      break;
    case topics::FromNode::Kind::kPresence:
      on_presence(from->node, payload);
      break;
  }
}

// ---- uplink ----

void HubSync::on_uplink(NodeId node, BytesView payload) {
  auto frame = wire::decode_frame(payload);
  if (!frame || frame->header.node != node) {
    // Damaged on its way, it is asked for again; the node would also send it when no ack comes.
    env_.metrics.count("sync_bad_frames_total");
    env_.log.warn("bad_frame",
                  {{"node", node.value().text()},
                   {"why", frame ? "sent under another name" : frame.error().message}});
    const auto peer = peers_.find(node);
    if (!frame && peer != peers_.end() && peer->second.lane) {
      send_ack(node, peer->second, false, true);
    }
    return;
  }
  const auto peer = peers_.find(node);
  if (peer == peers_.end() || !peer->second.lane) {
    send_ack(node, {}, true);
    return;
  }
  peer->second.status.last_heard = replica_->clock().now();
  peer->second.status.head = std::max(peer->second.status.head, frame->header.last_seq());
  handle_frame(node, *std::move(frame));
}

void HubSync::handle_frame(NodeId node, wire::Frame frame) {
  Peer& peer = peers_.at(node);
  const FrameDecision decision = peer.lane->frame_arrived(frame);
  switch (decision.what) {
    case FrameDecision::What::kCommit:
      commit_frame(node, std::move(frame), decision.skip);
      if (auto next = peer.lane->next_held()) handle_frame(node, *std::move(next));
      break;
    case FrameDecision::What::kAckAgain:
    case FrameDecision::What::kGap:
      send_ack(node, peer, false);
      break;
    case FrameDecision::What::kSayHello:
      send_ack(node, peer, true);
      break;
    case FrameDecision::What::kForked:
      forked(node, peer);
      break;
  }
}

void HubSync::commit_frame(NodeId node, wire::Frame frame, std::size_t skip) {
  const Incarnation inc = frame.header.inc;
  const std::uint64_t first = frame.header.base_seq + skip;
  const SiteId site = peers_.at(node).site;
  const std::uint64_t told_before = peers_.at(node).told_before;
  frame.records.erase(frame.records.begin(),
                      frame.records.begin() + static_cast<std::ptrdiff_t>(skip));
  writer_->submit<Committed>(
      [this, node, inc, first, site, told_before,
       records = std::move(frame.records)](storage::UnitOfWork& work) -> Result<Committed> {
        const auto taken = work.replica().take_uplink({node, inc, first}, site, records);
        if (!taken) return fail(taken.error());
        if (told_before >= first) {
          const std::uint64_t again =
              std::min<std::uint64_t>(records.size(), told_before - first + 1);
          storage::count_given_back(work.connection(), generation(), again);
        }
        if (policies_.taken) policies_.taken(work, *taken);
        const storage::Author& author = work.replica().log().author(node, inc);
        return Committed{author.head, author.chain, parked_records(work.connection(), node, inc)};
      },
      [this, node, inc](Result<Committed> head) {
        const auto peer = peers_.find(node);
        if (peer == peers_.end() || !peer->second.lane || peer->second.lane->inc() != inc) return;
        if (!head) {
          env_.log.error("uplink_not_committed", {{"why", head.error().message}});
          peer->second.lane->commit_failed();
          return;
        }
        peer->second.lane->committed(head->hwm, head->chain);
        peer->second.parked = std::move(head->parked);
        send_ack(node, peer->second, false);
      });
}

/// Says what is committed, and nothing more.
/// `damaged`: the frame behind that arrived, but cannot be read: the node sends it again at once.
void HubSync::send_ack(NodeId node, const Peer& peer, bool hello, bool damaged) {
  wire::Ack ack;
  ack.hub_gen = generation();
  ack.hub_time = replica_->clock().now();
  ack.credit_bytes = kCreditBytes;
  ack.credit_events = kCreditEvents;
  ack.hello = hello;
  if (peer.lane) {
    ack.inc = peer.lane->inc();
    ack.hwm = peer.lane->hwm();
    ack.h_hwm = peer.lane->chain();
    ack.gap_from = damaged ? peer.lane->hwm() + 1 : peer.lane->gap_from();
    ack.parked = peer.parked;
    ack.safe = safe(node, ack.inc, ack.hwm);
  }
  transport_->publish({topics::ack(node), encode(ack), false});
}

std::uint64_t HubSync::safe(NodeId node, Incarnation inc, std::uint64_t hwm) const {
  return policies_.safe ? policies_.safe(node, inc, hwm) : 0;
}

void HubSync::forked(NodeId node, Peer& peer) {
  if (peer.status.problem.empty()) {
    env_.log.error("lane_forked", {{"node", node.value().text()}});
    env_.metrics.count("sync_forks_total");
  }
  peer.status.problem =
      "two devices use this identity, or its log was changed: its uplink is closed";
  send_ack(node, peer, true);  // HELLO tells it why
}

// ---- questions ----

void HubSync::on_request(NodeId node, BytesView payload) {
  const auto request = wire::decode_request(payload);
  if (!request) {
    env_.log.warn("bad_message", {{"node", node.value().text()}, {"why", request.error().message}});
    return;
  }
  if (const auto* const hello = std::get_if<wire::Hello>(&request->body)) {
    on_hello(node, request->correlation, *hello);
  } else if (const auto* const find = std::get_if<wire::Find>(&request->body)) {
    on_find(node, request->correlation, *find);
  } else if (const auto* const compare = std::get_if<wire::Compare>(&request->body)) {
    on_compare(node, request->correlation, *compare);
  } else if (const auto* const give = std::get_if<wire::Give>(&request->body)) {
    on_give(node, request->correlation, *give);
  } else if (const auto* const check = std::get_if<wire::Check>(&request->body)) {
    on_check(node, request->correlation, *check);
  } else if (const auto* const part = std::get_if<wire::Part>(&request->body)) {
    on_part(node, request->correlation, *part);
  } else {
    on_fetch(node, request->correlation, std::get<wire::Fetch>(request->body));
  }
}

void HubSync::on_find(NodeId node, std::uint64_t correlation, const wire::Find& find) {
  const auto peer = peers_.find(node);
  if (peer == peers_.end() || !peer->second.lane || !policies_.find) {
    send_ack(node, {}, true);
    return;
  }
  writer_->submit<wire::FindReply>(
      [this, site = peer->second.site, find](storage::UnitOfWork& work) -> Result<wire::FindReply> {
        return wire::FindReply{policies_.find(work, site, find.text)};
      },
      [this, node, correlation](const Result<wire::FindReply>& reply) {
        if (!reply) return;  // the node asks again
        transport_->publish(
            {topics::response(node), encode(wire::Response{correlation, *reply}), false});
      });
}

/// About its own records only, so a node may ask whether or not it is in conversation.
void HubSync::on_compare(NodeId node, std::uint64_t correlation, const wire::Compare& compare) {
  writer_->submit<wire::CompareReply>(
      [node, compare](storage::UnitOfWork& work) -> Result<wire::CompareReply> {
        storage::EventLog& log = work.replica().log();
        const storage::Author* const author = log.find_author(node, compare.inc);
        wire::CompareReply reply;
        for (const std::uint64_t seq : compare.seqs) {
          reply.chains.push_back(
              author == nullptr || seq > author->head ? std::nullopt : log.chain_at(*author, seq));
        }
        return reply;
      },
      [this, node, correlation](const Result<wire::CompareReply>& reply) {
        if (!reply) return;  // the node asks again
        transport_->publish(
            {topics::response(node), encode(wire::Response{correlation, *reply}), false});
      });
}

void HubSync::on_hello(NodeId node, std::uint64_t correlation, const wire::Hello& hello) {
  writer_->submit<HelloFacts>(
      [this, node, hello](storage::UnitOfWork& work) -> Result<HelloFacts> {
        storage::EventLog& log = work.replica().log();
        HelloFacts facts;
        facts.node = storage::find_node(work.connection(), node);
        if (!facts.node) return facts;
        const storage::Author* const known = log.find_author(node, hello.inc);
        facts.author = known != nullptr ? *known
                                        : storage::Author{0, node, hello.inc, 0,
                                                          crypto::chain_start(node, hello.inc)};
        facts.chain_at_acked = log.chain_at(facts.author, std::min(hello.acked, facts.author.head));
        facts.chain_at_head = log.chain_at(facts.author, std::min(hello.head, facts.author.head));
        facts.parked = parked_records(work.connection(), node, hello.inc);
        compare_copies(work, hello, facts);
        // What it was given in an earlier generation is not here yet if it does not follow.
        if (facts.node->active && facts.follows && policies_.greeted) {
          policies_.greeted(work, node, hello.writing_inc);
        }
        for (wire::FeedHead& feed : facts.feeds) feed.head = log.feed(feed.feed).head;
        return facts;
      },
      [this, node, correlation, hello](const Result<HelloFacts>& facts) {
        if (facts) answer_hello(node, correlation, hello, *facts);
      });
}

void HubSync::look_for_twins(NodeId node, Peer& peer, const wire::Hello& hello) {
  const MonoTime now = env_.clock.mono_now();
  peer.twins.heard(hello.boot_nonce, hello.mono, now);
  const bool two = peer.twins.two_devices(now);
  if (two && !peer.twins_told) {
    env_.log.error("two_devices", {{"node", node.value().text()}, {"what", kTwins}});
    env_.metrics.count("sync_twins_total");
  }
  peer.twins_told = two;
}

void HubSync::answer_hello(NodeId node, std::uint64_t correlation, const wire::Hello& hello,
                           const HelloFacts& facts) {
  Peer& peer = peers_[node];
  // Delivered again by the bus: its head is that of an earlier moment, and it has its answer.
  const bool again =
      peer.hello_at && peer.boot_nonce == hello.boot_nonce && hello.mono <= *peer.hello_at;
  if (again) return;
  peer.boot_nonce = hello.boot_nonce;
  peer.hello_at = hello.mono;
  look_for_twins(node, peer, hello);
  note_losses(node, hello, facts);
  wire::HelloReply reply;
  reply.hub_gen = generation();
  reply.hub_node = replica_->identity().node;
  reply.hub_time = replica_->clock().now();
  reply.hub_hlc = replica_->clock().last();
  reply.wall = hello.wall;
  reply.credit_bytes = kCreditBytes;
  reply.credit_events = kCreditEvents;
  reply.hwm = facts.author.head;
  reply.h_hwm = facts.author.chain;
  reply.feeds = facts.feeds;
  reply.verdict = wire::Verdict::kResume;
  const bool behind = hello.head < facts.author.head;
  const bool same_chain = hello.acked > facts.author.head || facts.chain_at_acked == hello.h_acked;
  if (!facts.node || !facts.node->active) {
    reply.verdict = wire::Verdict::kRefused;
    reply.detail =
        "this device is not registered at the hub: register it there, or correct node.id";
  } else if (hello.protocol < 1) {
    reply.verdict = wire::Verdict::kRefused;
    reply.detail = "this device speaks no protocol version the hub knows";
  } else if (!same_chain || (behind && facts.chain_at_head != hello.h_head)) {
    reply.verdict = wire::Verdict::kForked;
    reply.detail = "the hub's copy of this device's log differs from the device's own";
  } else if (behind) {
    reply.verdict = wire::Verdict::kBehind;
    reply.detail = "this device's database is older than what it sent before: it was restored";
  }
  peer.status.last_heard = reply.hub_time;
  peer.status.head = hello.head;
  peer.status.problem = reply.detail;
  if (reply.verdict == wire::Verdict::kResume) {
    peer.site = facts.node->site;
    // A lane in conversation may have records on their way to the disk: it knows more than the log.
    const bool same = peer.lane && peer.lane->inc() == hello.inc && !peer.lane->forked();
    if (!same) peer.lane.emplace(hello.inc, facts.author.head, facts.author.chain);
    peer.parked = facts.parked;
    reply.hwm = peer.lane->hwm();
    reply.h_hwm = peer.lane->chain();
    reply.safe = safe(node, hello.inc, reply.hwm);
    reply.snapshot = facts.follows && snapshots_.offered(peer.site, facts.feeds);
    // Its records may be about something that this hub has lost and is given back first.
    if (!facts.follows) peer.lane.reset();
  } else {
    peer.lane.reset();
    env_.log.warn("hello_refused", {{"node", node.value().text()}, {"why", reply.detail}});
  }
  transport_->publish({topics::response(node), encode(wire::Response{correlation, reply}), false});
}

void HubSync::on_fetch(NodeId node, std::uint64_t correlation, const wire::Fetch& fetch) {
  const auto peer = peers_.find(node);
  const bool allowed =
      peer != peers_.end() && peer->second.lane &&
      (fetch.feed == wire::kCatalogueFeed || fetch.feed == wire::site_feed(peer->second.site) ||
       fetch.feed == wire::node_feed(node));
  if (!allowed) {
    send_ack(node, {}, true);
    return;
  }
  writer_->submit<wire::FetchReply>(
      [node, fetch, from = FeedSender{replica_->identity().node, generation(), &seal_}](
          storage::UnitOfWork& work) -> Result<wire::FetchReply> {
        storage::Replica& replica = work.replica();
        const storage::Feed feed = replica.log().feed(fetch.feed);
        wire::FetchReply reply{fetch.feed, {}, feed.head, 1};
        const auto rows =
            replica.log().read_feed(feed, fetch.after, std::min(fetch.max_bytes, kFetchBytesMost));
        if (rows.empty()) return reply;
        const auto holder = fetch.verbatim ? std::nullopt : std::optional(node);
        auto frame = wire::encode_feed_frame(
            {fetch.feed, from.hub, from.gen, rows.front().fseq, feed_items(rows, from, holder)});
        if (!frame) return fail(frame.error());
        reply.frame = *std::move(frame);
        return reply;
      },
      [this, node, correlation](const Result<wire::FetchReply>& reply) {
        if (!reply) {
          env_.log.error("fetch_not_answered", {{"why", reply.error().message}});
          return;
        }
        transport_->publish(
            {topics::response(node), encode(wire::Response{correlation, *reply}), false});
      });
}

/// Of its own site only, whatever it asks for.
void HubSync::on_part(NodeId node, std::uint64_t correlation, const wire::Part& part) {
  const auto peer = peers_.find(node);
  if (peer == peers_.end() || !peer->second.lane) {
    send_ack(node, {}, true);
    return;
  }
  snapshots_.ask(peer->second.site, part, [this, node, correlation](const wire::PartReply& reply) {
    transport_->publish(
        {topics::response(node), encode(wire::Response{correlation, reply}), false});
  });
}

void HubSync::on_presence(NodeId node, BytesView payload) {
  const auto presence = wire::decode_presence(payload);
  if (!presence) return;
  Peer& peer = peers_[node];
  if (presence->session_no < peer.presence_session) return;  // the will of an older connection
  peer.presence_session = presence->session_no;
  peer.status.online = presence->online;
}

}  // namespace cairn::sync
