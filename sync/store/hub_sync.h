#pragma once
// The hub's end of the bus: takes uplink frames into the log and acknowledges what is committed,
// answers HELLO and FETCH, pushes feeds and rings doorbells. Loop only.

#include "core/base/env.h"
#include "core/storage/replica_sums.h"
#include "core/storage/snapshot_reader.h"
#include "core/storage/writer.h"
#include "sync/hub_lane.h"
#include "sync/store/feed_seal.h"
#include "sync/store/hub_snapshots.h"
#include "sync/transport.h"
#include "sync/twin_watch.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::sync {

/// What the hub does about what nodes say, in the transaction that takes it: each fires once, on a
/// confirmed record, never on replay. They run for every node and must not refuse facts.
struct HubPolicies {
  /// Records of one node are in the log and in its site's feed.
  std::function<void(storage::UnitOfWork&, const storage::Replica::Taken&)> taken;
  /// A registered node has said HELLO.
  std::function<void(storage::UnitOfWork&, NodeId, Incarnation)> greeted;
  /// Somebody at a site brings back what another site sold. Reads only.
  std::function<std::vector<domain::Sale>(storage::UnitOfWork&, const SiteId&, const std::string&)>
      find;
  /// How many of the `hwm` committed records of an author are also in a verified second copy. None
  /// if this is not set.
  std::function<std::uint64_t(NodeId, Incarnation, std::uint64_t hwm)> safe = {};
  /// The first node has been told of something that is not here: the database was put back.
  std::function<void(storage::UnitOfWork&)> put_back{};
};

class HubSync {
 public:
  /// `reader`: for nodes that compare what they have, and for snapshots; null: they get no answer.
  /// `snapshot_records`: positions a node may be behind without being offered a snapshot; 0: none
  /// is.
  HubSync(Env env, storage::Writer& writer, storage::Replica& replica, Transport& transport,
          HubPolicies policies, storage::SnapshotReader* reader = nullptr,
          std::uint64_t snapshot_records = 0);

  /// After Replica::begin_generation(). Errors: kUnavailable "storage_failed".
  Result<> start();

  struct NodeStatus {
    bool online = false;                ///< as the bus says
    std::optional<UtcTime> last_heard;  ///< last HELLO or frame
    std::uint64_t hwm = 0;              ///< committed here
    std::uint64_t head = 0;             ///< of its log, as last told
    std::string problem;                ///< why it is refused; empty if all is well
    std::vector<std::string> differs;   ///< tables whose rows are not the hub's, as last compared
  };
  [[nodiscard]] NodeStatus status(NodeId node) const;
  [[nodiscard]] bool connected() const { return connected_; }

 private:
  /// What the hub knows of a node in conversation.
  struct Peer {
    SiteId site;
    std::optional<HubLane> lane;
    std::uint64_t presence_session = 0;
    std::uint64_t boot_nonce = 0;      ///< of the last HELLO
    std::optional<MonoTime> hello_at;  ///< when it was written, by the node's clock
    TwinWatch twins;
    bool twins_told = false;
    std::vector<wire::ParkedRecord> parked;  ///< the latest of its records that were set aside
    std::uint64_t told_before = 0;           ///< an earlier generation had acknowledged up to here
    NodeStatus status;
  };
  struct Committed;
  /// What the database says about a node that says HELLO.
  struct HelloFacts {
    std::optional<domain::Node> node;
    storage::Author author;
    std::optional<crypto::Hash128> chain_at_acked;
    std::optional<crypto::Hash128> chain_at_head;
    std::vector<wire::FeedHead> feeds;
    bool follows = true;  ///< its cursors are of this generation
    bool lost = false;    ///< it was told of something that is not here
    std::vector<wire::ParkedRecord> parked;
  };
  struct Push;
  using FeedOfGeneration = std::pair<std::string, HubGeneration>;

  void on_connected();
  void on_message(const std::string& topic, BytesView payload);
  void on_uplink(NodeId node, BytesView payload);
  void on_request(NodeId node, BytesView payload);
  void on_presence(NodeId node, BytesView payload);

  void handle_frame(NodeId node, wire::Frame frame);
  void commit_frame(NodeId node, wire::Frame frame, std::size_t skip);
  void send_ack(NodeId node, const Peer& peer, bool hello, bool damaged = false);
  [[nodiscard]] std::uint64_t safe(NodeId node, Incarnation inc, std::uint64_t hwm) const;
  void forked(NodeId node, Peer& peer);

  void look_for_twins(NodeId node, Peer& peer, const wire::Hello& hello);
  void on_hello(NodeId node, std::uint64_t correlation, const wire::Hello& hello);
  void answer_hello(NodeId node, std::uint64_t correlation, const wire::Hello& hello,
                    const HelloFacts& facts);
  void on_compare(NodeId node, std::uint64_t correlation, const wire::Compare& compare);
  void on_find(NodeId node, std::uint64_t correlation, const wire::Find& find);
  void on_check(NodeId node, std::uint64_t correlation, const wire::Check& check);
  void answer_check(NodeId node, std::uint64_t correlation, const wire::Check& check,
                    const storage::ReplicaSums& sums);
  void on_fetch(NodeId node, std::uint64_t correlation, const wire::Fetch& fetch);
  void on_part(NodeId node, std::uint64_t correlation, const wire::Part& part);

  // The hub's database was put back (docs/protocol.md, generations): hub_generation.cpp.
  [[nodiscard]] HubGeneration generation() const;
  std::uint64_t& given_through(const FeedOfGeneration& place);
  void compare_copies(storage::UnitOfWork& work, const wire::Hello& hello, HelloFacts& facts);
  void note_losses(NodeId node, const wire::Hello& hello, const HelloFacts& facts);
  void on_give(NodeId node, std::uint64_t correlation, const wire::Give& give);

  void on_commit(const storage::Changes& changes);
  void push_feed(const std::string& feed);
  void publish_push(const std::string& feed, const Push& push);
  void ring(const SiteId& site);
  void ring_later(const SiteId& site);
  void ring_now();
  Result<> refresh_sites(storage::Connection& connection);
  Result<bool> refresh_node(NodeId id);

  Env env_;
  storage::Writer* writer_;
  storage::Replica* replica_;
  Transport* transport_;
  HubPolicies policies_;
  FeedSeal seal_{Bytes()};
  storage::SnapshotReader* reader_;
  storage::CatalogueMemory catalogue_;
  HubSnapshots snapshots_;
  bool connected_ = false;
  bool losses_told_ = false;
  /// How far the feeds of earlier generations are here, as nodes have given them back.
  std::map<FeedOfGeneration, std::uint64_t> given_;
  std::map<NodeId, Peer> peers_;
  std::map<SiteId, std::vector<NodeId>> sites_;  ///< active nodes by site
  std::map<std::string, std::uint64_t> pushed_;  ///< feed -> last position pushed
  std::set<std::string> push_in_work_;
  std::set<SiteId> to_ring_;
  bool ring_scheduled_ = false;
  std::set<SiteId> to_ring_later_;
  bool later_scheduled_ = false;
};

}  // namespace cairn::sync
