#include "tools/cairn-sim/fleet/mqtt_packets.h"

namespace cairn::simulator::fleet {
namespace {

constexpr std::uint8_t kConnect = 0x10;
constexpr std::uint8_t kPublish = 0x30;
constexpr std::uint8_t kQos1 = 0x02;
constexpr std::uint8_t kPubAck = 0x40;
constexpr std::uint8_t kSubscribe = 0x82;
constexpr std::uint8_t kPing = 0xC0;
constexpr std::uint8_t kDisconnect = 0xE0;
// Clean session, will at QoS 1 and retained, user and password.
constexpr char kConnectFlags = static_cast<char>(0xEE);

tl::unexpected<Error> bad() {
  return fail(ErrorCode::kCorrupt, "bad_packet", "the broker sent no MQTT packet");
}

void put_u16(Bytes& out, std::size_t value) {
  out.push_back(static_cast<char>(value >> 8U & 0xFFU));
  out.push_back(static_cast<char>(value & 0xFFU));
}

void put_text(Bytes& out, std::string_view text) {
  put_u16(out, text.size());
  out += text;
}

Bytes packet(std::uint8_t head, BytesView body) {
  Bytes octets(1, static_cast<char>(head));
  std::size_t left = body.size();
  do {
    const std::size_t low = left & 0x7FU;
    left >>= 7U;
    octets.push_back(static_cast<char>(left == 0 ? low : low | 0x80U));
  } while (left != 0);
  octets += body;
  return octets;
}

std::uint16_t u16(BytesView at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(at[0]) << 8U |
                                    static_cast<unsigned char>(at[1]));
}

}  // namespace

Bytes connect_packet(const Login& login) {
  Bytes body;
  put_text(body, "MQTT");
  body.push_back(4);  // 3.1.1
  body.push_back(kConnectFlags);
  put_u16(body, login.keep_alive_s);
  put_text(body, login.client_id);
  put_text(body, login.will_topic);
  put_text(body, login.will_payload);
  put_text(body, login.user);
  put_text(body, login.password);
  return packet(kConnect, body);
}

Bytes subscribe_packet(std::uint16_t id, const std::vector<std::string>& topics) {
  Bytes body;
  put_u16(body, id);
  for (const std::string& topic : topics) {
    put_text(body, topic);
    body.push_back(1);
  }
  return packet(kSubscribe, body);
}

Bytes publish_packet(std::uint16_t id, std::string_view topic, BytesView payload, bool retain) {
  Bytes body;
  put_text(body, topic);
  if (id != 0) put_u16(body, id);
  body += payload;
  return packet(static_cast<std::uint8_t>(kPublish | (id != 0 ? kQos1 : 0U) | (retain ? 1U : 0U)),
                body);
}

Bytes puback_packet(std::uint16_t id) {
  Bytes body;
  put_u16(body, id);
  return packet(kPubAck, body);
}

Bytes ping_packet() { return packet(kPing, {}); }
Bytes disconnect_packet() { return packet(kDisconnect, {}); }

Result<std::optional<Packet>> take_packet(BytesView& in) {
  std::size_t size = 0;
  std::size_t at = 1;
  for (unsigned shift = 0;; shift += 7, ++at) {
    if (shift > 21) return bad();
    if (at >= in.size()) return std::nullopt;
    const auto octet = static_cast<unsigned char>(in[at]);
    size |= static_cast<std::size_t>(octet & 0x7FU) << shift;
    if ((octet & 0x80U) == 0) break;
  }
  ++at;
  if (in.size() < at + size) return std::nullopt;
  const auto head = static_cast<unsigned char>(in[0]);
  const Packet found{static_cast<PacketType>(head >> 4U), static_cast<std::uint8_t>(head & 0x0FU),
                     in.substr(at, size)};
  in.remove_prefix(at + size);
  return found;
}

Result<Published> read_publish(const Packet& packet) {
  BytesView rest = packet.body;
  const bool numbered = (packet.flags & 0x06U) != 0;
  if (rest.size() < 2 || rest.size() < 2U + u16(rest) + (numbered ? 2U : 0U)) return bad();
  Published published;
  const std::size_t length = u16(rest);
  published.topic = rest.substr(2, length);
  rest.remove_prefix(2 + length);
  if (numbered) {
    published.id = u16(rest);
    rest.remove_prefix(2);
  }
  published.payload = rest;
  return published;
}

Result<std::uint16_t> read_number(const Packet& packet) {
  if (packet.body.size() < 2) return bad();
  return u16(packet.body);
}

}  // namespace cairn::simulator::fleet
