#pragma once
// Port of the bus: an authenticated, lossy way to send and receive small messages by topic.
// Implementations: MQTT (sync/mqtt) and the simulator's network. Nothing may be concluded from a
// publish; only the hub's application ack counts. Loop only, callbacks included.

#include "core/base/bytes.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cairn::sync {

struct BusMessage {
  std::string topic;
  Bytes payload;
  bool retain = false;
};

class Transport {
 public:
  struct Handlers {
    /// A new connection; everything sent before may be lost.
    std::function<void()> connected;
    std::function<void()> disconnected;
    std::function<void(const std::string& topic, BytesView payload)> message;
  };
  /// What one connection is made with; asked anew for each.
  struct Session {
    std::vector<std::string> subscriptions;
    std::optional<BusMessage> will;  ///< what the bus says for us when the connection ends
  };

  /// Ends the connection in order, after the will was said.
  virtual ~Transport() = default;
  /// Connects, and connects again whenever the connection is lost, until destruction.
  virtual void start(Handlers handlers, std::function<Session()> session) = 0;
  /// Sends at most once. Dropped when not connected or when too much waits.
  virtual void publish(BusMessage message) = 0;
};

}  // namespace cairn::sync
