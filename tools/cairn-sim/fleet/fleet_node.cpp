#include "tools/cairn-sim/fleet/fleet_node.h"

#include "core/wire/feed_name.h"
#include "core/wire/little_endian.h"
#include "core/wire/message.h"
#include "sync/topics.h"

#include <algorithm>

namespace cairn::simulator::fleet {
namespace {

// The agent's own (sync/mqtt/mqtt_transport.cpp).
constexpr Duration kKeepAlive = std::chrono::seconds(20);
constexpr Duration kConnectDeadline = std::chrono::seconds(10);
constexpr Duration kPauseLeast = std::chrono::milliseconds(200);
constexpr Duration kPauseMost = std::chrono::seconds(15);
constexpr Duration kStable = std::chrono::seconds(5);
constexpr std::uint64_t kFramesAPing = 16;
constexpr MonoTime kNever{INT64_MAX};

sync::NodeSession new_session(const Account& account, Incarnation inc, std::uint64_t jitter) {
  return {{},
          inc,
          sync::Uplink({}, 0, 0, jitter),
          sync::Downlink({}, {{wire::kCatalogueFeed, {}, 0},
                              {wire::site_feed(account.site), {}, 0},
                              {wire::node_feed(account.node), {}, 0}})};
}

}  // namespace

FleetNode::FleetNode(const Account& account, Shared& shared, MonoTime connect_at)
    : shared_(&shared),
      password_(account.password),
      log_(account.node, Incarnation(shared.random.next() >> 1U), account.site),
      boot_nonce_(shared.random.next()),
      session_(new_session(account, log_.inc(), boot_nonce_)),
      next_try_(connect_at) {}

void FleetNode::trade(MonoTime first, Duration every) {
  trade_at_ = first;
  trade_every_ = every;
}

// ---- connection ----

void FleetNode::connect(MonoTime now) {
  auto link = MqttLink::open(shared_->broker);
  if (!link) return lost(now);
  link_ = *std::move(link);
  up_ = false;
  give_up_at_ = now + kConnectDeadline;
  const UtcTime wall = shared_->clock.utc_now();
  session_no_ = std::max(session_no_ + 1, static_cast<std::uint64_t>(wall.us / 1000));
  Login login;
  login.user = log_.node().value().text();
  login.client_id = "cairn-" + login.user;
  login.password = password_;
  login.will_topic = sync::topics::presence(log_.node());
  login.will_payload = encode(wire::Presence{false, log_.inc(), session_no_, wall});
  send(connect_packet(login), now);
}

void FleetNode::lost(MonoTime now) {
  const bool stable = up_ && now - up_since_ > kStable;
  if (link_) link_->cut();
  link_.reset();
  up_ = broken_ = false;
  pinged_.reset();
  session_.disconnected();
  attempt_ = stable ? 0 : std::min(attempt_ + 1, 10U);
  const Duration most = std::min(kPauseMost, kPauseLeast * (1U << attempt_));
  next_try_ = now + most / 2 +
              Duration(static_cast<std::int64_t>(shared_->random.next() %
                                                 static_cast<std::uint64_t>(most.count() / 2 + 1)));
}

void FleetNode::cut(MonoTime now) {
  if (link_) lost(now);
}

void FleetNode::leave() {
  if (link_) static_cast<void>(link_->send(disconnect_packet()));
  link_.reset();
}

void FleetNode::send(BytesView octets, MonoTime now) {
  if (!link_) return;
  if (!link_->send(octets)) broken_ = true;  // dealt with once whatever sends has come to its end
  ping_at_ = now + kKeepAlive / 2;
}

/// As an agent does: whether it arrived the hub's acknowledgements tell.
void FleetNode::publish(const std::string& topic, BytesView payload, MonoTime now) {
  send(publish_packet(0, topic, payload, false), now);
}

// ---- inputs ----

void FleetNode::on_readable(MonoTime now) {
  if (!link_) return;
  const bool open = link_->receive([this, now](const Packet& packet) { on_packet(packet, now); });
  if (!open) broken_ = true;
  on_time(now);
}

void FleetNode::on_writable(MonoTime now) {
  if (link_ && !link_->flush()) broken_ = true;
  on_time(now);
}

void FleetNode::on_time(MonoTime now) {
  if (trade_at_ && now >= *trade_at_) {
    log_.write(shared_->clock.utc_now(), now);
    session_.uplink().log_grew(log_.head());
    trade_at_ = std::max(*trade_at_ + trade_every_, now + Duration(1));
  }
  if (!link_ && now >= next_try_) connect(now);
  if (link_ && !up_ && now >= give_up_at_) broken_ = true;
  if (up_) pump(now);
  if (up_ && now >= ping_at_) send(ping_packet(), now);
  if (broken_) {
    ++shared_->lost_connections;
    lost(now);
  }
}

MonoTime FleetNode::due() const {
  MonoTime first = trade_at_.value_or(kNever);
  if (!link_) return std::min(first, next_try_);
  if (!up_) return std::min(first, give_up_at_);
  first = std::min(first, ping_at_);
  return std::min(first, session_.deadline().value_or(kNever));
}

void FleetNode::on_packet(const Packet& packet, MonoTime now) {
  switch (packet.type) {
    case PacketType::kConnAck: {
      const auto code = read_number(packet);
      if (!code || (*code & 0xFFU) != 0) {
        broken_ = true;
        return;
      }
      send(subscribe_packet(1, {sync::topics::ack(log_.node()), sync::topics::response(log_.node()),
                                sync::topics::site_feed(log_.site(), "cat"),
                                sync::topics::site_feed(log_.site(), "site"),
                                sync::topics::doorbell(log_.site())}),
           now);
      return;
    }
    case PacketType::kSubAck:
      return on_subscribed(now);
    case PacketType::kPubAck:
      return;
    case PacketType::kPublish:
      if (const auto message = read_publish(packet)) {
        if (message->id != 0) send(puback_packet(message->id), now);
        on_message(*message, now);
      }
      return;
    case PacketType::kPingResponse:
      if (pinged_) shared_->pings.add(now - *pinged_);
      pinged_.reset();
      return;
  }
}

void FleetNode::on_subscribed(MonoTime now) {
  up_ = true;
  up_since_ = now;
  session_.connected(now);
  const wire::Presence presence{true, log_.inc(), session_no_, shared_->clock.utc_now()};
  send(publish_packet(2, sync::topics::presence(log_.node()), encode(presence), true), now);
}

void FleetNode::on_message(const Published& message, MonoTime now) {
  const auto to = sync::topics::parse_to_node(message.topic);
  if (!to) return;
  switch (to->kind) {
    case sync::topics::ToNode::Kind::kAck:
      if (const auto ack = wire::decode_ack(message.payload)) session_.acked(*ack, now);
      return forget_acked(now);
    case sync::topics::ToNode::Kind::kFeed:
      return on_feed_frame(message.payload, now);
    case sync::topics::ToNode::Kind::kDoorbell:
      if (const auto bell = wire::decode_doorbell(message.payload)) {
        session_.downlink().heads(bell->hub_gen, bell->feeds, now);
      }
      return;
    case sync::topics::ToNode::Kind::kResponse:
      break;
  }
  const auto response = wire::decode_response(message.payload);
  if (!response) return;
  if (const auto* const hello = std::get_if<wire::HelloReply>(&response->body)) {
    on_hello_reply(response->correlation, *hello, now);
  } else if (const auto* const fetched = std::get_if<wire::FetchReply>(&response->body)) {
    session_.downlink().fetch_answered(fetched->feed, response->correlation, fetched->head);
    if (!fetched->frame.empty()) on_feed_frame(fetched->frame, now);
  }
}

void FleetNode::on_hello_reply(std::uint64_t correlation, const wire::HelloReply& reply,
                               MonoTime now) {
  if (!session_.awaits(correlation)) return;
  const auto chain = log_.chain_at(reply.hwm);
  // What was acknowledged meanwhile is not kept: this answer is an older one.
  const bool agrees = reply.hwm < log_.acked() || chain == reply.h_hwm;
  session_.hello_answered(correlation, reply, agrees, now);
  forget_acked(now);
}

void FleetNode::forget_acked(MonoTime now) {
  for (const MonoTime written : log_.forget(session_.uplink().hwm())) {
    shared_->acks.add(now - written);
  }
}

/// The header tells all that counts here (core/wire/feed_frame.h).
void FleetNode::on_feed_frame(BytesView octets, MonoTime now) {
  wire::HeaderReader in(octets);
  in.bytes(22);
  const HubGeneration hub_gen(in.u64());
  const std::uint64_t base = in.u64();
  const std::uint64_t last = base + in.u32() - 1;
  in.u32();
  const std::string feed(in.bytes(in.u8()));
  if (in.failed()) return;
  if (session_.downlink().frame_arrived(feed, hub_gen, base, last, now)) {
    session_.downlink().applied(feed, last, false, now);
  }
}

// ---- what the machines want ----

void FleetNode::pump(MonoTime now) {
  session_.on_time(now);
  if (const auto correlation = session_.hello_wanted(now)) send_hello(*correlation, now);
  while (const auto first = session_.uplink().next_frame()) {
    const NodeLog::Framed frame = log_.frame(*first);
    publish(sync::topics::uplink(log_.node()), frame.octets, now);
    if (++shared_->frames % kFramesAPing == 0 && !pinged_) {
      send(ping_packet(), now);
      pinged_ = now;
    }
    session_.uplink().frame_sent(*first, frame.last, now);
  }
  for (const sync::FetchWanted& fetch : session_.downlink().wanted(now)) {
    const wire::Fetch question{fetch.feed, fetch.after, 256U << 10U, fetch.verbatim};
    publish(sync::topics::request(log_.node()), encode(wire::Request{fetch.correlation, question}),
            now);
    session_.downlink().fetch_sent(fetch, now);
  }
}

void FleetNode::send_hello(std::uint64_t correlation, MonoTime now) {
  wire::Hello hello;
  hello.inc = log_.inc();
  hello.writing_inc = log_.inc();
  hello.head = log_.head();
  hello.h_head = log_.chain_at(hello.head).value_or(crypto::Hash128{});
  hello.acked = log_.acked();
  hello.h_acked = log_.chain_at(hello.acked).value_or(crypto::Hash128{});
  hello.boot_nonce = boot_nonce_;
  hello.vv = {{log_.node(), log_.inc(), log_.head()}};
  hello.cursors = session_.downlink().cursors();
  hello.wall = shared_->clock.utc_now();
  hello.mono = now;
  publish(sync::topics::request(log_.node()), encode(wire::Request{correlation, hello}), now);
  session_.hello_sent(correlation, now);
}

}  // namespace cairn::simulator::fleet
