#include "central/devices/node_control.h"

#include "core/wire/feed_name.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

namespace cairn::central::node_control_test {
namespace {

using storage::UnitOfWork;
using storage::test::node;
using storage::test::site;
using storage::test::user;

/// Devices 1, and 2, which is retired.
struct Hub : storage::test::Store {
  Hub() : storage::test::Store(storage::test::hub_identity(node(77))) {
    for (const std::uint64_t number : {1U, 2U}) {
      append(domain::ReferenceEvent(
                 domain::NodeRegistered{{node(number), site("store"), "till", number == 1}}),
             domain::node_key(node(number)), site("store"));
    }
  }

  Result<storage::CommandRow> give(const CommandOrder& order) {
    return job([&](UnitOfWork& work) { return give_command(work, ids, order, user(3)); });
  }
  Result<storage::WantedConfig> want(std::uint64_t number, const std::string& values) {
    return job([&](UnitOfWork& work) { return want_config(work, node(number), values, user(3)); });
  }
  std::uint64_t in_feed(std::uint64_t number) {
    return replica().log().feed(wire::node_feed(node(number))).head;
  }

  sim::SimRandom random{1};
  IdSource ids{clock, random};
};

CommandOrder restart(std::uint64_t number) {
  CommandOrder order;
  order.node = node(number);
  order.verb = domain::CommandVerb::kRestart;
  order.ttl_s = 60;
  return order;
}

TEST_CASE("node control: a command goes into the device's own feed", "[central][devices]") {
  Hub hub;
  const std::uint64_t before = hub.in_feed(1);
  const auto row = hub.give(restart(1));
  REQUIRE(row);
  CHECK(hub.in_feed(1) == before + 1);
  CHECK(row->node == node(1));
  CHECK(row->issued_by == user(3));
  CHECK_FALSE(row->end);
  CHECK(row->command.verb == domain::CommandVerb::kRestart);
  CHECK(row->command.expires.us - row->command.not_before.us == 60'000'000);
  CHECK(storage::open_commands(hub.connection(), node(1)).size() == 1);
}

TEST_CASE("node control: a command may be for later", "[central][devices]") {
  Hub hub;
  CommandOrder order = restart(1);
  order.not_before = UtcTime{hub.clock.now.us + 3'600'000'000};
  const auto row = hub.give(order);
  REQUIRE(row);
  CHECK(row->command.not_before == *order.not_before);
  CHECK(row->command.expires.us == order.not_before->us + 60'000'000);
}

TEST_CASE("node control: no command to a device that is not there", "[central][devices]") {
  Hub hub;
  const auto unknown = hub.give(restart(9));
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().reason == "no_such_node");
  const auto retired = hub.give(restart(2));
  REQUIRE_FALSE(retired);
  CHECK(retired.error().reason == "node_retired");
  CHECK_FALSE(hub.want(9, "{}"));
  CHECK_FALSE(hub.want(2, "{}"));
}

TEST_CASE("node control: each change of the configuration is the next version",
          "[central][devices]") {
  Hub hub;
  const auto first = hub.want(1, R"({"log_level":"debug"})");
  REQUIRE(first);
  CHECK(first->config.version == 1);
  CHECK(first->set_by == user(3));
  const std::uint64_t head = hub.in_feed(1);
  const auto same = hub.want(1, R"({"log_level":"debug"})");
  REQUIRE(same);
  CHECK(same->config.version == 1);
  CHECK(hub.in_feed(1) == head);
  const auto next = hub.want(1, "{}");
  REQUIRE(next);
  CHECK(next->config.version == 2);
}

TEST_CASE("node control: a configuration has its limits", "[central][devices]") {
  Hub hub;
  const auto wanted = hub.want(1, std::string(domain::kConfigValuesMost + 1, ' '));
  REQUIRE_FALSE(wanted);
  CHECK(wanted.error().reason == "config_too_large");
}

}  // namespace
}  // namespace cairn::central::node_control_test
