#include "tests/sim/strange_node.h"

#include "central/registry/registry.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/event_codec.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "sync/topics.h"
#include "tests/sim/replica_dump.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace cairn::sim {
namespace {

constexpr int kStrange = 100;  // its number on the bus
constexpr Incarnation kInc{1};
constexpr std::int64_t kGroups = 3;  // that nobody ever opened
constexpr std::uint32_t kOfTomorrow = 999;

SiteId store() { return *SiteId::parse("store"); }

Uuid group_number(std::int64_t number) {
  return *Uuid::parse(fmt::format("01920000-0000-7000-8000-0000000000{:02x}", number));
}

/// What a till of today would record; the rest are variations of it.
wire::Record receipt(Hlc stamp) {
  domain::StockMoved moved;
  moved.sku = *Sku::parse("STRANGE");
  moved.to = *LocationCode::parse("S-1");
  moved.quantity = Quantity::pieces(1);
  moved.reason = domain::MovementReason::kReceipt;
  wire::Record record;
  record.hlc = stamp;
  record.type = domain::StockMoved::kTypeId;
  record.sv = 1;
  record.site = store();
  record.payload = wire::encode_payload(domain::StockEvent(moved));
  return record;
}

wire::Record claim(Hlc stamp, std::int64_t group) {
  wire::Record record = receipt(stamp);
  record.type = domain::TaskClaimed::kTypeId;
  record.key = domain::ship_group_key(ShipGroupId(group_number(group))).bytes();
  record.payload = wire::encode_payload(domain::ShipGroupEvent(domain::TaskClaimed{"bench-9"}));
  return record;
}

}  // namespace

StrangeNode::StrangeNode(World& world, std::uint64_t seed)
    : world_(&world),
      random_(seed),
      node_(*Uuid::parse("01920000-0000-7000-8000-00000000beef")),
      executor_(std::make_unique<SimExecutor>(world.timeline())),
      transport_(world.network().attach(kStrange)),
      chains_{crypto::chain_start(node_, kInc)} {
  transport_->start({[] {}, [this] { live_ = false; },
                     [this](const std::string& topic, BytesView payload) { hear(topic, payload); }},
                    [this] {
                      return sync::Transport::Session{
                          {sync::topics::ack(node_), sync::topics::response(node_)}, std::nullopt};
                    });
  say_something();
}

void StrangeNode::register_at_hub() {
  world_->hub().writer().submit<domain::Node>(
      [this](storage::UnitOfWork& work) {
        return central::register_node(work, {node_, store(), "of tomorrow", true}, {});
      },
      [this](const Result<domain::Node>& registered) {
        if (!registered) world_->violation("no strange node: " + registered.error().message);
      });
}

