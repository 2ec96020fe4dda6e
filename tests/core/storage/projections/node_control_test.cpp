#include "core/storage/projections/node_control.h"

#include "core/wire/feed_name.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage::node_control_test {
namespace {

using test::at_ms;
using test::node;
using test::site;
using test::user;

domain::CommandId command_id(std::uint64_t n) { return domain::CommandId(test::user(n).value()); }

domain::NodeCommand command(std::uint64_t n) {
  domain::NodeCommand order;
  order.id = command_id(n);
  order.verb = domain::CommandVerb::kSendLog;
  order.argument = "20";
  order.not_before = {1'000};
  order.expires = {2'000};
  return order;
}

struct Hub : test::Store {
  Hub() : test::Store(test::hub_identity(node(77))) {}

  void issue(std::uint64_t n, std::uint64_t to = 1) {
    append(domain::DeviceEvent(domain::NodeCommandIssued{command(n)}), domain::node_key(node(to)),
           site("store"));
  }
  void want(std::uint64_t version, const std::string& values) {
    append(domain::DeviceEvent(domain::NodeConfigDesired{version, values}),
           domain::node_key(node(1)), site("store"));
  }
  /// A record of the device, stamped with so many milliseconds.
  void hear(const domain::DeviceEvent& event, std::uint64_t ms, std::uint64_t inc = 1) {
    take_uplink(node(1), Incarnation(inc), site("store"),
                {test::octets(event, domain::node_key(node(1)), site("store"), at_ms(ms))});
  }
};

TEST_CASE("node control: a command is open until the device has answered it",
          "[storage][projection]") {
  Hub hub;
  hub.issue(1);
  hub.issue(2);
  hub.issue(3, 2);
  auto open = open_commands(hub.connection(), node(1));
  REQUIRE(open.size() == 2);
  CHECK(open[0].command == command(1));
  CHECK(open[0].node == node(1));
  CHECK_FALSE(open[0].end);
  hub.hear(domain::NodeCommandEnded{command_id(1), domain::CommandOutcome::kDone, "lines"}, 5);
  open = open_commands(hub.connection(), node(1));
  REQUIRE(open.size() == 1);
  CHECK(open[0].command.id == command_id(2));
  const auto row = find_command_row(hub.connection(), command_id(1));
  REQUIRE(row);
  REQUIRE(row->end);
  CHECK(row->end->outcome == domain::CommandOutcome::kDone);
  CHECK(row->end->detail == "lines");
  CHECK(node_commands(hub.connection(), node(1), 10).size() == 2);
  CHECK(node_commands(hub.connection(), node(1), 1).front().command.id == command_id(2));
}

TEST_CASE("node control: of two answers the first counts, and both can be seen",
          "[storage][projection]") {
  Hub hub;
  hub.issue(1);
  hub.hear(domain::NodeCommandEnded{command_id(1), domain::CommandOutcome::kFailed, "later"}, 9, 2);
  hub.hear(domain::NodeCommandEnded{command_id(1), domain::CommandOutcome::kDone, "first"}, 5, 1);
  const auto row = find_command_row(hub.connection(), command_id(1));
  REQUIRE(row);
  REQUIRE(row->end);
  CHECK(row->end->detail == "first");
  CHECK(node_commands(hub.connection(), node(1), 10).size() == 1);
  CHECK(hub.number("SELECT count(*) FROM node_command_end") == 2);
}

TEST_CASE("node control: another device's answer answers nothing", "[storage][projection]") {
  Hub hub;
  hub.issue(1, 2);
  hub.hear(domain::NodeCommandEnded{command_id(1), domain::CommandOutcome::kDone, ""}, 5);
  CHECK(open_commands(hub.connection(), node(2)).size() == 1);
}

TEST_CASE("node control: the last version is wanted, the latest report counts",
          "[storage][projection]") {
  Hub hub;
  CHECK_FALSE(wanted_config(hub.connection(), node(1)));
  CHECK_FALSE(reported_config(hub.connection(), node(1)));
  hub.want(1, "{}");
  hub.want(2, R"({"log_level":"warn"})");
  const auto wanted = wanted_config(hub.connection(), node(1));
  REQUIRE(wanted);
  CHECK(wanted->config == domain::ConfigVersion{2, R"({"log_level":"warn"})"});
  const Bytes hash(16, 'h');
  using domain::ConfigOutcome;
  hub.hear(domain::NodeConfigReported{2, ConfigOutcome::kReverted, "no", 1, hash}, 9, 2);
  hub.hear(domain::NodeConfigReported{1, ConfigOutcome::kApplied, "", 1, hash}, 5, 1);
  const auto reported = reported_config(hub.connection(), node(1));
  REQUIRE(reported);
  CHECK(reported->report == domain::NodeConfigReported{2, ConfigOutcome::kReverted, "no", 1, hash});
}

TEST_CASE("node control: made anew from the log it is the same", "[storage][projection]") {
  Hub hub;
  hub.issue(1);
  hub.hear(domain::NodeCommandEnded{command_id(1), domain::CommandOutcome::kExpired, ""}, 5);
  hub.want(1, "{}");
  hub.hear(domain::NodeConfigReported{1, domain::ConfigOutcome::kApplied, "", 1, Bytes(16, 'h')},
           6);
  const auto all = [&hub] {
    return hub.rows("SELECT hex(id), hex(node), verb, issued_hlc FROM node_command", 4) +
           hub.rows("SELECT hex(command), inc, seq, outcome, hlc FROM node_command_end", 5) +
           hub.rows("SELECT hex(node), version, config, set_hlc FROM node_config", 4) +
           hub.rows("SELECT hex(node), version, outcome, hlc FROM node_config_report", 4);
  };
  const std::string before = all();
  hub.rebuild();
  CHECK(all() == before);
}

TEST_CASE("node control: a command is begun once", "[storage][projection]") {
  Hub hub;
  CHECK_FALSE(command_started(hub.connection(), command_id(1)));
  note_command_started(hub.connection(), command_id(1), {5});
  CHECK(command_started(hub.connection(), command_id(1)));
  CHECK_FALSE(command_started(hub.connection(), command_id(2)));
  // Not even by mistake.
  CHECK_THROWS_AS(note_command_started(hub.connection(), command_id(1), {6}), SqlFailure);
}

}  // namespace
}  // namespace cairn::storage::node_control_test
