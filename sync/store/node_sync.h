#pragma once
// Drives a node's session: reads the log for it, applies what it says, sends what it wants. Loop
// only.

#include "core/base/env.h"
#include "core/storage/salvage.h"
#include "core/storage/writer.h"
#include "core/wire/feed_frame.h"
#include "sync/fork_search.h"
#include "sync/node_session.h"
#include "sync/store/replica_check.h"
#include "sync/store/snapshot_intake.h"
#include "sync/transport.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

namespace cairn::sync {

class NodeSync {
 public:
  /// `reader`: for comparing with the hub now and then; null: it does not.
  NodeSync(Env env, storage::Writer& writer, storage::Replica& replica, Transport& transport,
           storage::SnapshotReader* reader = nullptr);

  /// Begins with what the database knows; to be called once, before the loop runs anything else.
  /// Errors: kUnavailable "storage_failed".
  Result<> start();

  struct Status {
    LinkState link = LinkState::kDown;
    std::string detail;       ///< why the hub does not take us, or why a feed stands still
    Incarnation inc;          ///< whose records go up now: an earlier one first, then what writes
    std::uint64_t head = 0;   ///< its records
    std::uint64_t hwm = 0;    ///< of these, committed at the hub
    std::uint64_t safe = 0;   ///< of these, also in a second copy of the hub's database
    std::uint64_t later = 0;  ///< records of later incarnations, which wait for these
    bool salvage_waits = false;  ///< a damaged database may hold records that the hub lacks
    std::uint64_t behind = 0;    ///< feed positions known and not applied
    std::vector<wire::ParkedRecord> parked;  ///< own records that the hub has set aside: the latest
    std::vector<wire::FeedCursor> cursors;
    std::optional<UtcTime> hub_heard;  ///< when the hub last answered, by the hub's clock
    Duration clock_offset{0};          ///< hub's clock minus ours
    HubGeneration hub_gen;             ///< that answered last; 0: none yet
    ReplicaCheck::Status check;
    std::optional<SnapshotIntake::Progress> snapshot;  ///< one is on its way
  };
  [[nodiscard]] Status status() const;
  /// Everything written is at the hub, everything the hub told of is here.
  [[nodiscard]] bool at_rest() const;

  // ---- for the LAN (lan_sync.h) ----

  /// A neighbour passes on what the hub's feed has brought it.
  void take_feed_frame(wire::FeedFrame frame);
  /// Records of this device came back from a neighbour, or another incarnation writes because of
  /// them: what goes up first may not be what it was.
  void own_records_found();
  [[nodiscard]] bool live() const { return session_->state() == LinkState::kLive; }
  /// What is applied of the feeds that all devices of the site share.
  [[nodiscard]] std::vector<wire::FeedCursor> shared_cursors() const;
  /// How far they were when latest generations of the hub were left, the earliest of a feed first.
  [[nodiscard]] std::vector<wire::FeedCursor> shared_past() const;
  /// While the hub is not heard: a neighbour followed it from our cursor into the frame's
  /// generation.
  void follow_neighbour(const wire::FeedCursor& from, wire::FeedFrame frame);

  /// Asks the hub which sales are behind a label or an order's number. The answer comes once, on
  /// the loop. Errors: kUnavailable "hub_not_reached" (no connection, or no answer in five
  /// seconds).
  using Found = std::function<void(const Result<std::vector<domain::Sale>>&)>;
  /// What the hub said of its time.
  struct HubSaid {
    UtcTime time;    ///< its clock
    Hlc last_stamp;  ///< what it recorded so far has this stamp or an earlier one
    MonoTime asked;  ///< when the question was asked
  };
  /// Called whenever the hub's answer to a HELLO has been taken and both agree. Set before start().
  using HubHeard = std::function<void(const HubSaid&)>;
  void on_hub_heard(HubHeard heard) { hub_agrees_ = std::move(heard); }
  /// Compares itself with the hub now, as far as it is connected.
  void say_hello();

  void find(const std::string& text, Found found);

 private:
  /// What a HELLO says of the log, and whom it is about.
  struct Heads {
    Incarnation writing_inc;
    std::uint64_t head = 0;
    crypto::Hash128 h_head{};
    crypto::Hash128 h_acked{};
    std::vector<EventRef> vv;
    std::vector<wire::FeedCursor> past;  ///< cursors of earlier generations
  };
  /// The hub is in another generation than our feeds: it is given back what it lacks of ours, feed
  /// by feed, then followed.
  struct GivingBack {
    wire::HelloReply hub;
    std::size_t stage = 0;          ///< what is given back now: node_generation.cpp
    std::uint64_t after = 0;        ///< of this stage the hub has everything up to here
    std::uint64_t last = 0;         ///< the end of the frame on its way
    std::uint64_t correlation = 0;  ///< of it
    Bytes frame;
    std::uint64_t taken = 0;  ///< records that the hub had lost
  };
  struct BuiltFrame {
    std::uint64_t last = 0;
    crypto::Hash128 chain{};
    Bytes octets;
  };

