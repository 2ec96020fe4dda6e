#pragma once
// Drives a device's LAN session: publishes what is written here, takes what neighbours have,
// answers their questions. Loop only.

#include "core/base/env.h"
#include "core/storage/writer.h"
#include "core/wire/feed_frame.h"
#include "sync/lan_session.h"
#include "sync/store/node_sync.h"
#include "sync/transport.h"

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace cairn::sync {

class LanSync {
 public:
  /// `hub`: the same device's session with the hub. `lan`: the bus of the store. All outlive it.
  LanSync(Env env, storage::Writer& writer, storage::Replica& replica, NodeSync& hub,
          Transport& lan);

  /// Begins with what the database knows; to be called once, before the loop runs anything else.
  /// Errors: kUnavailable "storage_failed".
  Result<> start();

  struct Status {
    bool connected = false;
    std::vector<LanSession::Peer> peers;
    std::vector<LanSession::Parted> parted;  ///< whose records here and there are not the same
  };
  [[nodiscard]] Status status() const;

 private:
  struct Batch {
    std::uint64_t last = 0;
    Bytes octets;
  };

  void on_message(const std::string& topic, BytesView payload);
  void on_records(NodeId peer, BytesView payload);
  void on_feed_frame(NodeId peer, BytesView payload);
  void on_digest(NodeId peer, BytesView payload);
  void on_fetch(NodeId peer, BytesView payload);
  void on_commit(const storage::Changes& changes);

  std::optional<LanHead> head_of(const LanAuthor& name);
  void handle_frame(NodeId peer, wire::Frame frame);
  void take(NodeId peer, wire::Frame frame);
  void restored(NodeId peer, wire::Frame frame);
  void compare(NodeId peer, const wire::FrameHeader& header);
  void told_parted(NodeId peer, const LanAuthor& author);
  void bad(NodeId peer, std::string_view what, const Error& error);

  void pump();
  void push(std::uint64_t first);
  void arm_timer();
  void publish(std::string topic, Bytes payload);
  Result<> read_heads();

  Env env_;
  storage::Writer* writer_;
  storage::Replica* replica_;
  NodeSync* hub_;
  Transport* transport_;
  NodeId node_;
  SiteId site_;
  LanSession session_;
  bool push_in_work_ = false;
  bool renewal_in_work_ = false;
  std::set<NodeId> answering_;  ///< one question of each neighbour at a time
  std::set<LanAuthor> told_;    ///< of whom it was said that copies part
  std::optional<MonoTime> bad_told_;
  std::optional<Executor::TimerId> timer_;
};

}  // namespace cairn::sync
