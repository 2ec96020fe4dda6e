// What the hub does by itself about what devices say: serials for labels, contested refunds.

#include "central/hub_core.h"

#include "core/crypto/hash.h"
#include "core/storage/projections/order_queues.h"
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
#include <filesystem>
#include <memory>
#include <optional>

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
    start();
    register_node(1, "store");
    register_node(2, "depot");
    bus.connect();
    run();
  }
  /// As its database is.
  void start() {
    core.reset();
    executor.emplace(timeline);
    auto opened = HubCore::open({folder.file("db"), storage::Connection::Durability::kSimulated,
                                 node(77), labels, folder.file("guard")},
                                {clock, random, *executor, log, metrics}, bus, [](const Error&) {});
    REQUIRE(opened);
    core = *std::move(opened);
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
  std::optional<sim::SimExecutor> executor;  ///< of this life: what an earlier one planned is void
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

TEST_CASE("hub: an order that three sites could not give is customer service's", "[central][hub]") {
  Hub hub;
  hub.register_node(3, "third");
  auto placed = storage::test::placed("1", {{1, "A1", 3}});
  placed.order = storage::test::order_id(1);
  hub.write({domain::OrderEvent(placed), domain::order_key(placed.order), {}, {}, {}, {}});
  const auto queue = [&hub, &placed] {
    return storage::queue_of(hub.core->replica().connection(), placed.order).value();
  };
  const std::vector<std::string> sites{"store", "depot", "third"};
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const std::string& at = sites[number - 1];
    const auto group = storage::test::allocated(group_id(number), placed.order, {{1, "A1", 1}});
    hub.write(
        {domain::ShipGroupEvent(group), domain::ship_group_key(group.group), site(at), {}, {}, {}});
  }
  for (std::uint64_t number = 1; number <= 3; ++number) {
    CAPTURE(number);
    hub.hello(number);
    const domain::LineShorted lacking{LineNo(1), pieces(1), domain::ShortReason::kShortPartial,
                                      storage::test::bin("B-1")};
    hub.uplink(number,
               {record(domain::ShipGroupEvent(lacking), domain::ship_group_key(group_id(number)),
                       sites[number - 1], number)});
    CHECK(queue().queue ==
          (number < 3 ? domain::ParkingQueue::kRejected : domain::ParkingQueue::kCustomerService));
    CHECK(queue().said == (number == 3));
  }
  CHECK(std::ranges::count(hub.log.events, "policy_failed") == 0);
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

/// The database is what it was; the guard file stays.
void put_back(Hub& hub, const std::string& backup) {
  hub.core.reset();
  std::filesystem::remove(hub.folder.file("db-wal"));
  std::filesystem::copy_file(backup, hub.folder.file("db"),
                             std::filesystem::copy_options::overwrite_existing);
  hub.start();
  hub.bus.connect();
  hub.run();
}

std::string back_up(Hub& hub) {
  hub.core.reset();  // everything is in the one file now
  const std::string backup = hub.folder.file("backup");
  std::filesystem::copy_file(hub.folder.file("db"), backup,
                             std::filesystem::copy_options::overwrite_existing);
  hub.start();
  hub.bus.connect();
  hub.run();
  return backup;
}

TEST_CASE("hub: serials that a lost database gave out are not given out again", "[central][hub]") {
  Hub hub;
  const std::string backup = back_up(hub);
  hub.hello(1);
  const auto blocks_of = [&hub](std::uint64_t number) {
    return storage::label_serials(hub.core->replica().connection(), node(number), Incarnation(1))
        .blocks;
  };
  REQUIRE(blocks_of(1).size() == 1);
  const std::uint64_t given = blocks_of(1)[0].block.first;
  put_back(hub, backup);
  CHECK(blocks_of(1).empty());
  hub.hello(2);
  REQUIRE(blocks_of(2).size() == 1);
  CHECK(blocks_of(2)[0].block.first >= given + hub.labels.block);
}

TEST_CASE("hub: its guard file tells that the database was put back", "[central][hub]") {
  Hub hub;
  const std::string backup = back_up(hub);
  const auto now = [&hub] { return storage::generations(hub.core->replica().connection()).back(); };
  CHECK(now().noticed == storage::Noticed::kNot);
  hub.register_node(3, "store");
  const MonoTime written = hub.timeline.now() + storage::kGuardDelay * 2;
  while (hub.timeline.run_one(written)) {
  }
  const HubGeneration before = now().gen;
  put_back(hub, backup);
  CHECK(now().noticed == storage::Noticed::kByGuard);
  CHECK(now().gen != before);
  back_up(hub);  // and started again: it was not put back since
  CHECK(now().noticed == storage::Noticed::kNot);
}

}  // namespace
}  // namespace cairn::central::hub_core_test