  void on_connected();
  void on_disconnected();
  void on_message(const std::string& topic, BytesView payload);
  void on_response(BytesView payload);
  void on_hello_reply(std::uint64_t correlation, const wire::HelloReply& reply);
  void act_on_verdict(const wire::HelloReply& reply, bool chain_agrees, std::uint64_t own_head);
  void answer_find(std::uint64_t correlation, const Result<std::vector<domain::Sale>>& sales);
  void on_ack(BytesView payload);
  void on_feed_frame(BytesView payload);
  void on_doorbell(BytesView payload);
  void on_snapshot_installed(const std::vector<wire::FeedCursor>& cursors);

  // Repair (docs/protocol.md): the device's log and the hub's copy of it have parted.
  struct Lane {
    Incarnation inc;
    std::uint64_t head = 0;
    std::uint64_t acked = 0;
  };
  Lane find_lane();
  void use_lane(const std::vector<wire::FeedCursor>& cursors);
  void change_lane(const std::vector<wire::FeedCursor>& cursors);
  void settle_lane(bool restored, std::uint64_t hwm);
  void search_fork(std::uint64_t last);
  void ask_compare();
  void on_compare_reply(std::uint64_t correlation, const wire::CompareReply& reply);
  void reissue(Incarnation forked, std::uint64_t common);
  void settle_if_done();
  void ask_for_salvage();
  void salvage(const wire::CompareReply& reply);

  // Another generation of the hub (docs/protocol.md, generations): node_generation.cpp.
  [[nodiscard]] wire::HelloReply unless_another_hub(const wire::HelloReply& reply) const;
  void follow(const wire::HelloReply& reply);
  void begin_stage();
  void give_next();
  void send_gift();
  void on_give_reply(std::uint64_t correlation, const wire::GiveReply& reply);
  void enter_generation();
  void drop_unknown();

  void pump();
  void send_hello(std::uint64_t correlation);
  void publish_hello(std::uint64_t correlation, const Heads& heads);
  void send_frame(std::uint64_t first);
  void send_fetch(const FetchWanted& fetch);
  void arm_timer();
  void remember_hwm();
  void publish_presence();
  Result<Heads> read_heads(storage::Replica& replica) const;

  Env env_;
  storage::Writer* writer_;
  storage::Replica* replica_;
  Transport* transport_;
  NodeId node_;
  Incarnation inc_;      ///< of the lane: whose records go up now
  bool writes_ = false;  ///< the lane is the incarnation that writes
  SiteId site_;
  std::uint64_t boot_nonce_;
  std::optional<NodeSession> session_;
  std::uint64_t session_no_ = 0;
  std::uint64_t acked_ = 0;    ///< of the lane: greatest hwm ever told, as saved
  std::uint64_t safe_ = 0;     ///< of the lane: what the hub's second copy holds, as saved
  std::uint64_t between_ = 0;  ///< records of incarnations after the lane, before the writing one
  std::uint64_t writing_head_ = 0;  ///< records of the writing one
  std::uint64_t told_head_ = 0;     ///< of the lane, as the last HELLO told it
  bool connected_ = false;
  std::map<std::uint64_t, crypto::Hash128>
      sent_chains_;  ///< last seq of a frame on its way -> chain
  std::optional<ForkSearch> search_;
  std::optional<GivingBack> giving_;
  std::vector<wire::FeedCursor> past_;  ///< where feeds were when earlier generations were left
  bool following_in_work_ = false;
  bool holds_unknown_ = false;  ///< records of the hub which it may not know any more
  std::uint64_t compare_correlation_ = 0;
  std::optional<storage::SalvageTask> salvage_;
  std::uint64_t salvage_correlation_ = 0;
  bool salvage_waits_ = false;
  bool repair_in_work_ = false;
  bool hello_in_work_ = false;
  bool frame_in_work_ = false;
  bool hwm_save_in_work_ = false;
  std::optional<Executor::TimerId> timer_;
  std::vector<wire::ParkedRecord> parked_;  ///< as the last ack told
  std::optional<UtcTime> hub_heard_;
  HubHeard hub_agrees_ = [](const HubSaid&) {};
  MonoTime asked_at_;  ///< when the last HELLO was sent
  std::string feed_problem_;
  std::map<std::uint64_t, Found> finding_;  ///< by correlation
  ReplicaCheck check_;
  SnapshotIntake snapshot_;
};

}  // namespace cairn::sync
