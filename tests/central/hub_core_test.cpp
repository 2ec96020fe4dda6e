// What the hub does by itself about what devices say: serials for labels, contested refunds.

#include "central/hub_core.h"

#include "core/crypto/hash.h"
#include "core/storage/projections/reference_data.h"
#include "core/storage/projections/returns.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"
#include "sync/topics.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"
#include "tests/support/catch.h"
#include "tests/sync/support/fake_bus.h"

#include <algorithm>
#include <memory>

namespace cairn::central::hub_core_test {
namespace {

using storage::UnitOfWork;
using storage::test::came_back;
using storage::test::group_id;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;

/// A hub with a device at "store" (1) and one at "depot" (2).
struct Hub {
  Hub() {
    auto opened = HubCore::open(
        {folder.file("db"), storage::Connection::Durability::kSimulated, node(77), labels},
        {clock, random, executor, log, metrics}, bus, [](const Error&) {});
    REQUIRE(opened);
    core = *std::move(opened);
    register_node(1, "store");
    register_node(2, "depot");
    bus.connect();
    run();
  }
  void run() {
    const MonoTime end = timeline.now() + std::chrono::seconds(1);
    while (timeline.run_one(end)) {
    }
  }
  void write(const storage::NewEvent& event) {
    core->writer().submit<EventRef>([event](UnitOfWork& work) { return work.record(event); },
                                    [](const Result<EventRef>& done) { REQUIRE(done); });
    run();
  }
  void register_node(std::uint64_t number, std::string_view at) {
    write({domain::ReferenceEvent(domain::NodeRegistered{{node(number), site(at), "agent", true}}),
           domain::node_key(node(number)),
           site(at),
           {},
           {},
           {}});
  }
  void hello(std::uint64_t number) {
    wire::Hello hello;
    hello.inc = Incarnation(1);
    hello.h_head = crypto::chain_start(node(number), Incarnation(1));
    hello.h_acked = hello.h_head;
    hello.boot_nonce = number;
    hello.mono = {1};
    bus.deliver(sync::topics::request(node(number)), encode(wire::Request{5, hello}));
    run();
  }
  /// The device's first records, in one frame.
  void uplink(std::uint64_t number, const std::vector<Bytes>& records) {
    wire::FrameHeader header;
    header.node = node(number);
    header.inc = Incarnation(1);
    header.base_seq = 1;
    header.chain_before = crypto::chain_start(node(number), Incarnation(1));
    const auto frame = wire::encode_frame(header, records);
    REQUIRE(frame);
    bus.deliver(sync::topics::uplink(node(number)), *frame);
    run();
  }
  std::uint64_t blocks(std::uint64_t number) {
    return storage::label_serials(core->replica().connection(), node(number), Incarnation(1))
        .blocks.size();
  }

  storage::test::TempFolder folder;
  LabelConfig labels{domain::Gs1Prefix::parse("9521234").value(), 4};
  sim::Timeline timeline;
  sim::SimClock clock{timeline, Duration(0)};
  sim::SimRandom random{1};
  sim::SimExecutor executor{timeline};
  storage::test::RecordingLog log;
  Metrics metrics;
  sync::test::FakeBus bus;
  std::unique_ptr<HubCore> core;
};

Bytes record(const domain::Event& event, const domain::Key& key, std::string_view at,
             std::uint64_t ms) {
  return storage::test::octets(event, key, site(at), storage::test::at_ms(ms));
}

TEST_CASE("hub: a device that says hello has serials for its labels, and gets more in time",
          "[central][hub]") {
  Hub hub;
  CHECK(hub.blocks(1) == 0);
  hub.hello(1);
  CHECK(hub.blocks(1) == 1);
  hub.hello(1);
  CHECK(hub.blocks(1) == 1);
  std::vector<Bytes> labels;
  for (std::uint64_t serial = 0; serial < 3; ++serial) {
    labels.push_back(
        record(domain::ShipGroupEvent(domain::LabelAssigned{{node(1), Incarnation(1), 1},
                                                            storage::test::sscc_of(serial),
                                                            domain::tracking_number(serial)}),
               domain::ship_group_key(group_id(1)), "store", serial + 1));
  }
  hub.uplink(1, labels);
  CHECK(hub.blocks(1) == 2);
  CHECK(hub.blocks(2) == 0);
}

TEST_CASE("hub: a unit that came back at two sites is contested where it came second",
          "[central][hub]") {
  Hub hub;
  for (const std::uint64_t number : {1U, 2U}) hub.hello(number);
  const auto back = [](std::uint64_t id, std::string_view at) {
    return record(domain::ReturnEvent(came_back(id, 1, 1, 1)),
                  domain::return_ledger_key(group_id(1), site(at)), at, id);
  };
  hub.uplink(1, {back(1, "store")});
  hub.uplink(2, {back(2, "depot")});
  const auto rows = storage::refund_exceptions(hub.core->replica().connection(), std::nullopt);
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].site == site("depot"));
  CHECK(rows[0].elsewhere);
}

TEST_CASE("hub: a policy that cannot act is told of, the facts are taken", "[central][hub]") {
  Hub hub;
  // All serials but a few are somebody else's already.
  hub.write({domain::ReferenceEvent(domain::LabelBlockGranted{
                 node(9), Incarnation(1), hub.labels.prefix, {0, 100'000'000}}),
             domain::node_key(node(9)),
             site("store"),
             {},
             {},
             {}});
  hub.hello(1);
  CHECK(hub.blocks(1) == 0);
  CHECK(std::ranges::count(hub.log.events, "policy_failed") == 1);
  hub.uplink(1, {record(domain::ShipGroupEvent(domain::LabelAssigned{{node(1), Incarnation(1), 1},
                                                                     storage::test::sscc_of(1),
                                                                     domain::tracking_number(1)}),
                        domain::ship_group_key(group_id(1)), "store", 1)});
  CHECK(hub.core->replica().log().author(node(1), Incarnation(1)).head == 1);
}

}  // namespace
}  // namespace cairn::central::hub_core_test
