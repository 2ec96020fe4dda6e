// Every state of a node with everything it can say to the hub: written out here, and tried out pair
// by pair.

#include "tests/sync/support/hub.h"

#include <functional>
#include <string>
#include <vector>

namespace cairn::sync::node_table_test {
namespace {

using namespace test;

/// What becomes of a HELLO, a frame, a question for a sale and one for a feed.
struct Row {
  std::string state;
  std::function<void(Hub&, const Device&)> happened;
  Verdict hello;
  bool frame_taken;
  bool find_answered;
  bool fetch_answered;
};

const std::vector<Row>& table() {
  static const std::vector<Row> rows{
      {"never heard of", [](Hub&, const Device&) {}, Verdict::kRefused, false, false, false},
      {"registered, switched off", [](Hub& hub, const Device&) { hub.register_node(9, false); },
       Verdict::kRefused, false, false, false},
      {"registered, silent so far", [](Hub& hub, const Device&) { hub.register_node(9); },
       Verdict::kResume, false, false, false},
      {"refused once, then registered",
       [](Hub& hub, const Device& device) {
         hub.hello(device);
         hub.register_node(9);
       },
       Verdict::kResume, false, false, false},
      {"in conversation",
       [](Hub& hub, const Device& device) {
         hub.register_node(9);
         hub.hello(device);
       },
       Verdict::kResume, true, true, true},
      {"in conversation, then switched off",
       [](Hub& hub, const Device& device) {
         hub.register_node(9);
         hub.hello(device);
         hub.register_node(9, false);
       },
       Verdict::kRefused, false, false, false},
      {"switched on again",
       [](Hub& hub, const Device& device) {
         hub.register_node(9);
         hub.hello(device);
         hub.register_node(9, false);
         hub.register_node(9);
       },
       Verdict::kResume, false, false, false},
  };
  return rows;
}

TEST_CASE("node table: every state with everything a node can say", "[sync][hub_sync][table]") {
  for (const Row& row : table()) {
    CAPTURE(row.state);
    const auto in_state = [&row](const std::function<void(Hub&, Device&)>& say) {
      Hub hub;
      hub.policies.find = [](UnitOfWork&, const SiteId&, const std::string&) {
        return std::vector<domain::Sale>{};
      };
      Device device(9);
      row.happened(hub, device);
      hub.bus.published.clear();
      say(hub, device);
    };
    in_state([&row](Hub& hub, Device& device) { CHECK(hub.hello(device).verdict == row.hello); });
    in_state([&row](Hub& hub, Device& device) {
      device.write();
      hub.uplink(device, {device.frame(1, 1)});
      CHECK((hub.held(device) == 1) == row.frame_taken);
      // Who is not in conversation is told so, and what was said is said again after a HELLO.
      const auto acks = hub.acks(device.name);
      REQUIRE(acks.size() == 1);
      CHECK(acks[0].hello != row.frame_taken);
    });
    in_state([&row](Hub& hub, Device& device) {
      hub.say(device.name, wire::Request{9, wire::Find{"web-1"}});
      CHECK(hub.responses<wire::FindReply>(device.name).empty() != row.find_answered);
    });
    in_state([&row](Hub& hub, Device& device) {
      CHECK(hub.fetch(device.name, question("cat")).has_value() == row.fetch_answered);
    });
  }
}

}  // namespace
}  // namespace cairn::sync::node_table_test