void StrangeNode::plan(MonoTime until) {
  const Duration pause(random_.between(200'000, 3'000'000));
  if (world_->timeline().now() + pause > until) return;
  executor_->after(pause, [this, until] {
    write_something();
    plan(until);
  });
}

void StrangeNode::write_something() {
  const Hlc now = Hlc::of(UtcTime{1'790'000'000'000'000 + world_->timeline().now().us});
  const std::int64_t group = random_.between(0, kGroups - 1);
  const auto octets = [](const wire::Record& record) {
    return wire::encode_record(record).value();
  };
  wire::Record record = receipt(now);
  switch (random_.between(0, 8)) {
    case 0: {
      Bytes noise;
      for (std::int64_t i = random_.between(1, 80); i > 0; --i) {
        noise.push_back(static_cast<char>(random_.next()));
      }
      return write("\xff" + noise, true);
    }
    case 1:  // an event that nobody knows yet: it parks what follows on its key
      record = claim(now, group);
      record.type = kOfTomorrow;
      return write(octets(record), true);
    case 2:
      record.sv = 2;
      return write(octets(record), true);
    case 3:
      record = claim(now, group);
      record.site = *SiteId::parse("depot");
      return write(octets(record), true);
    case 4:
      record = claim(now, group);
      record.key.pop_back();
      return write(octets(record), true);
    case 5:
      return write(octets(claim(now, group)), false);
    case 6:  // with a field that nobody knows yet
      ++receipts_;
      return write(octets(record) + Bytes("\xfa\x7f\x01x", 4), false);
    default:
      ++receipts_;
      return write(octets(record), false);
  }
}

void StrangeNode::write(const Bytes& octets, bool set_aside) {
  records_.push_back(octets);
  chains_.push_back(crypto::chain_next(chains_.back(), octets));
  set_aside_ += set_aside ? 1 : 0;
}

bool StrangeNode::quiet() const {
  return live_ && hwm_ == records_.size() &&
         gen_.value() == world_->hub().replica().identity().inc.value();
}

/// Every second, for ever: what is lost is said again.
void StrangeNode::say_something() {
  if (live_ && hwm_ < records_.size()) {
    send_frame();
  } else {
    send_hello();
  }
  executor_->after(std::chrono::seconds(1), [this] { say_something(); });
}

void StrangeNode::send_hello() {
  wire::Hello hello;
  hello.inc = hello.writing_inc = kInc;
  hello.head = records_.size();
  hello.h_head = chains_.back();
  hello.acked = hwm_;
  hello.h_acked = chains_.at(hwm_);
  hello.boot_nonce = 1;
  hello.mono = world_->timeline().now();
  transport_->publish(
      {sync::topics::request(node_), encode(wire::Request{++correlation_, hello}), false});
}

void StrangeNode::send_frame() {
  constexpr std::uint64_t kMost = 16;
  wire::FrameHeader header;
  header.node = node_;
  header.inc = kInc;
  header.base_seq = hwm_ + 1;
  header.chain_before = chains_.at(hwm_);
  const auto begin = records_.begin() + static_cast<std::ptrdiff_t>(hwm_);
  const auto count = std::min<std::uint64_t>(kMost, records_.size() - hwm_);
  const auto frame =
      wire::encode_frame(header, {begin, begin + static_cast<std::ptrdiff_t>(count)});
  transport_->publish({sync::topics::uplink(node_), frame.value(), false});
}

void StrangeNode::hear(const std::string& topic, BytesView payload) {
  if (topic == sync::topics::response(node_)) {
    const auto response = wire::decode_response(payload);
    if (!response) return world_->violation("the hub says what nobody can read");
    const auto* const hello = std::get_if<wire::HelloReply>(&response->body);
    if (hello == nullptr) return;
    // A hub that was put back may not know it any more: somebody registers it again.
    if (hello->verdict == wire::Verdict::kRefused) return register_at_hub();
    if (hello->verdict != wire::Verdict::kResume || response->correlation != correlation_) return;
    live_ = true;
    gen_ = hello->hub_gen;
    hwm_ = hello->hwm;
    return;
  }
  const auto ack = wire::decode_ack(payload);
  if (!ack) return world_->violation("the hub says what nobody can read");
  if (ack->hello || ack->hub_gen != gen_) live_ = false;
  if (ack->inc == kInc) hwm_ = std::max(hwm_, ack->hwm);
}

void StrangeNode::check() const {
  for (auto& endpoint : world_->endpoints()) {
    if (endpoint->number != kHub && endpoint->site != store()) continue;
    const auto count = [this, &endpoint](std::string_view table) {
      storage::Statement& select = endpoint->replica().connection().prepare(fmt::format(
          "SELECT count(*) FROM {} WHERE author IN (SELECT id FROM author WHERE node = ?1)",
          table));
      const std::int64_t found = select.bind(node_.value()).step() ? select.integer(0) : 0;
      select.reset();
      return found;
    };
    const auto expect = [this, &endpoint](std::string_view what, std::int64_t found,
                                          std::int64_t wanted) {
      if (found == wanted) return;
      world_->violation(fmt::format("I18: endpoint {}: {} {} of the strange node, not {}",
                                    endpoint->number, found, what, wanted));
    };
    const auto rows = all_records(endpoint->replica().connection());
    expect("records",
           std::ranges::count_if(rows, [this](const auto& row) { return row.ref.node == node_; }),
           written());
    expect("records set aside", count("quarantine"), set_aside_);
    expect("receipts", count("stock_movement"), receipts_);
  }
}

}  // namespace cairn::sim
