#pragma once
// A hub's end of the bus with the devices it talks to, as far as both are seen from outside.

#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "sync/store/hub_sync.h"
#include "sync/topics.h"
#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"
#include "tests/sync/support/machine.h"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::sync::test {

using domain::StockEvent;
using std::chrono::milliseconds;
using std::chrono::seconds;
using storage::UnitOfWork;
using storage::test::at_ms;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;
using wire::Verdict;

inline const std::string kSiteFeed = "site:store";

/// A device as the hub sees it: its log, and what it says.
class Device {
 public:
  explicit Device(std::uint64_t number, std::uint64_t inc = 1)
      : name(node(number)), inc_(inc), chains_{crypto::chain_start(name, Incarnation(inc))} {}

  /// Writes one more record: a receipt of stock.
  void write(std::string_view to = "B-1") {
    write_octets(storage::test::octets(StockEvent(storage::test::moved("A1", "", to, pieces(1))),
                                       {}, site("store"), at_ms(records_.size())));
  }
  /// Whatever they say.
  void write_octets(const Bytes& octets) {
    records_.push_back(octets);
    chains_.push_back(crypto::chain_next(chains_.back(), octets));
  }
  [[nodiscard]] std::uint64_t head() const { return records_.size(); }
  [[nodiscard]] crypto::Hash128 chain(std::uint64_t seq) const { return chains_.at(seq); }
  [[nodiscard]] Bytes frame(std::uint64_t first, std::uint64_t last) const {
    wire::FrameHeader header;
    header.node = name;
    header.inc = Incarnation(inc_);
    header.base_seq = first;
    header.chain_before = chains_.at(first - 1);
    const auto begin = records_.begin();
    const auto payload = wire::encode_frame(header, {begin + static_cast<std::ptrdiff_t>(first - 1),
                                                     begin + static_cast<std::ptrdiff_t>(last)});
    REQUIRE(payload);
    return *payload;
  }
  [[nodiscard]] wire::Hello hello(std::uint64_t acked = 0) const {
    wire::Hello hello;
    hello.inc = Incarnation(inc_);
    hello.head = head();
    hello.h_head = chains_.back();
    hello.acked = acked;
    hello.h_acked = chains_.at(acked);
    hello.boot_nonce = boot_;
    hello.mono = {++said_};
    return hello;
  }

  NodeId name;

 private:
  std::uint64_t inc_;
  static inline std::uint64_t boots_ = 0;
  std::uint64_t boot_ = ++boots_;
  mutable std::int64_t said_ = 0;  ///< HELLOs, each later than the one before
  std::vector<Bytes> records_;
  std::vector<crypto::Hash128> chains_;
};

/// A hub that knows nodes 1 (and 2, if asked for) of site "store".
struct Hub : Machine {
  explicit Hub(std::uint64_t nodes = 1, const std::string& path = ":memory:")
      : Machine(storage::test::hub_identity(node(77)), path) {
    for (std::uint64_t i = 1; i <= nodes; ++i) register_node(i);
    REQUIRE(sync.start());
    bus.connect();
    run_for(seconds(1));
    bus.published.clear();
  }
  HubPolicies policies;  ///< what the next transaction does besides
  HubSync sync{env(),
               writer,
               replica(),
               bus,
               {[this](UnitOfWork& work, const storage::Replica::Taken& taken) {
                  if (policies.taken) policies.taken(work, taken);
                },
                [this](UnitOfWork& work, NodeId from, Incarnation inc) {
                  if (policies.greeted) policies.greeted(work, from, inc);
                },
                [this](UnitOfWork& work, const SiteId& asker, const std::string& text) {
                  return policies.find ? policies.find(work, asker, text)
                                       : std::vector<domain::Sale>{};
                },
                [this](NodeId whose, Incarnation inc, std::uint64_t hwm) {
                  return policies.safe ? policies.safe(whose, inc, hwm) : 0;
                }}};

  void register_node(std::uint64_t number, bool active = true) {
    write([number, active](UnitOfWork& work) {
      return work.record({domain::ReferenceEvent(domain::NodeRegistered{
                              {node(number), site("store"), "agent", active}}),
                          domain::node_key(node(number)),
                          site("store"),
                          {},
                          {},
                          {}});
    });
  }
  void count(std::int64_t units) {
    write([units](UnitOfWork& work) {
      return work.record({StockEvent(storage::test::counted("A1", "B-1", pieces(units))),
                          {},
                          site("store"),
                          {},
                          {},
                          {}});
    });
  }
  template <class Body>
  std::vector<std::pair<std::uint64_t, Body>> responses(NodeId to) {
    std::vector<std::pair<std::uint64_t, Body>> found;
    for (const Bytes& payload : bus.take(topics::response(to))) {
      const auto response = wire::decode_response(payload);
      REQUIRE(response);
      if (const auto* const body = std::get_if<Body>(&response->body)) {
        found.emplace_back(response->correlation, *body);
      }
    }
    return found;
  }
  /// Says HELLO and returns the answer.
  wire::HelloReply hello(const Device& device, std::uint64_t acked = 0,
                         std::uint64_t correlation = 5) {
    say(device.name, wire::Request{correlation, device.hello(acked)});
    const auto replies = responses<wire::HelloReply>(device.name);
    REQUIRE(replies.size() == 1);
    CHECK(replies[0].first == correlation);
    return replies[0].second;
  }
  void say(NodeId from, const wire::Request& request) {
    bus.deliver(topics::request(from), encode(request));
    run();
  }
  /// Frames of one turn: they reach one transaction.
  void uplink(const Device& device, const std::vector<Bytes>& frames) {
    for (const Bytes& frame : frames) bus.deliver(topics::uplink(device.name), frame);
    run();
  }
  std::vector<wire::Ack> acks(NodeId to) {
    std::vector<wire::Ack> found;
    for (const Bytes& payload : bus.take(topics::ack(to))) {
      const auto ack = wire::decode_ack(payload);
      REQUIRE(ack);
      found.push_back(*ack);
    }
    return found;
  }
  std::optional<wire::FetchReply> fetch(NodeId from, const wire::Fetch& question) {
    say(from, wire::Request{9, question});
    const auto replies = responses<wire::FetchReply>(from);
    if (replies.empty()) return std::nullopt;
    CHECK(replies[0].first == 9);
    return replies[0].second;
  }
  std::uint64_t held(const Device& device, std::uint64_t inc = 1) {
    return replica().log().author(device.name, Incarnation(inc)).head;
  }
};

inline wire::Fetch question(const std::string& feed, std::uint64_t after = 0,
                            bool verbatim = false) {
  return {feed, after, 1U << 20U, verbatim};
}

}  // namespace cairn::sync::test
