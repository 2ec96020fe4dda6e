#pragma once
// One connection to the broker: a socket that never blocks, its octets cut into packets. Whoever
// owns it waits until it can be read or written.

#include "core/base/endpoint.h"
#include "core/runtime/unique_fd.h"
#include "tools/cairn-sim/fleet/mqtt_packets.h"

#include <functional>
#include <string>

namespace cairn::simulator::fleet {

class MqttLink {
 public:
  /// Begins to connect. Errors: kUnavailable "no_socket". `broker`: an IPv4 address.
  static Result<MqttLink> open(const Endpoint& broker);

  [[nodiscard]] int fd() const { return fd_.get(); }
  /// Octets that the socket did not take yet.
  [[nodiscard]] bool has_unsent() const { return !out_.empty(); }

  /// Sends, now or when the socket takes it again. False: the connection is over.
  [[nodiscard]] bool send(BytesView octets);
  [[nodiscard]] bool flush();
  /// Reads what is here and hands each packet over. False: the connection is over.
  [[nodiscard]] bool receive(const std::function<void(const Packet&)>& take);
  /// Ends it without a word, as a cut cable does.
  void cut();

 private:
  explicit MqttLink(runtime::UniqueFd fd) : fd_(std::move(fd)) {}

  runtime::UniqueFd fd_;
  Bytes in_;
  Bytes out_;
};

}  // namespace cairn::simulator::fleet
