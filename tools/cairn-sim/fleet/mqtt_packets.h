#pragma once
// MQTT 3.1.1 as far as a node needs it: CONNECT, SUBSCRIBE, PUBLISH, PUBACK, PING. Octets
// only, no sockets. Any thread.

#include "core/base/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::simulator::fleet {

struct Login {
  std::string client_id;
  std::string user;
  std::string password;
  std::string will_topic;
  Bytes will_payload;  ///< retained, QoS 1
  std::uint16_t keep_alive_s = 20;
};

Bytes connect_packet(const Login& login);
Bytes subscribe_packet(std::uint16_t id, const std::vector<std::string>& topics);
/// At QoS 0; with an id at QoS 1.
Bytes publish_packet(std::uint16_t id, std::string_view topic, BytesView payload, bool retain);
Bytes puback_packet(std::uint16_t id);
Bytes ping_packet();
Bytes disconnect_packet();

enum class PacketType : std::uint8_t {
  kConnAck = 2,
  kPublish = 3,
  kPubAck = 4,
  kSubAck = 9,
  kPingResponse = 13,
};

struct Packet {
  PacketType type = PacketType::kConnAck;
  std::uint8_t flags = 0;
  BytesView body;
};

/// The first whole packet, cut off `in`; nothing: its end is not here yet. Errors: kCorrupt
/// "bad_packet".
Result<std::optional<Packet>> take_packet(BytesView& in);

struct Published {
  BytesView topic;
  BytesView payload;
  std::uint16_t id = 0;  ///< 0: QoS 0, not to be acknowledged
};
/// Errors: kCorrupt "bad_packet".
Result<Published> read_publish(const Packet& packet);
/// The two octets a CONNACK, PUBACK or SUBACK begins with. Errors: kCorrupt "bad_packet".
Result<std::uint16_t> read_number(const Packet& packet);

}  // namespace cairn::simulator::fleet
