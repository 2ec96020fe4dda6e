#pragma once
// One virtual node: the agent's own session, uplink and downlink machines on a connection to a real
// broker. It keeps no replica: a feed's positions count as applied when they arrive. Loop only.

#include "core/base/random.h"
#include "sync/node_session.h"
#include "tools/cairn-sim/fleet/histogram.h"
#include "tools/cairn-sim/fleet/mqtt_link.h"
#include "tools/cairn-sim/fleet/node_log.h"

#include <cstdint>
#include <optional>
#include <string>

namespace cairn::simulator::fleet {

struct Account {
  NodeId node;
  SiteId site;
  std::string password;
};

/// What all nodes of a fleet have in common.
struct Shared {
  const Clock& clock;
  Random& random;
  Endpoint broker;
  Histogram acks;   ///< from a record's writing to the hub's acknowledgement
  Histogram pings;  ///< from a PING behind a frame to the broker's answer
  std::uint64_t frames = 0;
  std::uint64_t lost_connections = 0;
};

class FleetNode {
 public:
  FleetNode(const Account& account, Shared& shared, MonoTime connect_at);

  // ---- inputs ----
  void on_readable(MonoTime now);
  void on_writable(MonoTime now);
  /// Does what is due.
  void on_time(MonoTime now);
  /// Writes a record every so often, the first one after `first`.
  void trade(MonoTime first, Duration every);
  void stop_trading() { trade_at_.reset(); }
  /// The cable is cut; it connects again after a pause, as an agent does.
  void cut(MonoTime now);
  void leave();

  // ---- outputs ----
  /// When on_time() is needed.
  [[nodiscard]] MonoTime due() const;
  /// Negative: no connection.
  [[nodiscard]] int fd() const { return link_ ? link_->fd() : -1; }
  [[nodiscard]] bool has_unsent() const { return link_ && link_->has_unsent(); }
  [[nodiscard]] bool live() const { return session_.state() == sync::LinkState::kLive; }
  [[nodiscard]] const std::string& detail() const { return session_.detail(); }
  /// When the oldest record that is not acknowledged was written.
  [[nodiscard]] std::optional<MonoTime> oldest() const { return log_.oldest(); }

 private:
  void connect(MonoTime now);
  void lost(MonoTime now);
  void on_packet(const Packet& packet, MonoTime now);
  void on_subscribed(MonoTime now);
  void on_message(const Published& message, MonoTime now);
  void on_hello_reply(std::uint64_t correlation, const wire::HelloReply& reply, MonoTime now);
  void on_feed_frame(BytesView octets, MonoTime now);
  void forget_acked(MonoTime now);
  void pump(MonoTime now);
  void send_hello(std::uint64_t correlation, MonoTime now);
  void publish(const std::string& topic, BytesView payload, MonoTime now);
  void send(BytesView octets, MonoTime now);

  Shared* shared_;
  std::string password_;
  NodeLog log_;
  std::uint64_t boot_nonce_;
  sync::NodeSession session_;
  std::optional<MqttLink> link_;
  bool up_ = false;      ///< the broker has taken us
  bool broken_ = false;  ///< the connection is over, and that was not dealt with yet
  MonoTime next_try_;    ///< without a connection: when the next one begins
  MonoTime give_up_at_;  ///< not up yet: when it is given up
  MonoTime ping_at_;
  MonoTime up_since_;
  unsigned attempt_ = 0;
  std::uint64_t session_no_ = 0;
  std::optional<MonoTime> pinged_;  ///< not answered yet
  std::optional<MonoTime> trade_at_;
  Duration trade_every_{0};
};

}  // namespace cairn::simulator::fleet
