// What the hub does about what devices say, in the transaction that takes it.

#include "tests/sync/support/hub.h"

namespace cairn::sync::hub_policy_test {
namespace {

using namespace test;

/// Records of the hub itself that say "a policy was here".
std::int64_t notes(Hub& hub) {
  return hub.store.number("SELECT count(*) FROM event_log WHERE type = 51");
}

Result<EventRef> write_note(UnitOfWork& work) {
  return work.record(
      {StockEvent(storage::test::counted("NOTE", "B-1", 0)), {}, site("store"), {}, {}, {}});
}

TEST_CASE("hub policies: a frame's records reach them once, in order, understood",
          "[sync][hub_sync]") {
  Hub hub;
  std::vector<EventRef> seen;
  hub.policies.taken = [&seen](UnitOfWork&, const storage::Replica::Taken& taken) {
    for (const auto& recorded : taken) seen.push_back(recorded.meta.ref);
  };
  Device device(1);
  for (int i = 0; i < 3; ++i) device.write();
  hub.hello(device);
  hub.uplink(device, {device.frame(1, 2)});
  const EventRef first{device.name, Incarnation(1), 1};
  const EventRef second{device.name, Incarnation(1), 2};
  CHECK(seen == std::vector<EventRef>{first, second});
  // The same again, and one more behind it: only that one is new.
  hub.uplink(device, {device.frame(1, 2)});
  hub.uplink(device, {device.frame(2, 3)});
  CHECK(seen.size() == 3);
  CHECK(seen.back().seq == 3);
}

TEST_CASE("hub policies: what they write is in the transaction that took the records",
          "[sync][hub_sync]") {
  Hub hub;
  hub.policies.taken = [](UnitOfWork& work, const storage::Replica::Taken& taken) {
    // The records are in the log and in the site's feed already.
    CHECK(work.replica().log().author(taken.front().meta.ref.node, Incarnation(1)).head == 1);
    const auto written = write_note(work);
    CHECK(written);
  };
  Device device(1);
  device.write();
  hub.hello(device);
  hub.store.connection().execute(
      "CREATE TEMP TRIGGER planted BEFORE INSERT ON event_log WHEN NEW.type = 51"
      " BEGIN SELECT RAISE(ABORT, 'planted'); END");
  hub.uplink(device, {device.frame(1, 1)});
  // The note could not be written: nothing of the frame is here, and nothing is acknowledged.
  CHECK(hub.acks(device.name).empty());
  CHECK(hub.held(device) == 0);
  CHECK(notes(hub) == 0);
  hub.store.connection().execute("DROP TRIGGER planted");
  hub.uplink(device, {device.frame(1, 1)});
  CHECK(hub.acks(device.name).size() == 1);
  CHECK(hub.held(device) == 1);
  CHECK(notes(hub) == 1);
}

TEST_CASE("hub policies: what they write is pushed to the site behind the records",
          "[sync][hub_sync]") {
  Hub hub(2);
  hub.policies.taken = [](UnitOfWork& work, const storage::Replica::Taken&) {
    CHECK(write_note(work));
  };
  Device device(1);
  device.write();
  hub.hello(device);
  const Device other(2);
  hub.hello(other);
  hub.uplink(device, {device.frame(1, 1)});
  CHECK(hub.store.rows("SELECT e.type FROM event_log e JOIN feed f ON f.id = e.feed"
                       " WHERE f.name = 'site:store' AND e.type IN (50, 51) ORDER BY e.fseq",
                       1) == "50\n51\n");
}

TEST_CASE("hub policies: a registered device's HELLO reaches them, nobody else's",
          "[sync][hub_sync]") {
  Hub hub;
  std::vector<std::pair<NodeId, Incarnation>> greeted;
  hub.policies.greeted = [&greeted](UnitOfWork& work, NodeId from, Incarnation inc) {
    greeted.emplace_back(from, inc);
    CHECK(write_note(work));
  };
  hub.hello(Device(1, 7));
  REQUIRE(greeted.size() == 1);
  CHECK(greeted[0] == std::pair(node(1), Incarnation(7)));
  CHECK(notes(hub) == 1);
  hub.hello(Device(9));
  CHECK(greeted.size() == 1);
  hub.register_node(9, false);
  hub.hello(Device(9));
  CHECK(greeted.size() == 1);
  hub.register_node(9, true);
  hub.hello(Device(9));
  CHECK(greeted.size() == 2);
}

TEST_CASE("hub policies: a question for a sale is answered for the asker's site",
          "[sync][hub_sync]") {
  Hub hub;
  std::vector<std::pair<SiteId, std::string>> asked;
  domain::Sale sale;
  sale.group = storage::test::group_id(5);
  sale.order_reference = "web-1";
  hub.policies.find = [&](UnitOfWork&, const SiteId& asker, const std::string& text) {
    asked.emplace_back(asker, text);
    return std::vector{sale};
  };
  const Device device(1);
  hub.hello(device);
  hub.say(device.name, wire::Request{9, wire::Find{"web-1"}});
  const auto replies = hub.responses<wire::FindReply>(device.name);
  REQUIRE(replies.size() == 1);
  CHECK(replies[0].first == 9);
  CHECK(replies[0].second.sales == std::vector{sale});
  CHECK(asked == std::vector{std::pair(site("store"), std::string("web-1"))});
}

TEST_CASE("hub policies: who is not in conversation is told to say HELLO first",
          "[sync][hub_sync]") {
  Hub hub;
  int asked = 0;
  hub.policies.find = [&asked](UnitOfWork&, const SiteId&, const std::string&) {
    ++asked;
    return std::vector<domain::Sale>{};
  };
  for (const std::uint64_t stranger : {1U, 9U}) {
    hub.say(node(stranger), wire::Request{9, wire::Find{"web-1"}});
    CHECK(hub.responses<wire::FindReply>(node(stranger)).empty());
    const auto acks = hub.acks(node(stranger));
    REQUIRE(acks.size() == 1);
    CHECK(acks[0].hello);
  }
  CHECK(asked == 0);
}

TEST_CASE("hub policies: what is safe is told with every ack and with HELLO's answer",
          "[sync][hub_sync]") {
  Hub hub;
  std::uint64_t copied = 0;
  hub.policies.safe = [&copied](NodeId, Incarnation inc, std::uint64_t hwm) {
    return inc == Incarnation(1) ? std::min(copied, hwm) : 0;
  };
  Device device(1);
  for (int i = 0; i < 3; ++i) device.write();
  CHECK(hub.hello(device).safe == 0);
  copied = 2;
  hub.uplink(device, {device.frame(1, 3)});
  const auto acks = hub.acks(device.name);
  REQUIRE_FALSE(acks.empty());
  CHECK(acks.back().hwm == 3);
  CHECK(acks.back().safe == 2);
  CHECK(hub.hello(device, 3).safe == 2);
}

TEST_CASE("hub policies: a hub without any does its work", "[sync][hub_sync]") {
  test::Machine machine(storage::test::hub_identity(node(77)));
  HubSync sync(machine.env(), machine.writer, machine.replica(), machine.bus, {});
  machine.write([](UnitOfWork& work) {
    return work.record(
        {domain::ReferenceEvent(domain::NodeRegistered{{node(1), site("store"), "agent", true}}),
         domain::node_key(node(1)),
         site("store"),
         {},
         {},
         {}});
  });
  REQUIRE(sync.start());
  machine.bus.connect();
  Device device(1);
  device.write();
  machine.bus.deliver(topics::request(device.name), encode(wire::Request{5, device.hello()}));
  machine.run();
  machine.bus.deliver(topics::uplink(device.name), device.frame(1, 1));
  machine.run();
  CHECK(machine.replica().log().author(device.name, Incarnation(1)).head == 1);
}

}  // namespace
}  // namespace cairn::sync::hub_policy_test
